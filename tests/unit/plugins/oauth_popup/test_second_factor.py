"""A popup that owes a second factor: it goes to the page for it, and its opener is told once it is given."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.unit.plugins.oauth_popup.test_oauth_popup import APP, BASE, GOOGLE, back, start, told

from gatewright.plugins.bearer import Bearer
from gatewright.plugins.oauth_popup import OAuthPopup
from gatewright.plugins.two_factor import TwoFactor, TwoFactorOptions
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import ORIGIN, Answer, Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

FINISH = f"{BASE}/oauth-popup/finish"
MARK = "better-auth.oauth_popup"


async def owing(*, page: str | None = "/factor") -> TestApp:
    """An instance where the provider's only user has a second factor."""
    box = Mailbox()
    given = {"everywhere": True, "two_factor_page": page, "otp_options": {"send_otp": box.sender("otp")}}
    plugins = [OAuthPopup(), Bearer(), TwoFactor(TwoFactorOptions.model_validate(given))]
    app = make_app({"social_providers": GOOGLE, "trusted_origins": [APP]}, plugins=plugins, mailbox=box)
    FakeGoogle(app.egress, app.clock)
    browser = app.browser()
    await back(browser, await start(browser))
    await app.auth.services.database.update_one(
        TwoFactorUser,
        TwoFactorUser.email.eq("grace@example.com"),
        set=[TwoFactorUser.two_factor_enabled.to(True)],
    )
    app.clock.advance(seconds=10)
    return app


async def given(app: TestApp, browser: Browser) -> Answer:
    """The second factor."""
    assert (await browser.post("/two-factor/send-otp")).status == 200
    return await browser.post("/two-factor/verify-otp", {"code": app.mailbox.last("otp").otp})


def query(answer: Answer) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.header("location") or "").query)


async def test_the_opener_is_told_after_the_factor_as_it_would_be_without_one() -> None:
    app = await owing()
    browser = app.browser()
    answer = await back(browser, await start(browser, callbackURL=f"{APP}/home"))
    assert answer.status == 302
    assert (answer.header("location") or "").startswith(f"{ORIGIN}/factor?")
    assert query(answer) == {"callbackURL": [FINISH], "methods": ["otp"]}
    assert "better-auth.session_token" not in browser.jar
    app.clock.advance(seconds=30)
    assert (await given(app, browser)).status == 200
    answer = await browser.get(FINISH)
    token = browser.cookie("better-auth.session_token")
    message = {"type": "better-auth:oauth-popup", "nonce": "n-1", "token": token, "redirectTo": f"{APP}/home"}
    assert told(answer) == {"message": message, "targetOrigin": APP, "place": f"{APP}/home"}
    assert MARK not in browser.jar
    session = await app.browser(origin=None).get("/get-session", headers={"authorization": f"Bearer {token}"})
    assert session.json["user"]["email"] == "grace@example.com"


async def test_a_new_user_lands_where_new_users_do_in_the_end() -> None:
    app = await owing()
    browser = app.browser()
    await back(browser, await start(browser))
    await given(app, browser)
    assert told(await browser.get(FINISH))["message"]["redirectTo"] == BASE


@pytest.mark.parametrize("before", [False, True])
async def test_whoever_does_not_give_the_factor_is_not_signed_in(before: bool) -> None:
    app = await owing()
    browser = app.browser()
    await back(browser, await start(browser))
    if before:
        # Another session of this browser, older than the popup.
        other = await app.as_user("other@example.com")
        app.clock.advance(seconds=5)
        await back(browser, await start(browser))
        browser.jar.update(other.jar)
    answer = await browser.get(FINISH)
    message: dict[str, Any] = {
        "type": "better-auth:oauth-popup",
        "nonce": "n-1",
        "error": {"code": "second_factor_required"},
    }
    assert told(answer) == {"message": message, "targetOrigin": APP, "place": BASE}
    assert MARK not in browser.jar


async def test_without_a_page_the_opener_is_told_at_once() -> None:
    app = await owing(page=None)
    browser = app.browser()
    answer = await back(browser, await start(browser))
    assert told(answer)["message"]["error"] == {"code": "second_factor_required"}


async def test_a_browser_that_no_popup_has_sent_learns_nothing() -> None:
    app = await owing()
    browser = await app.as_user("other@example.com")
    answer = await browser.get(FINISH)
    assert (answer.status, answer.header("location"), answer.body) == (302, f"{ORIGIN}/", b"")
    # The mark of a popup that has not come back yet says nothing of a factor.
    await start(browser)
    answer = await browser.get(FINISH)
    assert (answer.status, answer.header("location")) == (302, f"{ORIGIN}/")
    assert MARK in browser.jar


async def test_a_mark_of_waiting_is_none_of_beginning() -> None:
    app = await owing()
    browser = app.browser()
    await back(browser, await start(browser))
    begun = await browser.post("/sign-in/social", {"provider": "google", "callbackURL": "/home"})
    state = query_of(begun.json["url"])["state"]
    answer = await browser.get(f"/callback/google?code=c&state={state}")
    assert (answer.status, query(answer)["callbackURL"]) == (302, ["/home"])
