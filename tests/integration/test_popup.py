"""A popup signs in at a provider and hands the token to the page of another origin that opened it, in a real browser.

Chromium is looked for on this machine; without it, or without Playwright, nothing is tried.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from gatewright import Auth, Settings
from gatewright.cli.demo.issuer import DemoIssuer, WithIssuer
from gatewright.plugins import (
    Bearer,
    GenericOAuth,
    GenericOAuthConfig,
    GenericOAuthOptions,
    OAuthPopup,
    TwoFactor,
    TwoFactorOptions,
)
from gatewright.plugins.two_factor.options import OtpMessage, OtpOptions
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.fastapi import GatewrightFastAPI

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")

PAGE = """<!doctype html><title>Opener</title><button>Sign in</button><pre></pre><script>
const auth = new URLSearchParams(location.search).get("auth");
addEventListener("message", (event) => {
  document.querySelector("pre").textContent = JSON.stringify({ origin: event.origin, ...event.data });
});
document.querySelector("button").onclick = () => {
  const query = new URLSearchParams({ provider: "demo", popupOrigin: location.origin, popupNonce: "n-1" });
  window.open(`${auth}/api/auth/oauth-popup/start?${query}`, "popup", "width=500,height=600");
};
</script>"""


FACTOR = """<!doctype html><title>Second factor</title><form><input name="code" aria-label="Code"><button>Go on</button></form>
<script>
const send = (path, body) => fetch(`/api/auth/two-factor/${path}`, {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
});
send("send-otp", {});
document.querySelector("form").onsubmit = async (event) => {
  event.preventDefault();
  const answer = await send("verify-otp", { code: new FormData(event.target).get("code") });
  if (answer.ok) location.href = new URLSearchParams(location.search).get("callbackURL");
};
</script>"""

codes: SimpleQueue[str] = SimpleQueue()
"""What was sent to whoever owes a second factor."""


async def send_code(message: OtpMessage, call: object) -> None:
    codes.put(message.otp)


@contextmanager
def serving(app: FastAPI, listening: socket.socket) -> Generator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def instance(origin: str, trusted: str) -> FastAPI:
    app = FastAPI()
    issuer = DemoIssuer(origin, f"{origin}/api/auth/callback/demo")
    app.include_router(issuer.routes())
    config = GenericOAuthConfig(
        provider_id="demo",
        client_id=issuer.client_id,
        client_secret=issuer.client_secret,
        discovery_url=issuer.discovery_url,
    )
    settings = Settings(secret="a-secret-for-tests-that-is-long-enough", base_url=origin, trusted_origins=(trusted,))
    factor = TwoFactorOptions(
        everywhere=True,
        two_factor_page="/second-factor",
        allow_passwordless=True,
        otp_options=OtpOptions(sendOTP=send_code),
    )
    plugins = [OAuthPopup(), Bearer(), GenericOAuth(GenericOAuthOptions(config=[config])), TwoFactor(factor)]

    @app.get("/second-factor")
    async def ask() -> HTMLResponse:
        return HTMLResponse(FACTOR)

    auth: Auth[Any] = Auth(settings, MemoryAdapter(), plugins=plugins, egress=WithIssuer(issuer, app))
    app.include_router(GatewrightFastAPI(auth, include_in_schema=False).router)
    return app


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of one origin, which knows an instance on another one."""
    opener = FastAPI()

    @opener.get("/")
    async def show() -> HTMLResponse:
        return HTMLResponse(PAGE)

    with (
        socket.create_server(("127.0.0.1", 0)) as own,
        socket.create_server(("127.0.0.1", 0)) as other,
        sync_api.sync_playwright() as playwright,
    ):
        # Two sites: a name and an address are never the same one.
        page_origin, auth = f"http://127.0.0.1:{own.getsockname()[1]}", f"http://localhost:{other.getsockname()[1]}"
        with serving(opener, own), serving(instance(auth, page_origin), other):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page: Page = browser.new_page()
            page.set_default_timeout(15_000)
            page.goto(f"{page_origin}/?auth={auth}")
            yield page
            browser.close()


def opened_by(page: Page) -> Page:
    """The popup."""
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Sign in").click()
    return opened.value


def told(page: Page) -> dict[str, Any]:
    """What the page was told, which leaves it."""
    shown = page.locator("pre")
    sync_api.expect(shown).to_contain_text('"type":"better-auth:oauth-popup"')
    message: dict[str, Any] = page.evaluate(
        "(() => { const pre = document.querySelector('pre'), told = JSON.parse(pre.textContent);"
        " pre.textContent = ''; return told })()"
    )
    return message


def proves_ida(page: Page, message: dict[str, Any]) -> None:
    auth = page.evaluate("new URLSearchParams(location.search).get('auth')")
    assert (message["nonce"], message["origin"], message["redirectTo"]) == ("n-1", auth, f"{auth}/api/auth")
    answer = page.request.get(f"{auth}/api/auth/get-session", headers={"authorization": f"Bearer {message['token']}"})
    assert answer.json()["user"]["email"] == "ida@example.com"


def test_the_opener_gets_the_token_and_the_popup_closes(page: Page) -> None:
    popup = opened_by(page)
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Continue to the demo").click()
    proves_ida(page, told(page))


def test_the_opener_gets_the_token_once_the_second_factor_is_given(page: Page) -> None:
    popup = opened_by(page)
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Continue to the demo").click()
    proves_ida(page, told(page))
    auth = page.evaluate("new URLSearchParams(location.search).get('auth')")
    path, body = "/api/auth/two-factor/enable", {"method": "otp"}
    enabled = page.request.post(f"{auth}{path}", data=body, headers={"origin": auth})
    assert enabled.status == 200
    popup = opened_by(page)
    popup.get_by_role("button", name="Continue to the demo").click()
    popup.wait_for_url("**/second-factor?**")
    assert page.locator("pre").text_content() == ""
    # Codes are sent after the answer, by the server's own thread.
    popup.get_by_role("textbox", name="Code").fill(codes.get(timeout=15))
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Go on").click()
    proves_ida(page, told(page))


def test_the_opener_is_told_of_a_change_of_mind(page: Page) -> None:
    popup = opened_by(page)
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Cancel").click()
    sync_api.expect(page.locator("pre")).to_contain_text('"error":{"code":"access_denied"')
