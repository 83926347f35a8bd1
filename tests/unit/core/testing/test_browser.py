"""A browser keeps cookies, says where it comes from and goes where it is sent; answers tell what they hold."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from gatewright.testing.app import make_app
from gatewright.testing.browser import Browser
from gatewright_integrations.fastapi import CurrentUser, GatewrightFastAPI

pytestmark = pytest.mark.anyio

TOKEN = "better-auth.session_token"


async def test_cookies_are_kept_until_an_answer_ends_them() -> None:
    browser = await make_app().signed_up()
    assert list(browser.jar) == [TOKEN]
    assert (browser.cookie(TOKEN) or "").partition(".")[1] == "."
    answer = await browser.post("/sign-out")
    assert (answer.status, answer.json) == (200, {"success": True})
    assert browser.jar == {}
    assert browser.cookie(TOKEN) is None


async def test_a_browser_is_on_its_own_origin_or_on_another_or_on_none() -> None:
    app = make_app({"base_url": "https://app.example.com"})
    person = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
    own, other, none = app.browser(), app.browser(origin="https://evil.example"), app.browser(origin=None)
    assert (own.origin, other.origin, none.origin) == ("https://app.example.com", "https://evil.example", None)
    for browser, status in ((other, 403), (own, 200), (none, 403)):
        browser.jar.update(a="b")
        assert (await browser.post("/sign-up/email", person)).status == status


async def test_a_redirect_is_followed_and_what_leads_nowhere_is_told() -> None:
    app = make_app()
    browser = app.browser()
    answer = await browser.get("/reset-password/unknown?callbackURL=%2Fapi%2Fauth%2Fok")
    assert (answer.status, answer.header("location")) == (302, "http://localhost:3000/api/auth/ok?error=INVALID_TOKEN")
    followed = await browser.follow(answer)
    assert (followed.status, followed.json, followed.header("location")) == (200, {"ok": True}, None)
    with pytest.raises(AssertionError, match=r"Answer\(200, b'\{\"ok\":true\}'\) leads nowhere"):
        await browser.follow(followed)


async def test_cookies_of_an_answer_that_another_got_are_taken() -> None:
    app = make_app()
    await app.signed_up()
    answer = await app.browser().post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    browser = Browser(app.auth)
    browser.keep(answer.cookies)
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"


async def test_an_application_is_called_as_somebody_and_as_nobody() -> None:
    app = make_app({"base_url": "https://app.example.com"})
    api = FastAPI()
    GatewrightFastAPI(app.auth).init_app(api)

    @api.get("/me")
    async def me(user: CurrentUser) -> str:
        return user.email

    browser = await app.as_user()
    async with browser.client(api) as http:
        assert (await http.get("/me")).json() == "ada@example.com"
        assert (await http.get("/api/auth/get-session")).json()["user"]["email"] == "ada@example.com"
    async with app.browser().client(api) as http:
        assert (await http.get("/me")).status_code == 401


async def test_cookies_go_to_playwright() -> None:
    browser = await make_app({"base_url": "https://app.example.com"}).as_user()
    (cookie,) = browser.storage_state()["cookies"]
    assert browser.storage_state()["origins"] == []
    token = cookie.pop("value")
    expected: dict[str, Any] = {
        "name": "__Secure-better-auth.session_token",
        "domain": "app.example.com",
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": True,
        "sameSite": "Lax",
    }
    assert cookie == expected
    assert token == browser.jar["__Secure-better-auth.session_token"]
