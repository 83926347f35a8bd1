"""Passwords beside numbers: signing in, and setting a new one."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.phone_number.phones import NUMBER, SIGN_UP, app_with, code_for, reset_code_for, verified

from gatewright.model.session import Session
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

WRONG = {"message": "Invalid phone number or password", "code": "INVALID_PHONE_NUMBER_OR_PASSWORD"}


async def sign_in(browser: Browser, password: str = "password-1234", number: str = NUMBER, **more: object) -> Answer:
    return await browser.post("/sign-in/phone-number", {"phoneNumber": number, "password": password, **more})


async def reset(browser: Browser, code: str, new: str, number: str = NUMBER) -> Answer:
    return await browser.post("/phone-number/reset-password", {"phoneNumber": number, "otp": code, "newPassword": new})


async def test_a_number_and_a_password_sign_in() -> None:
    app = app_with()
    await app.signed_up(phoneNumber=NUMBER)
    browser = app.browser()
    answer = await sign_in(browser)
    assert (answer.status, sorted(answer.json), answer.json["user"]["phoneNumber"]) == (200, ["token", "user"], NUMBER)
    passing = await sign_in(app.browser(), rememberMe=False)
    assert all("Max-Age" not in line for line in passing.cookies)
    assert len(passing.cookies) == 2
    for other in (await sign_in(app.browser(), "wrong-password"), await sign_in(app.browser(), number="+12015550199")):
        assert (other.status, other.json) == (401, WRONG)


async def test_a_user_without_a_password_signs_in_by_code_only() -> None:
    app = app_with(signUpOnVerification=SIGN_UP)
    await verified(app.browser(), await code_for(app))
    answer = await sign_in(app.browser())
    assert (answer.status, answer.json) == (401, WRONG)


async def test_a_number_that_must_be_verified_is_sent_a_code() -> None:
    app = app_with(requireVerification=True)
    await app.signed_up(phoneNumber=NUMBER)
    answer = await sign_in(app.browser())
    assert (answer.status, answer.json["code"]) == (401, "PHONE_NUMBER_NOT_VERIFIED")
    assert (await verified(app.browser(), app.mailbox.last("code").code)).status == 200
    assert (await sign_in(app.browser())).status == 200


async def test_a_session_that_a_hook_refuses_is_told() -> None:
    async def refuse(row: object, context: object) -> bool:
        return False

    app = app_with()
    await app.signed_up(phoneNumber=NUMBER)
    other = app_with({"database_hooks": {"session": {"create": {"before": refuse}}}}, adapter=app.adapter)
    answer = await sign_in(other.browser())
    assert (answer.status, answer.json["code"]) == (401, "FAILED_TO_CREATE_SESSION")


async def test_a_forgotten_password_is_replaced() -> None:
    app = app_with()
    ada = await app.signed_up(phoneNumber=NUMBER)
    answer = await reset(app.browser(), await reset_code_for(app), "password-5678")
    assert (answer.status, answer.json) == (200, {"status": True})
    assert [(await sign_in(app.browser(), each)).status for each in ("password-1234", "password-5678")] == [401, 200]
    assert (await ada.get("/get-session")).json is not None


async def test_resetting_tells_the_application_and_ends_sessions_where_it_should() -> None:
    box = Mailbox()
    settings: dict[str, Any] = {
        "email_and_password": {
            "enabled": True,
            "revoke_sessions_on_password_reset": True,
            "on_password_reset": box.sender("was reset"),
        }
    }
    app = app_with(settings, signUpOnVerification=SIGN_UP)
    await verified(app.browser(), await code_for(app))
    assert (await reset(app.browser(), await reset_code_for(app), "password-5678")).status == 200
    assert box.last("was reset").user.get("phoneNumber") == NUMBER
    assert await app.auth.services.database.count(Session) == 0
    assert (await sign_in(app.browser(), "password-5678")).status == 200


@pytest.mark.parametrize(("new", "code"), [("short", "PASSWORD_TOO_SHORT"), ("p" * 200, "PASSWORD_TOO_LONG")])
async def test_a_password_outside_the_bounds_is_refused(new: str, code: str) -> None:
    app = app_with()
    await app.signed_up(phoneNumber=NUMBER)
    otp = await reset_code_for(app)
    answer = await reset(app.browser(), otp, new)
    assert (answer.status, answer.json["code"]) == (400, code)
    assert (await reset(app.browser(), otp, "password-5678")).json["code"] == "OTP_NOT_FOUND"


async def test_a_code_to_reset_with_dies_of_wrong_ones_and_of_age() -> None:
    app = app_with(allowedAttempts=1)
    await app.signed_up(phoneNumber=NUMBER)
    code = await reset_code_for(app)
    answers = [await reset(app.browser(), each, "password-5678") for each in ("1", code, code)]
    assert [each.json["code"] for each in answers] == ["INVALID_OTP", "TOO_MANY_ATTEMPTS", "OTP_NOT_FOUND"]
    late = await reset_code_for(app)
    app.clock.advance(minutes=5)
    assert (await reset(app.browser(), late, "password-5678")).json["code"] == "OTP_EXPIRED"


async def test_a_number_that_was_given_up_resets_nothing() -> None:
    app = app_with()
    ada = await app.signed_up(phoneNumber=NUMBER)
    code = await reset_code_for(app)
    await ada.post("/update-user", {"phoneNumber": None})
    answer = await reset(app.browser(), code, "password-5678")
    assert (answer.status, answer.json["code"]) == (400, "UNEXPECTED_ERROR")
