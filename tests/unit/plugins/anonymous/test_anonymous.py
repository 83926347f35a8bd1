"""Guests: signing in as one, becoming somebody, leaving."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.anonymous import Anonymous, AnonymousOptions, LinkedGuest
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


def app_with(settings: dict[str, Any] | None = None, /, **options: object) -> TestApp:
    box = Mailbox()
    given = {"on_link_account": box.sender("link"), **options}
    return make_app(settings, plugins=[Anonymous(AnonymousOptions.model_validate(given))], mailbox=box)


async def guest_of(app: TestApp) -> Browser:
    browser = app.browser()
    assert (await browser.post("/sign-in/anonymous")).status == 200
    return browser


async def users(app: TestApp) -> list[User]:
    return await app.auth.services.database.find_many(User)


async def test_a_guest_has_a_session_a_made_up_name_and_address() -> None:
    app = app_with()
    browser = app.browser()
    answer = await browser.post("/sign-in/anonymous")
    user = answer.json["user"]
    assert (answer.status, user["name"], user["isAnonymous"], user["emailVerified"]) == (200, "Anonymous", True, False)
    head, _, tail = user["email"].partition("@")
    assert (head, tail[-4:], len(tail), tail.lower()) == ("temp", ".com", 36, tail)
    session = (await browser.get("/get-session")).json
    assert (session["session"]["token"], session["user"]) == (answer.json["token"], user)


async def test_a_guest_cannot_become_another_guest() -> None:
    app = app_with()
    browser = await guest_of(app)
    answer = await browser.post("/sign-in/anonymous")
    assert (answer.status, answer.json["code"]) == (400, "ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY")
    assert len(await users(app)) == 1


async def test_somebody_can_become_a_guest_and_stays_in_the_database() -> None:
    app = app_with()
    browser = await app.signed_up()
    assert (await browser.post("/sign-in/anonymous")).json["user"]["isAnonymous"] is True
    assert len(await users(app)) == 2
    assert app.mailbox.sent == []


async def name_of(call: Any) -> str:
    return f"Guest from {call.input.route.path}"


def unnamed(call: object) -> str:
    return ""


async def test_names_and_addresses_are_the_applications_own() -> None:
    app = app_with(generateName=name_of, generateRandomEmail=lambda: "Guest@Example.com")
    user = (await app.browser().post("/sign-in/anonymous")).json["user"]
    assert (user["name"], user["email"]) == ("Guest from /sign-in/anonymous", "guest@example.com")
    again = await app.browser().post("/sign-in/anonymous")
    assert (again.status, again.json["code"]) == (500, "FAILED_TO_CREATE_USER")


async def test_an_address_that_is_none_is_refused_and_an_empty_one_replaced() -> None:
    answer = await app_with(generateRandomEmail=lambda: "nonsense").browser().post("/sign-in/anonymous")
    assert (answer.status, answer.json["code"]) == (400, "INVALID_EMAIL_FORMAT")
    app = app_with(generateRandomEmail=lambda: "", generateName=unnamed, emailDomainName="guests.example.com")
    user = (await app.browser().post("/sign-in/anonymous")).json["user"]
    assert (user["name"], user["email"][:5], user["email"][-19:]) == ("Anonymous", "temp-", "@guests.example.com")


@pytest.mark.parametrize("path", ["/sign-up/email", "/sign-in/email"])
async def test_a_guest_who_signs_in_is_joined_to_the_user_and_removed(path: str) -> None:
    app = app_with()
    if path == "/sign-in/email":
        await app.signed_up()
    browser = await guest_of(app)
    guest = (await browser.get("/get-session")).json
    begun = (await browser.post(path, ADA)).json
    (link,) = app.mailbox.all("link")
    assert isinstance(link, LinkedGuest)
    assert (link.anonymous_user.user.id, link.anonymous_user.session.token) == (
        guest["user"]["id"],
        guest["session"]["token"],
    )
    assert (link.new_user.user.id, link.new_user.session.token) == (begun["user"]["id"], begun["token"])
    assert (link.context.path, link.context.user, link.context.body) == (path, link.anonymous_user.user, ADA)
    assert [user.email for user in await users(app)] == ["ada@example.com"]
    assert [session.token for session in await app.auth.services.database.find_many(Session)][-1] == begun["token"]


async def test_a_sign_in_that_fails_leaves_the_guest_alone() -> None:
    app = app_with()
    browser = await guest_of(app)
    assert (await browser.post("/sign-in/email", ADA)).status == 401
    assert (await browser.get("/get-session")).json["user"]["isAnonymous"] is True
    assert app.mailbox.sent == []


async def test_a_guest_who_is_not_removed_stays_a_guest() -> None:
    app = app_with(disableDeleteAnonymousUser=True)
    browser = await guest_of(app)
    await browser.post("/sign-up/email", ADA)
    assert len(app.mailbox.all("link")) == 1
    assert [user.get("isAnonymous") for user in await users(app)] == [True, False]
    refused = await (await guest_of(app)).post("/delete-anonymous-user")
    assert (refused.status, refused.json["code"]) == (400, "DELETE_ANONYMOUS_USER_DISABLED")


async def test_a_guest_stays_where_moving_fails() -> None:
    async def fail(link: LinkedGuest) -> None:
        raise OSError("no room")

    app = app_with(on_link_account=fail)
    browser = await guest_of(app)
    assert (await browser.post("/sign-up/email", ADA)).status == 500
    assert [user.get("isAnonymous") for user in await users(app)] == [True, False]
    assert (await browser.get("/get-session")).json["user"]["isAnonymous"] is True


async def test_without_a_function_the_guest_is_only_removed() -> None:
    app = make_app(plugins=[Anonymous()])
    browser = await guest_of(app)
    await browser.post("/sign-up/email", ADA)
    assert [user.email for user in await users(app)] == ["ada@example.com"]


async def test_a_followed_magic_link_joins_too() -> None:
    box = Mailbox()
    options = MagicLinkOptions(send_magic_link=box.sender("mail"))
    guests = Anonymous(AnonymousOptions(on_link_account=box.sender("link")))
    app = make_app(plugins=[guests, MagicLink(options)], mailbox=box)
    browser = await guest_of(app)
    await browser.post("/sign-in/magic-link", {"email": "ada@example.com"})
    await browser.get(box.last("mail").url)
    assert box.last("link").context.path == "/magic-link/verify"
    assert [user.email for user in await users(app)] == ["ada@example.com"]


async def test_a_guest_leaves_and_nobody_else_does() -> None:
    app = app_with()
    browser = await guest_of(app)
    answer = await browser.post("/delete-anonymous-user")
    assert (answer.status, answer.json, browser.jar) == (200, {"success": True}, {})
    assert await users(app) == []
    assert (await app.browser().post("/delete-anonymous-user")).status == 401
    real = await (await app.signed_up()).post("/delete-anonymous-user")
    assert (real.status, real.json["code"]) == (403, "USER_IS_NOT_ANONYMOUS")


async def refuse(row: object, context: object) -> bool:
    return False


async def fail(row: object, context: object) -> None:
    raise OSError("the hook fails")


@pytest.mark.parametrize(
    ("table", "stage", "expected"),
    [
        ("user", "create", (500, "FAILED_TO_CREATE_USER")),
        ("session", "create", (400, "COULD_NOT_CREATE_SESSION")),
    ],
)
async def test_a_hook_that_refuses_is_told(table: str, stage: str, expected: tuple[int, str]) -> None:
    app = app_with({"database_hooks": {table: {stage: {"before": refuse}}}})
    answer = await app.browser().post("/sign-in/anonymous")
    assert (answer.status, answer.json["code"]) == expected


@pytest.mark.parametrize("hook", [refuse, fail])
async def test_a_hook_that_keeps_the_guest_does_not_keep_the_user_out(hook: object) -> None:
    app = app_with({"database_hooks": {"user": {"delete": {"before": hook}}}})
    browser = await guest_of(app)
    assert (await browser.post("/sign-up/email", ADA)).status == 200
    assert [user.get("isAnonymous") for user in await users(app)] == [True, False]
    assert [level for level, *_ in app.log.lines] == ([] if hook is refuse else ["error"])


async def test_a_hook_that_keeps_the_sessions_is_told_and_one_that_keeps_the_user_is_not() -> None:
    kept = app_with({"database_hooks": {"session": {"delete": {"before": refuse}}}})
    answer = await (await guest_of(kept)).post("/delete-anonymous-user")
    assert (answer.status, answer.json["code"]) == (500, "FAILED_TO_DELETE_ANONYMOUS_USER_SESSIONS")
    app = app_with({"database_hooks": {"user": {"delete": {"before": refuse}}}})
    browser = await guest_of(app)
    assert (await browser.post("/delete-anonymous-user")).status == 200
    assert (await browser.get("/get-session")).json is None


async def test_nobody_says_of_themselves_that_they_are_a_guest() -> None:
    app = app_with()
    browser = await app.signed_up(isAnonymous=True)
    assert (await browser.get("/get-session")).json["user"]["isAnonymous"] is False
    answer = await browser.post("/update-user", {"isAnonymous": True})
    assert (answer.status, answer.json["code"]) == (400, "FIELD_NOT_ALLOWED")


async def test_the_server_signs_a_guest_in() -> None:
    guests = Anonymous(AnonymousOptions.model_validate({"schema": {"user": {"fields": {"isAnonymous": "is_guest"}}}}))
    app = make_app(plugins=[guests])
    made = await app.auth.of(guests).sign_in_anonymous()
    assert made.user.get("isAnonymous") is True
    reply = await app.auth.reply(guests.parts().endpoints[0].operation())
    assert reply.status == 200
