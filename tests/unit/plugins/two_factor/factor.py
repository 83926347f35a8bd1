"""An instance with two factor, and what tests do with it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pyotp.hotp import HOTP
from tests.mailing import CountingPasswords

from gatewright.plugins.base import Plugin
from gatewright.plugins.two_factor import TwoFactor, TwoFactorOptions
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox

PASSWORD = "password-1234"
EMAIL = "ada@example.com"


def app_with(
    options: Mapping[str, Any] | None = None,
    *,
    adapter: Adapter | None = None,
    settings: Mapping[str, Any] | None = None,
    before: tuple[Plugin[Any], ...] = (),
) -> TestApp:
    """An instance that sends codes to ``app.mailbox`` as ``otp``; passwords cost nothing."""
    box, scheme = Mailbox(), CountingPasswords()
    given: dict[str, Any] = {"otp_options": {"send_otp": box.sender("otp")}, **(options or {})}
    own = {"hash": scheme.hash, "verify": scheme.verify}
    return make_app(
        {"email_and_password": {"enabled": True, "password": own}, **(settings or {})},
        plugins=(*before, TwoFactor(TwoFactorOptions.model_validate(given))),
        adapter=adapter,
        mailbox=box,
    )


def code_of(app: TestApp, uri: str, *, offset: int = 0) -> str:
    """What an authenticator app shows, ``offset`` steps from now."""
    query = parse_qs(urlsplit(uri).query)
    period, digits = int(query["period"][0]), int(query["digits"][0])
    return HOTP(query["secret"][0], digits=digits).at(int(app.clock.now().timestamp()) // period + offset)


def secret_of(uri: str) -> str:
    """The text whose bytes are the key."""
    text = parse_qs(urlsplit(uri).query)["secret"][0]
    return base64.b32decode(text + "=" * (-len(text) % 8)).decode()


async def enrolled(app: TestApp, email: str = EMAIL) -> tuple[Browser, Any]:
    """A signed-in user with an authenticator app, and what enabling it has answered; time has moved on a step."""
    browser = await app.signed_up(email)
    given = (await browser.post("/two-factor/enable", {"password": PASSWORD})).json
    answer = await browser.post("/two-factor/verify-totp", {"code": code_of(app, given["totpURI"])})
    assert answer.status == 200
    app.clock.advance(minutes=2)
    return browser, given


async def challenged(app: TestApp, email: str = EMAIL) -> Browser:
    """A browser that has given the password and owes the second factor."""
    browser = app.browser()
    answer = await signing_in(browser, email)
    assert answer.json["twoFactorRedirect"] is True
    return browser


async def signing_in(browser: Browser, email: str = EMAIL) -> Answer:
    """The answer to the password."""
    return await browser.post("/sign-in/email", {"email": email, "password": PASSWORD})


async def is_signed_in(browser: Browser) -> bool:
    """Whether the browser has a session."""
    return (await browser.get("/get-session")).json is not None
