"""Signing in by a mailed link."""

from __future__ import annotations

import pytest

from gatewright.crypto.hashing import sha256_base64url
from gatewright.model.verification import Verification
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio


def app_with(**options: object) -> TestApp:
    box = Mailbox()
    given = {"send_magic_link": box.sender("link"), **options}
    return make_app(plugins=[MagicLink(MagicLinkOptions.model_validate(given))], mailbox=box)


async def ask(app: TestApp, **body: object) -> str:
    answer = await app.browser().post("/sign-in/magic-link", {"email": "ada@example.com", **body})
    assert (answer.status, answer.json) == (200, {"status": True})
    url: str = app.mailbox.last("link").url
    return url


async def test_a_link_signs_a_new_user_up_and_leads_to_the_place_for_new_users() -> None:
    app = app_with()
    url = await ask(app, name="Ada", callbackURL="/home", newUserCallbackURL="/welcome", metadata={"from": "test"})
    assert app.mailbox.last("link").metadata == {"from": "test"}
    browser = app.browser()
    answer = await browser.get(url)
    assert (answer.status, answer.header("location")) == (302, "http://localhost:3000/welcome")
    user = (await browser.get("/get-session")).json["user"]
    assert (user["name"], user["email"], user["emailVerified"]) == ("Ada", "ada@example.com", True)
    again = await app.browser().get(await ask(app, callbackURL="/home", newUserCallbackURL="/welcome"))
    assert again.header("location") == "http://localhost:3000/home"


async def test_without_a_place_to_go_the_session_is_the_answer() -> None:
    app = app_with()
    await ask(app)
    answer = await app.browser().get(f"/magic-link/verify?token={app.mailbox.last('link').token}")
    assert answer.status == 200
    assert answer.json["session"]["token"] == answer.json["token"]
    assert answer.json["user"]["email"] == "ada@example.com"


async def test_a_link_works_once_and_in_time() -> None:
    app = app_with(expiresIn=60, allowedAttempts=3)
    url = await ask(app, callbackURL="/home?a=1", errorCallbackURL="/oops")
    assert (await app.browser().get(url)).header("location") == "http://localhost:3000/home?a=1"
    assert (await app.browser().get(url)).header("location") == "http://localhost:3000/oops?error=INVALID_TOKEN"
    late = await ask(app, callbackURL="/home?a=1")
    app.clock.advance(seconds=60)
    assert (await app.browser().get(late)).header("location") == "http://localhost:3000/home?a=1&error=INVALID_TOKEN"


@pytest.mark.parametrize("token", ["", "wrong", "a" * 5000, "%F0%9F%98%80"])
async def test_a_text_that_is_no_token_is_refused(token: str) -> None:
    answer = await app_with().browser().get(f"/magic-link/verify?token={token}")
    assert (answer.status, answer.header("location")) == (302, "http://localhost:3000/?error=INVALID_TOKEN")


async def test_a_token_with_a_nul_is_bad_input() -> None:
    assert (await app_with().browser().get("/magic-link/verify?token=%00")).status == 400


async def test_strangers_are_refused_where_nobody_may_sign_up() -> None:
    app = app_with(disableSignUp=True)
    url = await ask(app, callbackURL="/home", errorCallbackURL="/oops")
    answer = await app.browser().get(url)
    assert answer.header("location") == "http://localhost:3000/oops?error=new_user_signup_disabled"
    await app.signed_up()
    assert (await app.browser().get(await ask(app, callbackURL="/home"))).header("location") == (
        "http://localhost:3000/home"
    )


async def digest(token: str) -> str:
    return f"own-{token}"


@pytest.mark.parametrize("how", ["plain", "hashed", {"type": "custom-hasher", "hash": digest}])
async def test_a_token_is_stored_as_the_options_say(how: object) -> None:
    app = app_with(storeToken=how)
    url = await ask(app, callbackURL="/home")
    token: str = app.mailbox.last("link").token
    (row,) = await app.auth.services.database.find_many(Verification)
    expected = {"plain": token, "hashed": sha256_base64url(token)}.get(str(how), f"own-{token}")
    assert row.identifier == expected
    assert (await app.browser().get(url)).header("location") == "http://localhost:3000/home"


async def test_an_application_can_make_its_own_tokens() -> None:
    async def make(email: str) -> str:
        return f"{email}/1 2"

    app = app_with(generateToken=make)
    url = await ask(app, callbackURL="/home")
    assert "token=ada%40example.com%2F1%202&" in url
    assert (await app.browser().get(url)).header("location") == "http://localhost:3000/home"


async def test_a_sender_that_fails_is_logged_and_not_told() -> None:
    async def fail(mail: object, call: object) -> None:
        raise OSError("no mail today")

    app = app_with(send_magic_link=fail)
    answer = await app.browser().post("/sign-in/magic-link", {"email": "ada@example.com"})
    assert (answer.status, answer.json) == (200, {"status": True})
    assert [level for level, *_ in app.log.lines] == ["error"]


async def test_the_rule_for_asking_and_following_is_an_option() -> None:
    box = Mailbox()
    options = MagicLinkOptions.model_validate(
        {"send_magic_link": box.sender("link"), "rate_limit": {"window": 60, "max": 2}}
    )
    app = make_app({"rate_limit": {"enabled": True}}, plugins=[MagicLink(options)])
    asked = [(await app.browser().post("/sign-in/magic-link", {"email": "a@example.com"})).status for _ in range(3)]
    followed = [(await app.browser().get("/magic-link/verify?token=x")).status for _ in range(3)]
    assert (asked, followed) == ([200, 200, 429], [302, 302, 429])


async def test_a_hook_that_refuses_the_user_ends_in_the_place_for_errors() -> None:
    box = Mailbox()

    async def refuse(user: object, context: object) -> bool:
        return False

    app = make_app(
        {"database_hooks": {"user": {"create": {"before": refuse}}}},
        plugins=[MagicLink(MagicLinkOptions(send_magic_link=box.sender("link")))],
        mailbox=box,
    )
    answer = await app.browser().get(await ask(app, callbackURL="/home"))
    assert answer.header("location") == "http://localhost:3000/home?error=failed_to_create_user"
