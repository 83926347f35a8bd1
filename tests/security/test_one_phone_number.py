"""Attacks on numbers: codes used by many at once, guessed, of other flows; numbers told apart and flooded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.mailing import CountingPasswords, all_at_once, statuses
from tests.unit.plugins.phone_number.phones import NUMBER, SIGN_UP, app_with, code_for, reset_code_for, verified

from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.plugins.phone_number import PhoneNumber, PhoneNumberOptions
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import make_app
from gatewright.testing.browser import Answer
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio


async def test_one_05_of_fifty_with_one_code_one_is_signed_up(store: Adapter) -> None:
    app = app_with(adapter=store, signUpOnVerification=SIGN_UP)
    await store.create_tables(app.auth.blueprint.plan.schema)
    code = await code_for(app)
    answers = await all_at_once([lambda: verified(app.browser(), code)] * 50)
    assert statuses(answers) == {200: 1, 400: 49}
    assert {each.json["code"] for each in answers if each.status == 400} <= {"OTP_NOT_FOUND", "INVALID_OTP"}
    database = app.auth.services.database
    assert (await database.count(User), await database.count(Session)) == (1, 1)


async def test_one_08_of_fifty_with_one_code_one_sets_the_password(store: Adapter) -> None:
    scheme = CountingPasswords()
    own = {"enabled": True, "password": {"hash": scheme.hash, "verify": scheme.verify}}
    app = app_with({"email_and_password": own}, adapter=store)
    await store.create_tables(app.auth.blueprint.plan.schema)
    await app.signed_up(phoneNumber=NUMBER)
    code = await reset_code_for(app)

    async def reset(number: int) -> Answer:
        body = {"phoneNumber": NUMBER, "otp": code, "newPassword": f"password-{number:04}"}
        return await app.browser().post("/phone-number/reset-password", body)

    answers = await all_at_once([lambda number=number: reset(number) for number in range(50)])
    assert statuses(answers) == {200: 1, 400: 49}
    won = next(number for number, answer in enumerate(answers) if answer.status == 200)
    body = {"phoneNumber": NUMBER, "password": f"password-{won:04}"}
    assert (await app.browser().post("/sign-in/phone-number", body)).status == 200


async def test_one_04_of_fifty_guesses_at_once_three_are_answered(store: Adapter) -> None:
    app = app_with(adapter=store, signUpOnVerification=SIGN_UP)
    await store.create_tables(app.auth.blueprint.plan.schema)
    code = await code_for(app)
    answers = await all_at_once([lambda: verified(app.browser(), "wrong")] * 50)
    told = [each.json["code"] for each in answers]
    assert told.count("TOO_MANY_ATTEMPTS") >= 1
    assert (await verified(app.browser(), code)).json["code"] == "OTP_NOT_FOUND"


async def test_race_35_of_twenty_who_sign_up_with_a_number_all_are_one_user() -> None:
    async def every(code: object, call: object) -> bool:
        return True

    app = app_with(signUpOnVerification=SIGN_UP, verifyOTP=every)
    answers = await all_at_once([lambda: verified(app.browser(), "1")] * 20)
    assert statuses(answers) == {200: 20}
    assert len({each.json["user"]["id"] for each in answers}) == 1
    assert await app.auth.services.database.count(User) == 1


@pytest.mark.parametrize(
    "identifier", ["sign-in-otp-ada@example.com", "reset-password:abc", f"{NUMBER}-request-password-reset"]
)
async def test_one_15_a_value_of_another_flow_is_refused_and_stays(identifier: str) -> None:
    app = app_with(signUpOnVerification=SIGN_UP, allowedAttempts=1)
    services = app.auth.services
    expires_at = services.clock.now() + timedelta(minutes=5)
    await services.verifications.create(services.database, identifier, "123456:0", expires_at=expires_at)
    for code in ("123456", "000000", "000000"):
        answer = await verified(app.browser(), code, identifier)
        assert (answer.status, answer.json["code"]) == (400, "OTP_NOT_FOUND")
    row = await services.verifications.find(services.database, identifier)
    assert row is not None
    assert row.value == "123456:0"


async def test_one_15_a_code_of_this_flow_is_refused_by_others_and_stays() -> None:
    box = Mailbox()
    phones = PhoneNumber(
        PhoneNumberOptions.model_validate({"sendOTP": box.sender("code"), "signUpOnVerification": SIGN_UP})
    )
    mails = EmailOTP(EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("mail")}))
    app = make_app(plugins=[phones, mails], mailbox=box)
    code = await code_for(app)
    body = {"phoneNumber": NUMBER, "otp": code, "newPassword": "password-5678"}
    assert (await app.browser().post("/phone-number/reset-password", body)).json["code"] == "OTP_NOT_FOUND"
    by_mail = await app.browser().post("/sign-in/email-otp", {"email": "ada@example.com", "otp": code})
    assert by_mail.json["code"] == "INVALID_OTP"
    assert (await verified(app.browser(), code)).status == 200


async def test_enu_08_known_and_unknown_numbers_are_answered_alike_and_cost_the_same() -> None:
    scheme = CountingPasswords()
    own = {"enabled": True, "password": {"hash": scheme.hash, "verify": scheme.verify}}
    app = app_with({"email_and_password": own}, requireVerification=True)
    await app.signed_up(phoneNumber=NUMBER)
    seen: list[object] = []
    for number in (NUMBER, "+12015550199"):
        before, told = scheme.work, list[object]()
        for path, more in (
            ("/phone-number/send-otp", {}),
            ("/phone-number/verify", {"code": "1"}),
            ("/sign-in/phone-number", {"password": "wrong-password"}),
            ("/phone-number/request-password-reset", {}),
            *[("/phone-number/reset-password", {"otp": "1", "newPassword": "password-5678"})] * 4,
        ):
            answer = await app.browser().post(path, {"phoneNumber": number, **more})
            told.append((answer.status, answer.body, answer.headers))
        seen.append((told, scheme.work - before))
    assert seen[0] == seen[1]
    assert len(app.mailbox.all("reset")) == 1


async def test_enu_08_only_whoever_knows_the_password_learns_that_a_number_is_not_verified() -> None:
    app = app_with(requireVerification=True)
    await app.signed_up(phoneNumber=NUMBER)
    body = {"phoneNumber": NUMBER, "password": "wrong-password"}
    answer = await app.browser().post("/sign-in/phone-number", body)
    assert (answer.status, answer.json["code"]) == (401, "INVALID_PHONE_NUMBER_OR_PASSWORD")
    assert app.mailbox.sent == []


async def test_inp_25_nobody_says_that_a_number_is_verified() -> None:
    app = app_with()
    body = {"name": "A", "email": "a@example.com", "password": "password-1234", "phoneNumberVerified": True}
    answer = await app.browser().post("/sign-up/email", body)
    assert (answer.status, answer.json["code"]) == (400, "FIELD_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/phone-number/send-otp", 10),
        ("/phone-number/verify", 10),
        ("/phone-number/request-password-reset", 10),
        ("/phone-number/reset-password", 10),
        ("/sign-in/phone-number", 3),
    ],
)
async def test_rlm_01_each_operation_has_its_limit(path: str, limit: int) -> None:
    app = app_with({"rate_limit": {"enabled": True}})
    body = {"phoneNumber": NUMBER, "code": "1", "otp": "1", "newPassword": "password-5678", "password": "password-1234"}
    answers = [(await app.browser().post(path, body)).status for _ in range(limit + 1)]
    assert (429 in answers[:limit], answers[limit]) == (False, 429)


@pytest.mark.parametrize("number", [NUMBER, "+12015550199"])
async def test_rlm_08_guesses_at_the_password_of_a_number_end_whoever_guesses(number: str) -> None:
    limits = {"enabled": True, "per_account": {"passwords": {"window": 60, "max": 3}}, "customRules": {"/**": False}}
    app = app_with({"rate_limit": limits})
    await app.signed_up(phoneNumber=NUMBER)
    body = {"phoneNumber": number, "password": "wrong-password"}
    statuses = [(await app.browser().post("/sign-in/phone-number", body)).status for _ in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    # An address and a number are two ways to one password.
    by_mail = {"email": "ada@example.com", "password": "wrong-password"}
    told = (await app.browser().post("/sign-in/email", by_mail)).status
    assert told == (429 if number == NUMBER else 401)
