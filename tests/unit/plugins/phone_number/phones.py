"""An instance whose codes land in a mailbox, and what tests of numbers do with it."""

from __future__ import annotations

from typing import Any

from gatewright.plugins.phone_number import PhoneNumber, PhoneNumberOptions
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox

__all__ = ("NUMBER", "SIGN_UP", "app_with", "code_for", "reset_code_for", "verified")

NUMBER = "+12015550123"


def address(phone_number: str) -> str:
    return f"{phone_number[1:]}@Phones.example.com"


SIGN_UP = {"getTempEmail": address}


def app_with(
    settings: dict[str, Any] | None = None, /, *, adapter: Adapter | None = None, **options: object
) -> TestApp:
    """Codes are ``code`` and ``reset`` in the mailbox."""
    box = Mailbox()
    given = {"sendOTP": box.sender("code"), "sendPasswordResetOTP": box.sender("reset"), **options}
    plugin = PhoneNumber(PhoneNumberOptions.model_validate(given))
    return make_app(settings, plugins=[plugin], mailbox=box, adapter=adapter)


async def code_for(app: TestApp, number: str = NUMBER) -> str:
    """A new code for a number."""
    answer = await app.browser().post("/phone-number/send-otp", {"phoneNumber": number})
    assert (answer.status, answer.json) == (200, {"message": "code sent"})
    sent = app.mailbox.last("code")
    assert sent.phone_number == number
    code: str = sent.code
    return code


async def reset_code_for(app: TestApp, number: str = NUMBER) -> str:
    """A new code to set a new password with."""
    answer = await app.browser().post("/phone-number/request-password-reset", {"phoneNumber": number})
    assert (answer.status, answer.json) == (200, {"status": True})
    code: str = app.mailbox.last("reset").code
    return code


async def verified(browser: Browser, code: str, number: str = NUMBER, **more: object) -> Answer:
    """The answer to a code."""
    return await browser.post("/phone-number/verify", {"phoneNumber": number, "code": code, **more})
