"""A preview and a production deployment of which one is better-auth and the other Gatewright: each hands over to the other.

Needs Node.js and the conformance kit with its npm packages, which ``nox -s conformance`` installs.
"""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.unit.plugins.oauth_proxy.deployments import BACK, PREVIEW, PRODUCTION

from gatewright.plugins.oauth_proxy import OAuthProxy, OAuthProxyOptions
from gatewright.testing.app import SECRET, TestApp, make_app
from gatewright.testing.identity_provider import FakeGoogle, query_of

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]

GOOGLE = {"google": {"clientId": "google-id", "clientSecret": "google-secret"}}
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def reference(kit: Path) -> Iterator[str]:
    """The control address of a running reference."""
    process = subprocess.Popen(
        ["node", "server.mjs", "--port", "0"],
        cwd=kit,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    address = process.stdout.readline().decode().split()[1]
    httpx.post(f"{address}/__clock", json={"now": round(NOW.timestamp() * 1000)}).raise_for_status()
    yield address
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def egress() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Where the reference's outbound requests go, and what they are answered by address."""
    answers: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            body = answers.get(asked["url"], b"{}")
            reply = {
                "status": 200,
                "headers": [["content-type", "application/json"]],
                "body": base64.b64encode(body).decode(),
            }
            data = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (of the base class)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", answers
    server.shutdown()
    thread.join()
    server.server_close()


class Theirs:
    """An instance of the reference, and a browser before it."""

    def __init__(self, address: str, base: str, egress: str | None, options: Mapping[str, object]) -> None:
        made = httpx.post(
            f"{address}/__instances",
            json={
                "options": {"baseURL": base, "secret": SECRET, "socialProviders": GOOGLE},
                "plugins": [{"name": "oAuthProxy", "options": {"productionURL": PRODUCTION, **options}}],
                **({"egressUrl": egress} if egress else {}),
            },
        ).json()
        self._url, self._base = f"{address}/__instances/{made['id']}", base
        self.jar: dict[str, str] = {}

    def ask(self, method: str, url: str, body: object = None) -> tuple[dict[str, str], Any]:
        """The headers and the JSON of an answer."""
        headers = [["origin", self._base], ["content-type", "application/json"]]
        if self.jar:
            headers.append(["cookie", "; ".join(f"{name}={value}" for name, value in self.jar.items())])
        data = None if body is None else base64.b64encode(json.dumps(body).encode()).decode()
        whole = url if "://" in url else f"{self._base}/api/auth{url}"
        answer = httpx.post(
            f"{self._url}/fetch", json={"method": method, "url": whole, "headers": headers, "body": data}
        ).json()
        for name, value in answer["headers"]:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.jar[key] = rest.partition(";")[0]
        text = base64.b64decode(answer["body"] or "")
        return dict(answer["headers"]), json.loads(text) if text else None


def ours(base: str, *, current_url: str | None = None) -> TestApp:
    app = make_app(
        {"base_url": base, "social_providers": GOOGLE},
        plugins=[OAuthProxy(OAuthProxyOptions(production_url=PRODUCTION, current_url=current_url))],
    )
    app.clock.set(NOW)
    return app


async def test_a_preview_of_better_auth_signs_in_through_our_production(reference: str) -> None:
    preview, production = Theirs(reference, PREVIEW, None, {"currentURL": PREVIEW}), ours(PRODUCTION)
    FakeGoogle(production.egress, production.clock)
    asked = {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops"}
    _, begun = preview.ask("POST", "/sign-in/social", asked)
    met = await production.browser().get(f"/callback/google?code=c&state={query_of(begun['url'])['state']}")
    place = met.header("location") or ""
    assert place.startswith(f"{BACK}?callbackURL=%2Fhome&profile=")
    headers, _ = preview.ask("GET", place)
    assert headers["location"] == "/home"
    _, session = preview.ask("GET", "/get-session")
    assert (session["user"]["email"], session["user"]["emailVerified"]) == ("grace@example.com", True)
    headers, _ = preview.ask("GET", place)
    assert headers["location"] == "/oops?error=state_mismatch"


async def test_our_preview_signs_in_through_a_production_of_better_auth(
    reference: str, egress: tuple[str, dict[str, bytes]]
) -> None:
    address, answers = egress
    preview, production = ours(PREVIEW, current_url=PREVIEW), Theirs(reference, PRODUCTION, address, {})
    google = FakeGoogle(preview.egress, preview.clock)
    tokens = {"access_token": "a", "refresh_token": "r", "expires_in": 3600, "id_token": google.sign()}
    answers["https://oauth2.googleapis.com/token"] = json.dumps(tokens).encode()
    browser = preview.browser()
    begun = await browser.post("/sign-in/social", {"provider": "google", "callbackURL": "/home"})
    headers, _ = production.ask("GET", f"/callback/google?code=c&state={query_of(begun.json['url'])['state']}")
    assert headers["location"].startswith(f"{BACK}?callbackURL=%2Fhome&profile=")
    assert (await browser.get(headers["location"])).header("location") == "/home"
    session = (await browser.get("/get-session")).json
    assert (session["user"]["email"], session["user"]["name"]) == ("grace@example.com", "Grace Hopper")
