"""SES: sessions that end are ended wherever they are kept, and what a stateless instance believes."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.http.cookies import encode_uri_component
from gatewright.model.session import Session
from gatewright.plugins import Admin
from gatewright.testing.app import make_app
from gatewright.testing.browser import Browser
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

NAME = "better-auth.session_token"
BOTH = pytest.mark.parametrize("both", [False, True], ids=["storage", "storage and database"])


@BOTH
async def test_ses_17_a_deleted_user_has_no_session_anywhere(*, both: bool) -> None:
    cache = MemoryCache()
    options = {"user": {"delete_user": {"enabled": True}}, "session": {"store_session_in_database": both}}
    app = make_app(options, cache=cache)
    one = await app.signed_up()
    other = app.browser()
    await other.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert (await one.post("/delete-user", {"password": "password-1234"})).status == 200
    for browser in (one, other):
        assert (await browser.get("/get-session")).json is None
    assert await app.auth.services.database.count(Session) == 0
    assert list(cache.keys()) == []


@BOTH
async def test_ses_17_a_banned_user_has_no_session_anywhere(*, both: bool) -> None:
    cache = MemoryCache()
    app = make_app({"session": {"store_session_in_database": both}}, cache=cache, plugins=[Admin()])
    admin = await app.signed_up("root@example.com")
    root = (await admin.get("/get-session")).json["user"]["id"]
    services = app.auth.services
    await services.users.update(services.database, root, {"role": "admin"})
    victim = await app.signed_up("eve@example.com")
    user_id = (await victim.get("/get-session")).json["user"]["id"]
    assert (await admin.post("/admin/ban-user", {"userId": user_id})).status == 200
    assert (await victim.get("/get-session")).json is None
    assert f"active-sessions-{user_id}" not in list(cache.keys())
    assert (await admin.get("/get-session")).json is not None


def stateless(**options: Any) -> Browser:
    return make_app(options, stateless=True).browser()


ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


async def test_ses_24_without_a_store_a_changed_copy_is_none() -> None:
    browser = stateless()
    await browser.post("/sign-up/email", ADA)
    name = "better-auth.session_data"
    whole = browser.jar[name]
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
    for position in (0, len(whole) // 2, len(whole) - 2):
        swapped = "A" if whole[position] != "A" else "B"
        browser.jar[name] = whole[:position] + swapped + whole[position + 1 :]
        assert (await _bare(browser)).json is None


async def _bare(browser: Browser) -> Any:
    # Another process of the same instance: it has the secret and nothing else.
    other = stateless()
    other.jar.update({name: value for name, value in browser.jar.items() if "session_data" in name or "token" in name})
    return await other.get("/get-session")


async def test_ses_24_another_process_believes_a_copy_until_it_ends() -> None:
    app = make_app({"session": {"cookie_cache": {"max_age": 60, "refresh_cache": False}}}, stateless=True)
    browser = app.browser()
    await browser.post("/sign-up/email", ADA)
    other = make_app({"session": {"cookie_cache": {"max_age": 60, "refresh_cache": False}}}, stateless=True)
    asking = other.browser()
    asking.jar.update(browser.jar)
    assert (await asking.get("/get-session")).json["user"]["email"] == "ada@example.com"
    other.clock.advance(seconds=61)
    assert (await asking.get("/get-session")).json is None


async def test_ses_24_a_copy_under_another_secret_is_none() -> None:
    browser = stateless()
    await browser.post("/sign-up/email", ADA)
    asking = stateless(secret="another-secret-for-tests-that-is-long-enough")
    asking.jar.update(browser.jar)
    assert (await asking.get("/get-session")).json is None


async def test_ses_07_a_copy_that_is_too_long_for_one_cookie_is_cut() -> None:
    options = {
        "session": {"cookie_cache": {"enabled": True}},
        "user": {"additional_fields": {"bio": {"type": "string", "required": False}}},
    }
    app = make_app(options)
    browser = await app.signed_up(bio="x" * 6000)
    answer = await browser.get("/get-session?disableCookieCache=true")
    lines = [*answer.cookies, *(f"{name}={value}" for name, value in browser.jar.items())]
    assert all(len(line) <= 4096 for line in lines)
    assert sum("session_data." in name for name in browser.jar) > 1
    await app.auth.services.database.delete(Session)
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"


@BOTH
async def test_ses_26_a_session_under_the_key_of_another_is_none(*, both: bool) -> None:
    cache = MemoryCache()
    app = make_app({"session": {"store_session_in_database": both}}, cache=cache)
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    tokens = [(await browser.get("/get-session")).json["session"]["token"] for browser in (ada, eve)]
    users = [(await browser.get("/get-session")).json["user"]["id"] for browser in (ada, eve)]
    texts = [await cache.get(token) or "" for token in tokens]
    mixed = [
        texts[0],  # another's session, with its user
        texts[1].replace(f'"userId":"{users[1]}"', f'"userId":"{users[0]}"'),  # a session of one, the user of another
        texts[1].replace(f'"id":"{users[1]}"', f'"id":"{users[0]}"'),
    ]
    for text in mixed:
        assert text != texts[1]
        await cache.set(tokens[1], text)
        answer = (await eve.get("/get-session")).json
        # The row in the database answers where there is one: for the owner of the cookie, never for another.
        assert (None if answer is None else answer["user"]["id"]) == (users[1] if both else None)
        eve.jar[NAME] = encode_uri_component(app.auth.blueprint.plan.signer.sign(tokens[1]))
    await cache.set(tokens[1], texts[1])
    assert (await eve.get("/get-session")).json["user"]["id"] == users[1]


async def test_ses_11_without_a_store_a_copy_is_all_that_is_asked_and_no_other_goes_out() -> None:
    browser = stateless(social_providers={"google": {"client_id": "google-id", "client_secret": "google-secret"}})
    assert (await browser.post("/sign-up/email", ADA)).status == 200
    answer = await browser.post("/link-social", {"provider": "google", "callbackURL": "/"})
    assert answer.status == 200
    assert not [line for line in answer.cookies if "session" in line.partition("=")[0]]
