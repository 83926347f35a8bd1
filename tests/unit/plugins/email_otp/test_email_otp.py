"""Codes by mail: to sign in, prove an address, change it, set a new password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gatewright.model.verification import Verification
from gatewright.plugins.email_otp import EmailOTP, EmailOTPApi, EmailOTPOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

ADA = "ada@example.com"


def app_with(settings: Mapping[str, Any] | None = None, **options: object) -> TestApp:
    box = Mailbox()
    given = {"sendVerificationOTP": box.sender("code"), **options}
    return make_app(settings, plugins=[EmailOTP(EmailOTPOptions.model_validate(given))], mailbox=box)


async def asked(app: TestApp, kind: str, email: str = ADA) -> str:
    answer = await app.browser().post("/email-otp/send-verification-otp", {"email": email, "type": kind})
    assert (answer.status, answer.json) == (200, {"success": True})
    sent = app.mailbox.last("code")
    assert (sent.email, sent.type) == (email, kind)
    otp: str = sent.otp
    return otp


def wrong(code: str) -> str:
    return "1" * len(code) if code[0] != "1" else "2" * len(code)


def outcome(answer: Answer) -> tuple[int, str | None]:
    body: Mapping[str, str] = answer.json or {}
    return answer.status, body.get("code")


async def sign_in(app: TestApp, otp: str, **more: object) -> tuple[Answer, Browser]:
    browser = app.browser()
    return await browser.post("/sign-in/email-otp", {"email": ADA, "otp": otp, **more}), browser


async def test_a_code_signs_in_and_an_unknown_address_becomes_a_user() -> None:
    app = app_with()
    answer, browser = await sign_in(app, await asked(app, "sign-in"), name="Ada", image="https://example.com/a.png")
    user = answer.json["user"]
    assert (user["name"], user["emailVerified"], user["image"]) == ("Ada", True, "https://example.com/a.png")
    assert (await browser.get("/get-session")).json["session"]["token"] == answer.json["token"]
    again, _ = await sign_in(app, await asked(app, "sign-in"))
    assert again.json["user"]["id"] == user["id"]


async def test_a_code_works_once_in_time_and_for_a_few_tries() -> None:
    app = app_with(expiresIn=60, allowedAttempts=2)
    code = await asked(app, "sign-in")
    assert (await sign_in(app, code))[0].status == 200
    assert outcome((await sign_in(app, code))[0]) == (400, "INVALID_OTP")
    late = await asked(app, "sign-in")
    app.clock.advance(seconds=60)
    assert outcome((await sign_in(app, late))[0]) == (400, "OTP_EXPIRED")
    spent = await asked(app, "sign-in")
    tries = [outcome((await sign_in(app, wrong(spent)))[0]) for _ in range(3)]
    assert tries == [(400, "INVALID_OTP"), (400, "INVALID_OTP"), (403, "TOO_MANY_ATTEMPTS")]
    assert outcome((await sign_in(app, spent))[0]) == (400, "INVALID_OTP")


async def test_a_new_code_takes_the_place_of_the_older_one() -> None:
    app = app_with()
    first, second = await asked(app, "sign-in"), await asked(app, "sign-in")
    assert outcome((await sign_in(app, first))[0]) == (400, "INVALID_OTP")
    assert (await sign_in(app, second))[0].status == 200


@pytest.mark.parametrize("storage", ["plain", "encrypted"])
async def test_a_code_that_is_alive_can_be_repeated(storage: str) -> None:
    app = app_with(storeOTP=storage, resendStrategy="reuse", expiresIn=60)
    first = await asked(app, "sign-in")
    app.clock.advance(seconds=59)
    assert await asked(app, "sign-in") == first
    app.clock.advance(seconds=59)
    assert (await sign_in(app, first))[0].status == 200


async def reversed_text(text: str) -> str:
    return text[::-1]


OWN_CIPHER = {"encrypt": reversed_text, "decrypt": reversed_text}


@pytest.mark.parametrize("storage", ["plain", "hashed", "encrypted", {"hash": reversed_text}, OWN_CIPHER])
async def test_a_code_is_kept_as_the_options_say(storage: object) -> None:
    app = app_with(storeOTP=storage)
    code = await asked(app, "sign-in")
    (row,) = await app.auth.services.database.find_many(Verification)
    assert row.identifier == f"sign-in-otp-{ADA}"
    assert (row.value == f"{code}:0") is (storage == "plain")
    assert outcome((await sign_in(app, wrong(code)))[0]) == (400, "INVALID_OTP")
    assert (await sign_in(app, code))[0].status == 200


async def test_strangers_are_mailed_nothing_where_nobody_may_sign_up() -> None:
    app = app_with(disableSignUp=True)
    answer = await app.browser().post("/email-otp/send-verification-otp", {"email": ADA, "type": "sign-in"})
    assert (answer.json, app.mailbox.all("code")) == ({"success": True}, [])
    assert outcome((await sign_in(app, "000000"))[0]) == (400, "INVALID_OTP")


async def test_a_check_does_not_use_a_code_up() -> None:
    app = app_with()
    await app.signed_up()
    code = await asked(app, "forget-password")
    body = {"email": ADA, "type": "forget-password"}
    for _ in range(4):
        assert (await app.browser().post("/email-otp/check-verification-otp", {**body, "otp": code})).status == 200
    answer = await app.browser().post("/email-otp/check-verification-otp", {**body, "otp": wrong(code)})
    assert outcome(answer) == (400, "INVALID_OTP")


@pytest.mark.parametrize("path", ["/email-otp/request-password-reset", "/forget-password/email-otp"])
async def test_a_code_sets_a_new_password(path: str) -> None:
    app = app_with()
    await app.signed_up()
    assert (await app.browser().post(path, {"email": ADA})).json == {"success": True}
    code: str = app.mailbox.last("code").otp
    body = {"email": ADA, "otp": code, "password": "password-5678"}
    short = await app.browser().post("/email-otp/reset-password", {**body, "password": "short"})
    assert outcome(short) == (400, "PASSWORD_TOO_SHORT")
    assert (await app.browser().post("/email-otp/reset-password", body)).json == {"success": True}
    assert outcome(await app.browser().post("/email-otp/reset-password", body)) == (400, "INVALID_OTP")
    old, new = [
        (await app.browser().post("/sign-in/email", {"email": ADA, "password": password})).status
        for password in ("password-1234", "password-5678")
    ]
    assert (old, new) == (401, 200)


async def test_signing_up_mails_a_code_that_proves_the_address() -> None:
    app = app_with(sendVerificationOnSignUp=True, otpLength=8)
    browser = await app.signed_up()
    code: str = app.mailbox.last("code").otp
    assert len(code) == 8
    answer = await browser.post("/email-otp/verify-email", {"email": ADA, "otp": code})
    assert (answer.json["status"], answer.json["token"], answer.json["user"]["emailVerified"]) == (True, None, True)
    assert (await browser.get("/get-session")).json["user"]["emailVerified"] is True


async def test_codes_can_take_the_place_of_links() -> None:
    app = app_with(
        {"email_verification": {"send_on_sign_up": True, "auto_sign_in_after_verification": True}},
        overrideDefaultEmailVerification=True,
    )
    await app.signed_up()
    assert len(app.mailbox.all("code")) == 1
    assert (await app.browser().post("/send-verification-email", {"email": ADA})).status == 200
    browser = app.browser()
    code: str = app.mailbox.last("code").otp
    answer = await browser.post("/email-otp/verify-email", {"email": ADA, "otp": code})
    assert (await browser.get("/get-session")).json["session"]["token"] == answer.json["token"]


async def test_an_address_is_changed_with_codes_of_both() -> None:
    app = app_with(changeEmail={"enabled": True, "verifyCurrentEmail": True})
    browser = await app.signed_up()
    await app.signed_up("taken@example.com")
    ask = "/email-otp/request-email-change"
    bare = await browser.post(ask, {"newEmail": "new@example.com"})
    assert (bare.status, bare.json["message"]) == (400, "OTP is required to verify current email")
    for email in ("taken@example.com", "New@Example.com"):
        code = await asked(app, "email-verification")
        assert (await browser.post(ask, {"newEmail": email, "otp": code})).json == {"success": True}
    sent = app.mailbox.last("code")
    assert [each.email for each in app.mailbox.all("code") if each.type == "change-email"] == ["new@example.com"]
    body = {"newEmail": "new@example.com", "otp": sent.otp}
    assert outcome(await browser.post("/email-otp/change-email", {**body, "otp": "0"})) == (400, "INVALID_OTP")
    assert (await browser.post("/email-otp/change-email", body)).json == {"success": True}
    user = (await browser.get("/get-session")).json["user"]
    assert (user["email"], user["emailVerified"]) == ("new@example.com", True)


async def test_changing_the_address_by_code_is_off_unless_switched_on() -> None:
    browser = await app_with().signed_up()
    answers = [
        await browser.post("/email-otp/request-email-change", {"newEmail": "new@example.com"}),
        await browser.post("/email-otp/change-email", {"newEmail": "new@example.com", "otp": "123456"}),
    ]
    assert [(each.status, each.json) for each in answers] == [
        (400, {"message": "Change email with OTP is disabled"})
    ] * 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"email": "nonsense", "type": "sign-in"}, "INVALID_EMAIL"),
        ({"email": ADA, "type": "unknown"}, "VALIDATION_ERROR"),
        ({"email": ADA, "type": "change-email"}, None),
        ({"email": f"a\x00{ADA}", "type": "sign-in"}, "INVALID_EMAIL"),
    ],
)
async def test_asking_wrongly_is_told(body: Mapping[str, object], code: str | None) -> None:
    app = app_with()
    answer = await app.browser().post("/email-otp/send-verification-otp", body)
    assert outcome(answer)[0] == 400
    assert code is None or outcome(answer)[1] in (code, "VALIDATION_ERROR")
    assert app.mailbox.sent == []


def _loud(given: Mapping[str, str]) -> str:
    return f"{given['type']}!"


async def test_the_application_can_deliver_codes_itself() -> None:
    app = app_with(generateOTP=_loud)
    api = EmailOTPApi(app.auth)
    code = await api.create_verification_otp(email=ADA, type="sign-in")
    assert code == "sign-in!"
    assert (await api.get_verification_otp(email=ADA, type="sign-in")).otp == code
    assert (await api.get_verification_otp(email=ADA, type="forget-password")).otp is None
    assert (await sign_in(app, code))[0].status == 200
    assert (await app.browser().post("/email-otp/create-verification-otp", {"email": ADA})).status == 404
    hashing = EmailOTPApi(app_with(storeOTP="hashed").auth)
    with pytest.raises(ApiError, match="OTP is hashed"):
        await hashing.get_verification_otp(email=ADA, type="sign-in")
