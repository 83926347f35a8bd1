"""Deleting oneself, through the HTTP door."""

import pytest
from tests.mailing import mailing_app, signed_in

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.mailbox import Mailbox
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

DELETED = {"success": True, "message": "User deleted"}
SENT = {"success": True, "message": "Verification email sent"}
INVALID = {"message": "Invalid token", "code": "INVALID_TOKEN"}
GONE = ["better-auth.session_token", "better-auth.session_data", "better-auth.dont_remember"]


def with_mails() -> tuple[TestApp, Mailbox]:
    box = Mailbox()
    return mailing_app(delete_user={"send_delete_account_verification": box.sender("delete")}), box


async def left(app: TestApp) -> tuple[int, int, int]:
    db = app.auth.services.database
    return await db.count(User), await db.count(Session), await db.count(Account)


@pytest.mark.parametrize("body", [{}, {"password": "password-1234"}])
async def test_a_fresh_session_or_the_password_deletes(body: dict[str, str]) -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await signed_in(app, "password-1234")
    answer = await browser.post("/delete-user", body)
    assert (answer.status, answer.json) == (200, DELETED)
    assert [line.split("=")[0] for line in answer.cookies] == GONE
    assert await left(app) == (0, 0, 0)
    assert [user.email for user in app.mailbox.all("deleted")] == ["ada@example.com"]


async def test_an_older_session_needs_the_password() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    app.clock.advance(hours=25)
    answer = await browser.post("/delete-user")
    assert (answer.status, answer.json["code"]) == (400, "SESSION_EXPIRED")
    wrong = await browser.post("/delete-user", {"password": "password-9999"})
    assert (wrong.status, wrong.json) == (400, {"message": "Invalid password", "code": "INVALID_PASSWORD"})
    assert await left(app) == (1, 1, 1)
    assert (await browser.post("/delete-user", {"password": "password-1234"})).json == DELETED


async def test_a_user_without_a_password_cannot_prove_one() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await app.auth.services.database.delete(Account, Account.provider_id.eq("credential"))
    answer = await browser.post("/delete-user", {"password": "password-1234"})
    assert (answer.status, answer.json["code"]) == (400, "CREDENTIAL_ACCOUNT_NOT_FOUND")


async def test_a_mailed_link_deletes_once_and_only_its_user() -> None:
    app, box = with_mails()
    browser, bob = await app.signed_up(), await app.signed_up("bob@example.com")
    answer = await browser.post("/delete-user", {"callbackURL": "/goodbye", "password": "password-1234"})
    assert (answer.status, answer.json, answer.cookies) == (200, SENT, [])
    mail = box.last("delete")
    assert mail.url == (
        f"http://localhost:3000/api/auth/delete-user/callback?token={mail.token}&callbackURL=%2Fgoodbye"
    )
    (row,) = await app.auth.services.database.find_many(Verification)
    assert (row.identifier, row.value) == (f"delete-account-{mail.token}", mail.user.id)
    assert (row.expires_at - app.clock.now()).total_seconds() == 86400
    stranger = await app.browser().get(mail.url)
    assert (stranger.status, stranger.json["code"]) == (404, "FAILED_TO_GET_USER_INFO")
    for other in (await bob.get(mail.url), await bob.post("/delete-user", {"token": mail.token})):
        assert (other.status, other.json) == (404, INVALID)
    followed = await browser.get(mail.url)
    assert (followed.status, followed.header("location")) == (302, "/goodbye")
    assert [line.split("=")[0] for line in followed.cookies] == GONE
    assert await left(app) == (1, 1, 1)


async def test_a_mailed_link_asks_the_store_whether_its_user_is_signed_in() -> None:
    box = Mailbox()
    app = mailing_app(
        delete_user={"send_delete_account_verification": box.sender("delete")},
        options={"session": {"cookie_cache": {"enabled": True}}},
    )
    browser = await app.signed_up()
    await browser.post("/delete-user", {})
    kept = dict(browser.jar)
    await browser.post("/revoke-sessions")
    browser.jar.update(kept)
    answer = await browser.get(box.last("delete").url)
    assert (answer.status, answer.json["code"]) == (404, "FAILED_TO_GET_USER_INFO")
    assert await left(app) == (1, 0, 1)


async def test_a_mailed_token_deletes_when_it_is_sent() -> None:
    app, box = with_mails()
    browser = await app.signed_up()
    await browser.post("/delete-user")
    wrong = await browser.post("/delete-user", {"token": "x" * 32})
    assert (wrong.status, wrong.json) == (404, INVALID)
    answer = await browser.post("/delete-user", {"token": box.last("delete").token})
    assert (answer.status, answer.json) == (200, DELETED)
    assert await left(app) == (0, 0, 0)


async def test_a_link_without_a_place_to_go_says_it_is_done() -> None:
    app, box = with_mails()
    browser = await app.signed_up()
    await browser.post("/delete-user")
    answer = await browser.get(f"/delete-user/callback?token={box.last('delete').token}")
    assert (answer.status, answer.json) == (200, DELETED)


async def test_the_application_may_refuse() -> None:
    async def no(user: User, request: object) -> None:
        raise ApiError(403, code="NOT_TODAY", message=f"Not today, {user.name}")

    app = mailing_app(delete_user={"before_delete": no})
    browser = await app.signed_up()
    answer = await browser.post("/delete-user")
    assert (answer.status, answer.json) == (403, {"message": "Not today, Ada", "code": "NOT_TODAY"})
    assert await left(app) == (1, 1, 1)


async def test_nobody_deletes_themselves_where_that_is_off() -> None:
    app = make_app()
    browser = await app.signed_up()
    answer = await browser.post("/delete-user")
    assert (answer.status, answer.body) == (404, b"")
    callback = await browser.get("/delete-user/callback?token=x")
    assert (callback.status, callback.json) == (404, {"message": "Not found", "code": "NOT_FOUND"})
    assert (await app.browser().post("/delete-user")).status == 401
