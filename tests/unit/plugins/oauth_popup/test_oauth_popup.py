"""Signing in at a provider in a popup: how it begins, what its opener is told, and who is told nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from gatewright.api import CoreApi
from gatewright.model.verification import Verification
from gatewright.plugins.bearer import Bearer
from gatewright.plugins.last_login_method import LastLoginMethod
from gatewright.plugins.oauth_popup import OAuthPopup, OAuthPopupApi
from gatewright.plugins.oauth_popup.faults import PopupBlocked, PopupClosed, PopupSignInFailed, PopupTimeout
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import ORIGIN, Answer, Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.wire.kinds import Redirect

pytestmark = pytest.mark.anyio

APP = "https://app.example.com"
GOOGLE: Any = {"google": {"client_id": "google-id", "client_secret": "google-secret"}}
BASE = f"{ORIGIN}/api/auth"


def made(**settings: Any) -> TestApp:
    plugins = [OAuthPopup(), Bearer(), LastLoginMethod()]
    app = make_app({"social_providers": GOOGLE, "trusted_origins": [APP], **settings}, plugins=plugins)
    FakeGoogle(app.egress, app.clock)
    return app


async def start(browser: Browser, **query: str) -> Answer:
    asked = {"provider": "google", "popupOrigin": APP, "popupNonce": "n-1", **query}
    return await browser.get(f"/oauth-popup/start?{urlencode(asked)}")


async def back(browser: Browser, begun: Answer, more: str = "code=c") -> Answer:
    return await browser.get(f"/callback/google?{more}&state={query_of(begun.header('location') or '')['state']}")


def told(answer: Answer) -> dict[str, Any]:
    """What the page holds."""
    assert answer.status == 200, answer
    found = re.search(r'id="better-auth-oauth-popup">(.*?)</script>', answer.body.decode(), re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


async def test_the_opener_is_told_the_token() -> None:
    app = made()
    browser = app.browser()
    begun = await start(browser)
    assert begun.status == 302
    answer = await back(browser, begun)
    token = browser.cookie("better-auth.session_token")
    message = {"type": "better-auth:oauth-popup", "nonce": "n-1", "token": token, "redirectTo": BASE}
    assert told(answer) == {"message": message, "targetOrigin": APP, "place": BASE}
    assert (answer.header("set-auth-token"), answer.header("location")) == (token, BASE)
    session = await app.browser(origin=None).get("/get-session", headers={"authorization": f"Bearer {token}"})
    assert session.json["user"]["email"] == "grace@example.com"


async def test_other_plugins_have_their_say_too() -> None:
    app = made()
    browser = app.browser()
    await back(browser, await start(browser))
    assert browser.jar["better-auth.last_used_login_method"] == "google"


async def test_what_the_popup_asks_for_is_what_a_sign_in_asks_for() -> None:
    app = made()
    browser = app.browser()
    begun = await start(
        browser,
        callbackURL=f"{APP}/home",
        errorCallbackURL="/bad",
        newUserCallbackURL="/new",
        scopes="a,b c",
        requestSignUp="true",
        additionalData='{"x": 1}',
    )
    assert query_of(begun.header("location") or "")["scope"] == "email profile openid a b c"
    (row,) = await app.auth.services.database.find_many(Verification)
    state = json.loads(row.value)
    kept = {name: state[name] for name in ("x", "callbackURL", "errorURL", "newUserURL", "requestSignUp")}
    assert kept == {
        "x": 1,
        "callbackURL": f"{APP}/home",
        "errorURL": "/bad",
        "newUserURL": "/new",
        "requestSignUp": True,
    }
    assert told(await back(browser, begun))["message"]["redirectTo"] == "/new"


@pytest.mark.parametrize("data", ["nonsense", "[1]", "1", ""])
async def test_what_is_no_object_is_no_additional_data(data: str) -> None:
    app = made()
    assert (await start(app.browser(), additionalData=data)).status == 302
    (row,) = await app.auth.services.database.find_many(Verification)
    assert set(json.loads(row.value)) == {"callbackURL", "codeVerifier", "expiresAt", "oauthState"}


async def test_the_mark_is_gone_afterwards_and_without_it_a_callback_is_a_callback() -> None:
    app = made()
    browser = app.browser()
    await back(browser, await start(browser))
    assert "better-auth.oauth_popup" not in browser.jar
    answer = await browser.post("/sign-in/social", {"provider": "google", "callbackURL": "/home"})
    state = query_of(answer.json["url"])["state"]
    assert (await browser.get(f"/callback/google?code=c&state={state}")).status == 302


# What goes wrong -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ("error=access_denied&error_description=no", {"code": "access_denied", "description": "no"}),
        ("code=", {"code": "no_code"}),
    ],
)
async def test_the_opener_is_told_what_the_provider_says(more: str, error: dict[str, str]) -> None:
    browser = made().browser()
    answer = await back(browser, await start(browser, errorCallbackURL="/bad"), more)
    assert told(answer)["message"] == {"type": "better-auth:oauth-popup", "nonce": "n-1", "error": error}
    assert "better-auth.oauth_popup" not in browser.jar


async def test_the_opener_is_told_that_a_state_does_not_hold() -> None:
    browser = made().browser()
    await start(browser)
    answer = await browser.get("/callback/google?code=c&state=nobodys")
    assert told(answer)["message"]["error"] == {"code": "state_mismatch"}


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"provider": "nope"}, {"code": "provider_not_found", "description": "Unknown provider: nope"}),
        (
            {"callbackURL": "https://evil.test"},
            {"code": "invalid_callback_url", "description": "Untrusted URL: https://evil.test"},
        ),
        (
            {"errorCallbackURL": "//evil.test"},
            {"code": "invalid_error_callback_url", "description": "Untrusted URL: //evil.test"},
        ),
        (
            {"newUserCallbackURL": "javascript:x"},
            {"code": "invalid_new_user_callback_url", "description": "Untrusted URL: javascript:x"},
        ),
    ],
)
async def test_the_opener_is_told_why_nothing_begins(query: dict[str, str], error: dict[str, str]) -> None:
    answer = await start(made().browser(), **query)
    assert told(answer)["message"]["error"] == error
    assert answer.cookies == []


async def test_data_that_no_state_holds_is_refused() -> None:
    answer = await start(made().browser(), additionalData=json.dumps({"x": "y" * 70_000}))
    assert told(answer)["message"]["error"]["code"] == "validation_error"
    assert answer.cookies == []


@pytest.mark.parametrize("origin", ["https://evil.test", "https://app.example.com.evil.test", "null", "/x", "", "*"])
async def test_a_page_elsewhere_opens_nothing(origin: str) -> None:
    answer = await start(made().browser(), popupOrigin=origin)
    assert (answer.status, answer.json["code"], answer.cookies) == (403, "INVALID_ORIGIN", [])


async def test_provider_and_opener_are_needed() -> None:
    browser = made().browser()
    for query in ("provider=google", f"popupOrigin={quote(APP)}"):
        answer = await browser.get(f"/oauth-popup/start?{query}")
        assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("mark", ["x", "{}", '{"popupOrigin": 1}', "[]"])
async def test_a_mark_that_nobody_understands_is_ignored(mark: str) -> None:
    app = made()
    browser = app.browser()
    begun = await start(browser)
    browser.jar["better-auth.oauth_popup"] = quote(app.auth.blueprint.plan.signer.sign(mark), safe="")
    assert (await back(browser, begun)).status == 302


async def test_a_mark_without_our_signature_is_ignored() -> None:
    browser = made().browser()
    begun = await start(browser)
    browser.jar["better-auth.oauth_popup"] = quote(
        '{"popupOrigin":"https://evil.test","popupNonce":"x"}.' + "A" * 43 + "="
    )
    assert (await back(browser, begun)).status == 302


# The page ------------------------------------------------------------------------------------------------------------


async def test_only_the_pages_own_script_runs_and_nobody_keeps_the_page() -> None:
    browser = made().browser()
    answer = await back(browser, await start(browser))
    scripts = re.findall(r"<script>(.*?)</script>", answer.body.decode(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert len(scripts) == 1
    assert answer.header("content-security-policy") == (
        f"default-src 'none'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors {APP}"
    )
    assert answer.header("cache-control") == "no-store"
    assert answer.header("content-type") == "text/html; charset=utf-8"


async def test_nothing_that_is_told_leaves_its_element() -> None:
    browser = made().browser()
    nonce = "</script><script>alert(1)</script><!--&\u2028"
    answer = await back(browser, await start(browser, popupNonce=nonce), "error=%3C%2Fscript%3E%3Cb%3E")
    data = told(answer)
    assert (data["message"]["nonce"], data["message"]["error"]) == (nonce, {"code": "</script><b>"})
    assert answer.body.decode().count("<script") == 2
    assert answer.body.decode().count("</script>") == 2


# The application's own calls -----------------------------------------------------------------------------------------


class Api(CoreApi, OAuthPopupApi):
    """What this application calls."""


async def test_the_server_may_call_it_too() -> None:
    app = make_app({"social_providers": GOOGLE}, plugins=[OAuthPopup()], api=Api)
    answer = await app.auth.api.oauth_popup_start(provider="google", popup_origin=ORIGIN)
    assert isinstance(answer, Redirect)


def test_a_page_knows_how_popups_fail() -> None:
    assert {
        fault.default_code: fault.default_message
        for fault in (PopupSignInFailed, PopupBlocked, PopupClosed, PopupTimeout)
    } == {
        "POPUP_SIGN_IN_FAILED": "Popup sign-in failed",
        "POPUP_BLOCKED": "Sign-in popup was blocked by the browser",
        "POPUP_CLOSED": "Sign-in popup was closed before completing",
        "POPUP_TIMEOUT": "Sign-in popup timed out",
    }
