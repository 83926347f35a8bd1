"""The demo page in a real browser, with an authenticator that the browser itself simulates.

Chromium is looked for on this machine; without it, or without Playwright, nothing is tried. Pictures of the page are
left in ``GATEWRIGHT_PICTURES``, where that is set.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from pyotp.totp import TOTP
from rich.console import Console

from gatewright.cli.demo.server import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")

PASSWORD = "a-long-password"
EMAIL = "ada@example.com"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A running demo."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        app = create_app("127.0.0.1", port, tmp_path / "demo.db", Console(file=io.StringIO()))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://localhost:{port}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """A browser before the demo, with an authenticator of its own."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page: Page = browser.new_context(viewport={"width": 1100, "height": 900}).new_page()
        page.set_default_timeout(15_000)
        devtools: Any = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.goto(address)
        yield page
        browser.close()


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("GATEWRIGHT_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def says(page: Page, text: str) -> None:
    sync_api.expect(page.get_by_role("status")).to_have_text(text)


def sign_up(page: Page) -> None:
    form = page.locator("#sign-up")
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("E-mail").fill(EMAIL)
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button").click()
    says(page, "Your account is there, and you are signed in.")


def sign_in(page: Page) -> None:
    form = page.locator("#sign-in")
    form.get_by_label("E-mail").fill(EMAIL)
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button").click()


def test_a_passkey_is_registered_and_signs_in(page: Page) -> None:
    says(page, "Nobody is signed in.")
    picture(page, "guest")
    sign_up(page)
    page.get_by_role("button", name="Add a passkey").click()
    says(page, "Your passkey is there.")
    sync_api.expect(page.locator("#passkeys li")).to_have_count(1)
    picture(page, "member")
    page.locator("#sign-out").click()
    says(page, "You are signed out.")
    page.get_by_role("button", name="Sign in with a passkey").click()
    says(page, "You are signed in.")
    sync_api.expect(page.locator("#user")).to_contain_text(EMAIL)
    page.locator("#passkeys").get_by_role("button").click()
    says(page, "The passkey is deleted.")
    page.locator("#sign-out").click()
    says(page, "You are signed out.")
    page.get_by_role("button", name="Sign in with a passkey").click()
    says(page, "Passkey not found")


def test_a_code_of_an_app_is_asked_for_after_the_password(page: Page) -> None:
    sign_up(page)
    form = page.locator("#enable-factor")
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button").click()
    says(page, "Add the secret to your app, then type its code.")
    codes = TOTP(page.locator("#factor-secret").inner_text())
    picture(page, "factor")
    page.get_by_label("Code that the app shows").fill(codes.now())
    page.get_by_role("button", name="Confirm").click()
    says(page, "From now on a code is asked for.")
    page.locator("#sign-out").click()
    says(page, "You are signed out.")
    sign_in(page)
    says(page, "That was your password. Now the code of your app.")
    picture(page, "code")
    # A code works once: the next one is taken too, for clocks that are not quite right.
    page.get_by_label("Code of your authenticator app").fill(codes.at(int(time.time()) + 30))
    page.get_by_role("button", name="Go on").click()
    says(page, "You are signed in.")


def test_a_mailed_link_is_shown_and_signs_in(page: Page) -> None:
    form = page.locator("#magic-link")
    form.get_by_label("E-mail").fill("grace@example.com")
    form.get_by_role("button").click()
    says(page, "A link is on its way to you.")
    picture(page, "link")
    page.get_by_role("link", name="Follow the link of the mail").click()
    says(page, "You are signed in.")
    sync_api.expect(page.locator("#user")).to_contain_text("grace@example.com (verified)")


def test_a_provider_signs_in_and_sends_back_who_changes_their_mind(page: Page) -> None:
    page.get_by_role("button", name="Use the demo provider").click()
    sync_api.expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    picture(page, "provider")
    page.get_by_role("button", name="Cancel").click()
    says(page, "Nobody signed in at the demo provider.")
    picture(page, "refused")
    page.get_by_role("button", name="Use the demo provider").click()
    sync_api.expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    page.get_by_label("Name").fill("Marie Curie")
    page.get_by_label("E-mail").fill("marie@example.com")
    page.get_by_role("button", name="Continue to the demo").click()
    says(page, "You are signed in.")
    user = page.locator("#user")
    sync_api.expect(user).to_contain_text("Marie Curie")
    sync_api.expect(user).to_contain_text("marie@example.com (not verified)")
    sync_api.expect(user).to_contain_text("demo provider")
    sync_api.expect(page.get_by_role("heading", name="Password")).to_be_hidden()
    picture(page, "came-from-provider")


def test_a_provider_that_vouches_for_nothing_takes_over_no_account(page: Page) -> None:
    sign_up(page)
    page.locator("#sign-out").click()
    says(page, "You are signed out.")
    page.get_by_role("button", name="Use the demo provider").click()
    sync_api.expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_role("button", name="Continue to the demo").click()
    says(page, "That address has an account already; the provider does not vouch for it.")


def test_on_a_telephone_nothing_is_cut_off(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    picture(page, "telephone")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    sign_up(page)
    picture(page, "telephone-member")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
