"""Attacks on mailed codes: guessed, used by many at once, used for something else, used to find out who is registered."""

from __future__ import annotations

import pytest
from tests.mailing import all_at_once, statuses
from tests.security.test_flt_shut_out import FailingCache

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.services.accounts import AccountKeeper
from gatewright.services.database import Database
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

ADA = "ada@example.com"
PATHS = {
    "sign-in": "/sign-in/email-otp",
    "email-verification": "/email-otp/verify-email",
    "forget-password": "/email-otp/reset-password",
}


def coded(told: list[object] | None = None) -> TestApp:
    box = Mailbox()

    async def tell(user: object, request: object) -> None:
        if told is not None:
            told.append(user)

    options = EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("code")})
    settings = {"email_verification": {"after_email_verification": tell}}
    return make_app(settings, plugins=[EmailOTP(options)], mailbox=box)


async def mailed(app: TestApp, kind: str) -> str:
    await app.browser().post("/email-otp/send-verification-otp", {"email": ADA, "type": kind})
    otp: str = app.mailbox.last("code").otp
    return otp


async def present(app: TestApp, kind: str, otp: str) -> Answer:
    return await app.browser().post(PATHS[kind], {"email": ADA, "otp": otp, "password": "password-5678"})


def others(code: str, count: int) -> list[str]:
    return [f"{number:06d}" for number in range(count + 1) if f"{number:06d}" != code][:count]


@pytest.mark.parametrize("kind", list(PATHS))
async def test_one_03_08_09_of_fifty_with_the_right_code_one_gets_through(kind: str) -> None:
    told: list[object] = []
    app = coded(told)
    await app.signed_up()
    code = await mailed(app, kind)
    answers = await all_at_once([lambda: present(app, kind, code)] * 50)
    assert statuses(answers) == {200: 1, 400: 49}
    assert {answer.json["code"] for answer in answers if answer.status == 400} == {"INVALID_OTP"}
    assert await app.auth.services.database.count(User) == 1
    # Signing in voids the session from before the address was proven, and begins one; a new password voids it too.
    assert await app.auth.services.database.count(Session) == (0 if kind == "forget-password" else 1)
    assert len(told) == (1 if kind == "email-verification" else 0)


async def test_one_04_fifty_guesses_at_once_are_answered_three_times() -> None:
    app = coded()
    code = await mailed(app, "sign-in")
    answers = await all_at_once([lambda guess=guess: present(app, "sign-in", guess) for guess in others(code, 50)])
    codes = [answer.json["code"] for answer in answers]
    assert codes.count("TOO_MANY_ATTEMPTS") >= 1
    assert (await present(app, "sign-in", code)).json["code"] == "INVALID_OTP"


@pytest.mark.parametrize("made", list(PATHS))
@pytest.mark.parametrize("used", list(PATHS))
async def test_one_15_a_code_is_good_for_its_own_purpose_only(made: str, used: str) -> None:
    app = coded()
    await app.signed_up()
    code = await mailed(app, made)
    if used != made:
        assert (await present(app, used, code)).json["code"] == "INVALID_OTP"
    assert (await present(app, made, code)).status == 200


async def test_lnk_01_who_signed_up_with_an_address_of_somebody_else_is_out() -> None:
    app = coded()
    attacker = await app.signed_up()
    assert (await present(app, "sign-in", await mailed(app, "sign-in"))).status == 200
    assert (await attacker.get("/get-session")).json is None
    assert await app.auth.services.database.count(Account) == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/email-otp/send-verification-otp", {"type": "forget-password"}),
        ("/email-otp/send-verification-otp", {"type": "email-verification"}),
        ("/email-otp/request-password-reset", {}),
        ("/email-otp/check-verification-otp", {"type": "forget-password", "otp": "000000"}),
        ("/email-otp/reset-password", {"otp": "000000", "password": "password-5678"}),
    ],
)
async def test_enu_05_06_an_unknown_address_is_answered_like_a_known_one(path: str, body: dict[str, str]) -> None:
    app = coded()
    await app.signed_up()
    known, unknown = [await app.browser().post(path, {"email": email, **body}) for email in (ADA, "b@example.com")]
    assert (known.status, known.body, known.headers) == (unknown.status, unknown.body, unknown.headers)


async def test_rlm_the_fourth_request_for_a_code_in_a_minute_is_refused() -> None:
    box = Mailbox()
    options = EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("code")})
    app = make_app({"rate_limit": {"enabled": True}}, plugins=[EmailOTP(options)], mailbox=box)
    body = {"email": ADA, "type": "sign-in"}
    answers = [(await app.browser().post("/email-otp/send-verification-otp", body)).status for _ in range(4)]
    assert answers == [200, 200, 200, 429]


@pytest.mark.parametrize("strategy", ["rotate", "reuse"])
async def test_one_19_of_two_codes_that_were_asked_for_one_is_good(strategy: str) -> None:
    box = Mailbox()
    options = EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("code"), "resendStrategy": strategy})
    app = make_app(plugins=[EmailOTP(options)], mailbox=box)
    first = await mailed(app, "sign-in")
    second = await mailed(app, "sign-in")
    assert (first == second) is (strategy == "reuse")
    if strategy == "rotate":
        assert (await present(app, "sign-in", first)).status == 400
    assert (await present(app, "sign-in", second)).status == 200
    assert (await present(app, "sign-in", second)).status == 400


@pytest.mark.parametrize("fails", [True, False])
async def test_flt_34_a_code_that_sets_a_password_ends_the_sessions_with_it(fails: bool) -> None:
    box, cache = Mailbox(), FailingCache()
    options = EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("code")})
    app = make_app(
        {"email_and_password": {"enabled": True, "revoke_sessions_on_password_reset": True}},
        plugins=[EmailOTP(options)],
        mailbox=box,
        cache=cache,
    )
    thief = await app.as_user(ADA)
    code = await mailed(app, "forget-password")
    services = app.auth.services
    set_password = services.accounts.create_credential

    class Keeper(AccountKeeper):
        async def create_credential(self, db: Database, user_id: str, password_hash: str) -> Account:
            made = await set_password(db, user_id, password_hash)
            cache.left = 0 if fails else None
            return made

    services.accounts = Keeper()
    answer = await present(app, "forget-password", code)
    cache.left = None
    assert answer.status == (503 if fails else 200)
    assert await services.database.count(Account) == (0 if fails else 1)
    assert ((await thief.get("/get-session")).json is None) is not fails
