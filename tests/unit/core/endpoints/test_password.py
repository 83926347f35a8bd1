"""Resetting a forgotten password, through the HTTP door."""

import pytest
from tests.mailing import ADA, mailing_app, requested_reset, signed_in

from gatewright.crypto.passwords import Scrypt
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.settings.callbacks import UserOnly
from gatewright.testing.app import make_app
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

TOLD = {"status": True, "message": "If this email exists in our system, check your email for the reset link"}
INVALID = {"message": "Invalid token", "code": "INVALID_TOKEN"}


async def test_a_link_is_mailed_and_stored_as_the_contract_has_it() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    answer = await browser.post("/request-password-reset", {"email": "ADA@example.com", "redirectTo": "/reset?a=b"})
    assert (answer.status, answer.json) == (200, TOLD)
    mail = app.mailbox.last("reset")
    assert mail.user.email == "ada@example.com"
    assert mail.url == (f"http://localhost:3000/api/auth/reset-password/{mail.token}?callbackURL=%2Freset%3Fa%3Db")
    (row,) = await app.auth.services.database.find_many(Verification)
    assert (row.identifier, row.value) == (f"reset-password:{mail.token}", mail.user.id)
    assert (row.expires_at - app.clock.now()).total_seconds() == 3600


async def test_nothing_is_mailed_to_a_stranger() -> None:
    app = mailing_app()
    answer = await app.browser().post("/request-password-reset", {"email": "nobody@example.com"})
    assert (answer.status, answer.json) == (200, TOLD)
    assert app.mailbox.all("reset") == []
    assert await app.auth.services.database.count(Verification) == 0


async def test_without_a_sender_there_are_no_resets() -> None:
    answer = await make_app().browser().post("/request-password-reset", {"email": "ada@example.com"})
    assert (answer.status, answer.json) == (
        400,
        {"message": "Reset password isn't enabled", "code": "RESET_PASSWORD_DISABLED"},
    )


async def test_a_sender_that_fails_is_not_told() -> None:
    async def broken(mail: object, request: object) -> None:
        raise OSError("no mail server")

    app = mailing_app(passwords={"send_reset_password": broken})
    await app.signed_up()
    answer = await app.browser().post("/request-password-reset", {"email": "ada@example.com"})
    assert (answer.status, answer.json) == (200, TOLD)
    assert "mailing a password reset failed" in app.log.text()


async def test_the_link_leads_on_with_the_token_and_keeps_it() -> None:
    app = mailing_app()
    await app.signed_up()
    token = await requested_reset(app)
    for _ in range(2):
        answer = await app.browser().get(app.mailbox.last("reset").url)
        assert (answer.status, answer.header("location")) == (302, f"http://localhost:3000/reset?token={token}")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/reset-password/wrong?callbackURL=/reset", "http://localhost:3000/reset?error=INVALID_TOKEN"),
        ("/reset-password/wrong?callbackURL=/reset%3Fa=b", "http://localhost:3000/reset?a=b&error=INVALID_TOKEN"),
        ("/reset-password/wrong?callbackURL=", "http://localhost:3000/api/auth/error?error=INVALID_TOKEN"),
    ],
)
async def test_a_wrong_link_leads_on_with_an_error(path: str, location: str) -> None:
    answer = await mailing_app().browser().get(path)
    assert (answer.status, answer.header("location")) == (302, location)


@pytest.mark.parametrize("place", ["body", "query", "query with an empty body"])
async def test_a_reset_token_works_once(place: str) -> None:
    app = mailing_app()
    await app.signed_up()
    token = await requested_reset(app)
    path = "/reset-password" if place == "body" else f"/reset-password?token={token}"
    body = {"newPassword": "password-5678"}
    if place != "query":
        body["token"] = token if place == "body" else ""
    answer = await app.browser().post(path, body)
    assert (answer.status, answer.json) == (200, {"status": True})
    assert (await signed_in(app, "password-5678"))[0] == 200
    assert (await signed_in(app, "password-1234"))[0] == 401
    again = await app.browser().post(path, body)
    assert (again.status, again.json) == (400, INVALID)
    told = app.mailbox.last("was reset")
    assert isinstance(told, UserOnly)
    assert told.user.email == "ada@example.com"


@pytest.mark.parametrize(("password", "code"), [("short", "PASSWORD_TOO_SHORT"), ("x" * 129, "PASSWORD_TOO_LONG")])
async def test_a_refused_password_does_not_use_up_the_token(password: str, code: str) -> None:
    app = mailing_app()
    await app.signed_up()
    token = await requested_reset(app)
    refused = await app.browser().post("/reset-password", {"newPassword": password, "token": token})
    assert (refused.status, refused.json["code"]) == (400, code)
    answer = await app.browser().post("/reset-password", {"newPassword": "password-5678", "token": token})
    assert answer.status == 200


async def test_a_reset_without_a_token_is_refused() -> None:
    answer = await mailing_app().browser().post("/reset-password", {"newPassword": "password-5678"})
    assert (answer.status, answer.json) == (400, INVALID)


async def test_a_user_without_a_password_is_given_one() -> None:
    app = mailing_app()
    await app.signed_up()
    db = app.auth.services.database
    await db.delete(Account, Account.provider_id.eq("credential"))
    token = await requested_reset(app)
    answer = await app.browser().post("/reset-password", {"newPassword": "password-5678", "token": token})
    assert answer.status == 200
    (account,) = await db.find_many(Account)
    assert (account.provider_id, account.issuer, account.account_id) == (
        "credential",
        "local:credential",
        account.user_id,
    )
    assert (await signed_in(app, "password-5678"))[0] == 200


@pytest.mark.parametrize("revokes", [False, True])
async def test_sessions_end_at_a_reset_if_configured(revokes: bool) -> None:
    app = mailing_app(passwords={"revoke_sessions_on_password_reset": revokes})
    browser = await app.signed_up()
    await app.auth.services.database.update_many(User, set=[User.email_verified.to(True)])
    token = await requested_reset(app)
    await app.browser().post("/reset-password", {"newPassword": "password-5678", "token": token})
    assert ((await browser.get("/get-session")).json is None) is revokes


async def test_a_better_hash_at_sign_in_leaves_a_mailed_link_valid() -> None:
    box = Mailbox()
    app = make_app({"email_and_password": {"enabled": True, "send_reset_password": box.sender("reset")}}, mailbox=box)
    await app.signed_up()
    db = app.auth.services.database
    scrypt = Scrypt().hash(str(ADA["password"]))
    await db.update_many(Account, Account.provider_id.eq("credential"), set=[Account.password.to(scrypt)])
    token = await requested_reset(app)
    app.clock.advance(seconds=5)
    assert (await signed_in(app, "password-1234"))[0] == 200
    (account,) = await db.find_many(Account)
    assert (account.password or "").startswith("$argon2id$")
    answer = await app.browser().post("/reset-password", {"newPassword": "password-5678", "token": token})
    assert answer.status == 200
