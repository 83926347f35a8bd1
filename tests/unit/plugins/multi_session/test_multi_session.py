"""Several users in one browser."""

from __future__ import annotations

import pytest

from gatewright.model.session import Session
from gatewright.plugins.multi_session import MultiSession, MultiSessionOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser

pytestmark = pytest.mark.anyio

MARK = "better-auth.session_token_multi-"


def app_with(**options: object) -> TestApp:
    return make_app(plugins=[MultiSession(MultiSessionOptions.model_validate(options))])


async def sign_up(browser: Browser, name: str) -> str:
    """The token of a new user's session."""
    body = {"name": name, "email": f"{name}@example.com", "password": "password-1234"}
    token: str = (await browser.post("/sign-up/email", body)).json["token"]
    return token


async def held(browser: Browser) -> list[str]:
    """Who is signed in in a browser."""
    answer = await browser.get("/multi-session/list-device-sessions")
    assert answer.status == 200
    return sorted(each["user"]["name"] for each in answer.json)


async def active(browser: Browser) -> str | None:
    found = (await browser.get("/get-session")).json
    return None if found is None else found["user"]["name"]


def kept(browser: Browser) -> int:
    return sum(name.startswith(MARK) for name in browser.jar)


async def test_a_browser_keeps_who_signs_in_and_goes_on_as_any_of_them() -> None:
    app = app_with()
    browser = app.browser()
    ada, bob = await sign_up(browser, "ada"), await sign_up(browser, "bob")
    assert (await held(browser), await active(browser)) == (["ada", "bob"], "bob")
    answer = await browser.post("/multi-session/set-active", {"sessionToken": ada})
    assert (answer.status, answer.json["session"]["token"], answer.json["user"]["name"]) == (200, ada, "ada")
    assert (await active(browser), browser.cookie(MARK + bob.lower()) is not None) == ("ada", True)


async def test_a_user_is_kept_once() -> None:
    app = app_with()
    browser = app.browser()
    await sign_up(browser, "ada")
    again = await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert (kept(browser), await held(browser)) == (1, ["ada"])
    (session,) = await app.auth.services.database.find_many(Session)
    assert session.token == again.json["token"]


async def test_beyond_the_maximum_nobody_is_kept() -> None:
    browser = app_with(maximumSessions=2).browser()
    for name in ("ada", "bob", "eve"):
        await sign_up(browser, name)
    assert (kept(browser), await held(browser), await active(browser)) == (2, ["ada", "bob"], "eve")


async def test_ending_the_active_session_goes_on_as_another_and_at_last_as_nobody() -> None:
    app = app_with()
    browser = app.browser()
    ada, bob = await sign_up(browser, "ada"), await sign_up(browser, "bob")
    assert (await browser.post("/multi-session/revoke", {"sessionToken": bob})).json == {"status": True}
    assert (await held(browser), await active(browser)) == (["ada"], "ada")
    assert (await browser.post("/multi-session/revoke", {"sessionToken": ada})).status == 200
    assert (await active(browser), browser.jar) == (None, {})
    assert await app.auth.services.database.count(Session) == 0
    assert (await browser.post("/multi-session/revoke", {"sessionToken": ada})).status == 401


async def test_ending_another_session_leaves_the_active_one() -> None:
    browser = app_with().browser()
    ada = await sign_up(browser, "ada")
    await sign_up(browser, "bob")
    assert (await browser.post("/multi-session/revoke", {"sessionToken": ada})).status == 200
    assert (await held(browser), await active(browser)) == (["bob"], "bob")


async def test_signing_out_signs_everybody_out() -> None:
    app = app_with()
    browser = app.browser()
    for name in ("ada", "bob"):
        await sign_up(browser, name)
    assert (await browser.post("/sign-out")).status == 200
    assert (browser.jar, await app.auth.services.database.count(Session)) == ({}, 0)


async def test_a_session_that_is_over_is_not_listed_and_not_activated() -> None:
    app = make_app({"session": {"expiresIn": 3600}}, plugins=[MultiSession()])
    browser = app.browser()
    ada = await sign_up(browser, "ada")
    app.clock.advance(minutes=50)
    await sign_up(browser, "bob")
    app.clock.advance(minutes=20)
    assert await held(browser) == ["bob"]
    answer = await browser.post("/multi-session/set-active", {"sessionToken": ada})
    assert (answer.status, answer.json["code"]) == (401, "INVALID_SESSION_TOKEN")


async def test_a_browser_without_cookies_holds_nothing() -> None:
    assert await held(app_with().browser()) == []


async def test_the_server_acts_for_a_browser() -> None:
    plugin = MultiSession()
    app = make_app(plugins=[plugin])
    browser = app.browser()
    ada = await sign_up(browser, "ada")
    api = app.auth.of(plugin).on({"cookie": browser.cookie_header()})
    (data,) = await api.list_device_sessions()
    assert (data.session.token, (await api.set_active_session(session_token=ada)).user.name) == (ada, "ada")
    assert (await api.revoke_device_session(session_token=ada)).status is True
