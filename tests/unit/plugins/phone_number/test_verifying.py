"""Codes for numbers: signing in and up with them, and changing numbers."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.phone_number.phones import NUMBER, SIGN_UP, app_with, code_for, verified

from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.plugins.phone_number import PhoneCode, PhoneNumber, PhoneNumberOptions, VerifiedPhone
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

OTHER = "+12015550124"


async def users(app: TestApp) -> list[User]:
    return await app.auth.services.database.find_many(User)


async def test_a_code_verifies_the_number_and_signs_in() -> None:
    app = app_with()
    await app.signed_up(phoneNumber=NUMBER)
    phone = app.browser()
    answer = await verified(phone, await code_for(app))
    body = answer.json
    assert (answer.status, body["status"], body["user"]["phoneNumber"]) == (200, True, NUMBER)
    assert body["user"]["phoneNumberVerified"] is True
    assert (await phone.get("/get-session")).json["session"]["token"] == body["token"]


async def test_a_code_without_a_session_only_verifies() -> None:
    app = app_with()
    await app.signed_up(phoneNumber=NUMBER)
    browser = app.browser()
    answer = await verified(browser, await code_for(app), disableSession=True)
    assert (answer.json["token"], answer.json["user"]["phoneNumberVerified"], browser.jar) == (None, True, {})


async def test_an_unknown_number_is_told_where_nobody_may_sign_up() -> None:
    app = app_with()
    answer = await verified(app.browser(), await code_for(app))
    assert (answer.status, answer.json["code"]) == (500, "FAILED_TO_UPDATE_USER")


async def test_an_unknown_number_becomes_a_user_where_it_may() -> None:
    told: list[VerifiedPhone] = []

    async def tell(found: VerifiedPhone, call: object) -> None:
        told.append(found)

    app = app_with(signUpOnVerification=SIGN_UP, callbackOnVerification=tell)
    body = (await verified(app.browser(), await code_for(app), name="Eve", email="eve@example.com")).json
    user = body["user"]
    assert (user["email"], user["name"], user["emailVerified"]) == ("12015550123@phones.example.com", NUMBER, False)
    assert (user["phoneNumber"], user["phoneNumberVerified"]) == (NUMBER, True)
    assert [(each.phone_number, each.user.id) for each in told] == [(NUMBER, user["id"])]
    again = (await verified(app.browser(), await code_for(app))).json
    assert again["user"]["id"] == user["id"]
    assert len(await users(app)) == 1


async def test_the_name_of_a_new_user_is_the_applications_own() -> None:
    async def named(number: str) -> str:
        return f"Caller {number}"

    app = app_with(signUpOnVerification={**SIGN_UP, "getTempName": named})
    assert (await verified(app.browser(), await code_for(app))).json["user"]["name"] == f"Caller {NUMBER}"


async def test_own_fields_of_new_users_are_held_to_their_rules() -> None:
    fields = {"nick": {"type": "string"}, "role": {"type": "string", "required": False, "input": False}}
    app = app_with({"user": {"additional_fields": fields}}, signUpOnVerification=SIGN_UP)
    for more, code in (({}, "MISSING_FIELD"), ({"nick": "A", "role": "admin"}, "FIELD_NOT_ALLOWED")):
        answer = await verified(app.browser(), await code_for(app), **more)
        assert (answer.status, answer.json["code"]) == (400, code)
    refused = await verified(app.browser(), await code_for(app), nick="A", phoneNumberVerified=True)
    assert refused.json["code"] == "FIELD_NOT_ALLOWED"
    assert (await verified(app.browser(), await code_for(app), nick="A")).json["user"]["nick"] == "A"


async def test_an_address_that_is_taken_is_a_refusal() -> None:
    app = app_with(signUpOnVerification={"getTempEmail": lambda number: "same@example.com"})  # type: ignore[misc]
    assert (await verified(app.browser(), await code_for(app))).status == 200
    answer = await verified(app.browser(), await code_for(app, OTHER), OTHER)
    assert (answer.status, answer.json["code"]) == (500, "FAILED_TO_CREATE_USER")


async def test_a_wrong_code_costs_a_try_and_the_last_one_kills_it() -> None:
    app = app_with(allowedAttempts=2, otpLength=8)
    await app.signed_up(phoneNumber=NUMBER)
    code = await code_for(app)
    assert (len(code), code.isdigit()) == (8, True)
    answers = [await verified(app.browser(), wrong) for wrong in ("1", "2", "3")]
    assert [(each.status, each.json["code"]) for each in answers] == [
        (400, "INVALID_OTP"),
        (400, "INVALID_OTP"),
        (403, "TOO_MANY_ATTEMPTS"),
    ]
    dead = await verified(app.browser(), code)
    assert (dead.status, dead.json["code"]) == (400, "OTP_NOT_FOUND")


async def test_a_code_works_once_in_time_and_until_the_next() -> None:
    app = app_with(expiresIn=60)
    await app.signed_up(phoneNumber=NUMBER)
    first, code = await code_for(app), await code_for(app)
    assert (await verified(app.browser(), first)).json["code"] == "INVALID_OTP"
    assert (await verified(app.browser(), code)).status == 200
    assert (await verified(app.browser(), code)).json["code"] == "OTP_NOT_FOUND"
    late = await code_for(app)
    app.clock.advance(seconds=60)
    assert (await verified(app.browser(), late)).json["code"] == "OTP_EXPIRED"
    assert await app.auth.services.database.count(Verification) == 0


async def test_a_signed_in_user_takes_a_number_that_is_free() -> None:
    app = app_with()
    ada = await app.signed_up()
    await app.signed_up("bob@example.com", phoneNumber=OTHER)
    token = (await ada.get("/get-session")).json["session"]["token"]
    answer = await verified(ada, await code_for(app), updatePhoneNumber=True, disableSession=True)
    assert (answer.json["token"], answer.json["user"]["phoneNumber"]) == (token, NUMBER)
    assert (await ada.get("/get-session")).json["user"]["phoneNumberVerified"] is True
    for number in (OTHER, NUMBER):
        taken = await verified(ada, await code_for(app, number), number, updatePhoneNumber=True)
        assert (taken.status, taken.json["code"]) == (400, "PHONE_NUMBER_EXIST")
    nobody = await verified(app.browser(), await code_for(app, "+12015550125"), "+12015550125", updatePhoneNumber=True)
    assert (nobody.status, nobody.json["code"]) == (401, "USER_NOT_FOUND")


async def test_a_number_is_given_up_and_not_changed_without_a_code() -> None:
    app = app_with()
    ada = await app.signed_up()
    await verified(ada, await code_for(app), updatePhoneNumber=True)
    for given in (OTHER, "", NUMBER):
        answer = await ada.post("/update-user", {"phoneNumber": given})
        assert (answer.status, answer.json["code"]) == (400, "PHONE_NUMBER_CANNOT_BE_UPDATED")
    assert (await ada.post("/update-user", {"phoneNumberVerified": True})).json["code"] == "FIELD_NOT_ALLOWED"
    assert (await ada.post("/update-user", {"phoneNumber": None})).status == 200
    user = (await ada.get("/get-session")).json["user"]
    assert (user["phoneNumber"], user["phoneNumberVerified"]) == (None, False)


async def test_codes_of_another_service_are_asked_for() -> None:
    seen: list[PhoneCode] = []

    async def check(code: PhoneCode, call: object) -> bool:
        seen.append(code)
        return code.code == "right"

    app = app_with(verifyOTP=check, signUpOnVerification=SIGN_UP)
    code = await code_for(app)
    assert (await verified(app.browser(), code)).json["code"] == "INVALID_OTP"
    assert (await verified(app.browser(), "right")).status == 200
    assert [(each.phone_number, each.code) for each in seen] == [(NUMBER, code), (NUMBER, "right")]
    assert "right" not in repr(seen[1])
    assert await app.auth.services.database.count(Verification) == 0


async def test_the_server_uses_a_code_up_without_signing_in() -> None:
    app = app_with()
    api = app.auth.of(next(each for each in app.auth.blueprint.plugins if isinstance(each, PhoneNumber)))
    code = await code_for(app)
    with pytest.raises(ApiError, match="Invalid OTP"):
        await api.consume_phone_number_otp(phone_number=NUMBER, code="wrong")
    assert (await api.consume_phone_number_otp(phone_number=NUMBER, code=code)).status is True
    with pytest.raises(ApiError, match="OTP not found"):
        await api.consume_phone_number_otp(phone_number=NUMBER, code=code)
    assert await app.auth.services.database.count(Session) == 0


async def test_without_a_sender_there_are_no_codes() -> None:
    app = make_app(plugins=[PhoneNumber()])
    answer = await app.browser().post("/phone-number/send-otp", {"phoneNumber": NUMBER})
    assert (answer.status, answer.json["code"]) == (501, "SEND_OTP_NOT_IMPLEMENTED")


async def test_a_sender_that_fails_is_logged_and_not_told() -> None:
    async def fail(code: PhoneCode, call: object) -> None:
        raise OSError("no signal")

    app = app_with(sendOTP=fail)
    answer = await app.browser().post("/phone-number/send-otp", {"phoneNumber": NUMBER})
    assert (answer.status, [level for level, *_ in app.log.lines]) == (200, ["error"])


async def refuse(row: object, context: object) -> bool:
    return False


@pytest.mark.parametrize(
    ("table", "code"), [("user", "FAILED_TO_CREATE_USER"), ("session", "FAILED_TO_CREATE_SESSION")]
)
async def test_a_hook_that_refuses_is_told(table: str, code: str) -> None:
    app = app_with({"database_hooks": {table: {"create": {"before": refuse}}}}, signUpOnVerification=SIGN_UP)
    answer = await verified(app.browser(), await code_for(app))
    assert (answer.status, answer.json["code"]) == (500, code)


async def accepts(number: str) -> bool:
    return number.startswith("+1")


@pytest.mark.parametrize("validator", ["phonenumbers", accepts])
async def test_a_number_that_the_validator_does_not_take_is_refused(validator: object) -> None:
    app = app_with(phoneNumberValidator=validator)
    ask = app.browser()
    for path, more in (("/phone-number/send-otp", {}), ("/sign-in/phone-number", {"password": "password-1234"})):
        answer = await ask.post(path, {"phoneNumber": "0201 555 0123", **more})
        assert (answer.status, answer.json["code"]) == (400, "INVALID_PHONE_NUMBER")
    assert await code_for(app)


@pytest.mark.parametrize("number", ["+1 201 555 0123", "+1201555012", "2015550123", "+999", "", "nonsense", "+1" * 80])
async def test_the_library_takes_one_spelling_of_valid_numbers(number: str) -> None:
    options: Any = {"phoneNumberValidator": "phonenumbers"}
    answer = await app_with(**options).browser().post("/phone-number/send-otp", {"phoneNumber": number})
    assert (answer.status, answer.json["code"]) == (400, "INVALID_PHONE_NUMBER")


async def test_without_the_library_the_option_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from gatewright.wire.faults import ConfigError  # noqa: PLC0415 (used once)

    monkeypatch.setitem(__import__("sys").modules, "phonenumbers", None)
    with pytest.raises(ConfigError, match=r"phonenumbers is needed to check numbers: install gatewright\[phone\]"):
        PhoneNumber(PhoneNumberOptions(phone_number_validator="phonenumbers"))
