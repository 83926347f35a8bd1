"""An instance with passkeys, and what tests do with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.plugins.passkey import Passkey, PasskeyOptions
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.authenticator import Authenticator
from gatewright.testing.browser import Answer, Browser


def app_with(
    options: Mapping[str, Any] | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    adapter: Adapter | None = None,
) -> TestApp:
    """An instance; ``options`` are the plugin's."""
    return make_app(settings, plugins=[Passkey(PasskeyOptions.model_validate(options or {}))], adapter=adapter)


async def register(browser: Browser, key: Authenticator, query: str = "", **body: object) -> Answer:
    """Register a new credential of ``key``."""
    begun = await browser.get(f"/passkey/generate-register-options{query}")
    assert begun.status == 200, begun
    return await browser.post("/passkey/verify-registration", {"response": key.create(begun.json), **body})


async def asked(browser: Browser) -> Any:
    """What is needed to sign in."""
    begun = await browser.get("/passkey/generate-authenticate-options")
    assert begun.status == 200, begun
    return begun.json


async def sign_in(browser: Browser, key: Authenticator, **wrong: Any) -> Answer:
    """Sign in with ``key``."""
    answer = key.get(await asked(browser), **wrong)
    return await browser.post("/passkey/verify-authentication", {"response": answer})


async def begun(browser: Browser) -> Any:
    """What is needed to register."""
    answer = await browser.get("/passkey/generate-register-options")
    assert answer.status == 200
    return answer.json


async def finish(browser: Browser, answer: object, **body: object) -> Answer:
    """Send what an authenticator answered."""
    return await browser.post("/passkey/verify-registration", {"response": answer, **body})


async def owner(app: TestApp) -> tuple[Browser, Authenticator]:
    """A user with a passkey."""
    browser, key = await app.signed_up(), Authenticator()
    assert (await register(browser, key)).status == 200
    return browser, key


def refusal(answer: Answer) -> tuple[int, str]:
    """How it was refused; nobody is signed in."""
    assert not any("session_token" in line for line in answer.cookies)
    return answer.status, answer.json["code"]
