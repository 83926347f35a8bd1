"""Signing in at a provider and coming back, through the HTTP door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.settings.callbacks import Mail, ProviderTokens, UserInfo
from gatewright.settings.social import SocialProvider
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import GOOGLE_TOKEN, FakeGoogle, form_of, query_of
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio

GOOGLE: Mapping[str, Any] = {"client_id": "google-id", "client_secret": "google-secret"}
BASE = "http://localhost:3000/api/auth"


def with_google(own: Mapping[str, Any] | None = None, **options: Any) -> tuple[TestApp, FakeGoogle]:
    app = make_app({"social_providers": {"google": {**GOOGLE, **(own or {})}}, **options})
    return app, FakeGoogle(app.egress, app.clock)


async def start(browser: Browser, path: str = "/sign-in/social", **body: object) -> dict[str, str]:
    given = {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops", **body}
    answer = await browser.post(path, given)
    assert answer.status == 200, answer
    return query_of(answer.json["url"])


async def back(browser: Browser, state: str, provider: str = "google") -> Answer:
    return await browser.get(f"/callback/{provider}?code=the-code&state={state}")


async def signed_in(app: TestApp) -> Browser:
    browser = app.browser()
    answer = await back(browser, (await start(browser))["state"])
    assert answer.header("location") == "/home"
    return browser


async def presented(browser: Browser, token: str, path: str = "/sign-in/social", **more: object) -> Answer:
    return await browser.post(path, {"provider": "google", "idToken": {"token": token, **more}})


# Starting ------------------------------------------------------------------------------------------------------------


async def test_the_browser_is_sent_to_the_provider() -> None:
    app, _ = with_google()
    browser = app.browser()
    answer = await browser.post("/sign-in/social", {"provider": "google", "scopes": ["more"], "loginHint": "me"})
    assert answer.json["redirect"] is True
    assert answer.header("location") == answer.json["url"]
    query = query_of(answer.json["url"])
    assert len(query.pop("state")) == 32
    assert len(query.pop("code_challenge")) == 43
    assert query == {
        "response_type": "code",
        "client_id": "google-id",
        "scope": "email profile openid more",
        "redirect_uri": f"{BASE}/callback/google",
        "login_hint": "me",
        "code_challenge_method": "S256",
        "include_granted_scopes": "true",
    }


async def test_without_a_redirect_there_is_no_location() -> None:
    app, _ = with_google()
    answer = await app.browser().post("/sign-in/social", {"provider": "google", "disableRedirect": True})
    assert answer.json["redirect"] is False
    assert answer.header("location") is None


async def test_the_state_is_stored_as_the_contract_says() -> None:
    app, _ = with_google()
    begun = await start(
        app.browser(), newUserCallbackURL="/new", additionalData={"plan": "pro", "callbackURL": "https://evil.example"}
    )
    rows = await app.auth.services.database.find_many(Verification)
    assert [row.identifier for row in rows] == [begun["state"]]
    stored = msgspec.json.decode(rows[0].value)
    assert len(stored.pop("codeVerifier")) == 128
    assert stored == {
        "plan": "pro",
        "callbackURL": "/home",
        "errorURL": "/oops",
        "newUserURL": "/new",
        "expiresAt": 1767269400000,
        "oauthState": begun["state"],
    }


async def test_an_unknown_provider_is_not_found() -> None:
    app, _ = with_google()
    answer = await app.browser().post("/sign-in/social", {"provider": "nobody"})
    assert (answer.status, answer.json["code"]) == (404, "PROVIDER_NOT_FOUND")


async def test_data_that_is_too_large_is_refused() -> None:
    app, _ = with_google()
    answer = await app.browser().post("/sign-in/social", {"provider": "google", "additionalData": {"x": "y" * 70_000}})
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")


# Coming back ---------------------------------------------------------------------------------------------------------


async def test_a_new_user_lands_where_new_users_do_and_later_where_known_ones_do() -> None:
    app, google = with_google()
    browser = app.browser()
    begun = await start(browser, newUserCallbackURL="/new")
    answer = await back(browser, begun["state"])
    assert (answer.status, answer.header("location")) == (302, "/new")
    session = await browser.get("/get-session")
    assert session.json["user"]["email"] == "grace@example.com"
    assert session.json["user"]["emailVerified"] is True
    again = await start(browser, newUserCallbackURL="/new")
    assert (await back(browser, again["state"])).header("location") == "/home"
    assert google.exchanged == 2
    assert await app.auth.services.database.count(User) == 1


async def test_the_code_is_redeemed_with_the_verifier_of_the_attempt() -> None:
    app, _ = with_google()
    browser = app.browser()
    begun = await start(browser)
    (row,) = await app.auth.services.database.find_many(Verification)
    await back(browser, begun["state"])
    (sent,) = [request for request in app.egress.requests if request.url == GOOGLE_TOKEN]
    assert sent.headers == {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    assert form_of(sent) == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "code_verifier": msgspec.json.decode(row.value)["codeVerifier"],
        "redirect_uri": f"{BASE}/callback/google",
        "client_id": "google-id",
        "client_secret": "google-secret",
    }


async def test_a_posted_answer_comes_again_as_a_get() -> None:
    app, _ = with_google()
    form = b"state=s+1&code=c&user=%7B%22a%22%3A1%7D&unknown=x"
    answer = await app.browser(origin="https://appleid.apple.com").send(
        "POST", "/callback/google", form, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status == 302
    assert answer.header("location") == f"{BASE}/callback/google?code=c&state=s+1&user=%7B%22a%22%3A1%7D"
    assert app.egress.requests == []


async def test_failures_without_an_attempt_go_to_the_error_page() -> None:
    app, _ = with_google()
    answer = await app.browser().get("/callback/google?code=c")
    assert answer.header("location") == f"{BASE}/error?error=state_not_found"


async def test_the_error_page_can_be_the_applications_own() -> None:
    app, _ = with_google(on_api_error={"error_url": "https://app.example.com/err?x=1"})
    answer = await app.browser().get("/callback/google?code=c")
    assert answer.header("location") == "https://app.example.com/err?x=1&error=state_not_found"


async def test_a_provider_that_says_no_is_passed_on() -> None:
    app, _ = with_google()
    browser = app.browser()
    begun = await start(browser)
    answer = await browser.get(f"/callback/google?error=access_denied&error_description=no&state={begun['state']}")
    assert answer.header("location") == "/oops?error=access_denied&error_description=no"


async def test_the_state_can_travel_in_a_cookie() -> None:
    app, _ = with_google(account={"store_state_strategy": "cookie"})
    browser = app.browser()
    begun = await start(browser)
    assert await app.auth.services.database.count(Verification) == 0
    stranger = await back(app.browser(), begun["state"])
    assert stranger.header("location") == f"{BASE}/error?error=state_mismatch"
    wrong = await back(browser, "another-state")
    assert wrong.header("location") == "/oops?error=state_mismatch"
    assert (await back(browser, begun["state"])).header("location") == "/home"
    assert "better-auth.oauth_state" not in browser.jar


async def test_a_state_in_a_cookie_goes_when_its_time_is_over() -> None:
    app, _ = with_google(account={"store_state_strategy": "cookie"})
    browser = app.browser()
    begun = await start(browser)
    app.clock.advance(minutes=11)
    kept = browser.jar["better-auth.oauth_state"]
    answer = await back(browser, begun["state"])
    assert answer.header("location") == "/oops?error=state_mismatch"
    assert "better-auth.oauth_state" not in browser.jar
    browser.jar["better-auth.oauth_state"] = kept
    assert (await back(browser, "another-state")).header("location") == "/oops?error=state_mismatch"
    assert browser.jar["better-auth.oauth_state"] == kept


async def test_a_state_cookie_that_was_altered_is_invalid() -> None:
    app, _ = with_google(account={"store_state_strategy": "cookie"})
    browser = app.browser()
    begun = await start(browser)
    browser.jar["better-auth.oauth_state"] = "00" * 60
    assert (await back(browser, begun["state"])).header("location") == f"{BASE}/error?error=state_invalid"


# Settings ------------------------------------------------------------------------------------------------------------


def test_a_provider_without_what_it_needs_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="social provider google: client_secret is required"):
        make_app({"social_providers": {"google": {"client_id": "google-id"}}})


async def test_a_provider_that_is_switched_off_is_not_there() -> None:
    app, _ = with_google({"enabled": False})
    assert (await app.browser().post("/sign-in/social", {"provider": "google"})).status == 404


async def test_options_that_a_function_makes_are_made_once() -> None:
    made: list[str] = []

    async def options() -> SocialProvider:
        made.append("once")
        return SocialProvider(client_id="late-id", client_secret="hush")

    app = make_app({"social_providers": {"google": options}})
    first, second = await start(app.browser()), await start(app.browser())
    assert (first["client_id"], second["client_id"], made) == ("late-id", "late-id", ["once"])


async def test_the_application_maps_the_profile() -> None:
    def mapped(profile: Mapping[str, object]) -> Mapping[str, object]:
        return {"name": f"Mapped {profile['name']}", "emailVerified": False, "id": "ignored"}

    app, _ = with_google({"map_profile_to_user": mapped})
    browser = await signed_in(app)
    user = (await browser.get("/get-session")).json["user"]
    assert (user["name"], user["emailVerified"]) == ("Mapped Grace Hopper", False)
    account = await app.auth.services.database.find_one(Account)
    assert account is not None
    assert account.account_id == "g-1001"


async def test_the_application_reads_the_profile_itself() -> None:
    seen: list[str | None] = []

    async def ask(tokens: ProviderTokens) -> UserInfo | None:
        seen.append(tokens.access_token)
        user = {"id": "own-1", "name": "Own", "email": "own@example.com", "emailVerified": True}
        return UserInfo(user, {"sub": "own-1"}) if len(seen) == 1 else None

    app, _ = with_google({"get_user_info": ask})
    browser = await signed_in(app)
    assert (await browser.get("/get-session")).json["user"]["email"] == "own@example.com"
    again = app.browser()
    answer = await back(again, (await start(again))["state"])
    assert answer.header("location") == "/oops?error=unable_to_get_user_info"
    assert seen == ["access-1", "access-2"]


async def test_known_users_keep_their_profile_unless_it_is_to_be_overridden() -> None:
    for overrides, name in ((False, "Grace Hopper"), (True, "Rear Admiral")):
        app, google = with_google({"override_user_info_on_sign_in": overrides})
        await signed_in(app)
        google.claims |= {"name": "Rear Admiral", "email": "other@example.com"}
        browser = await signed_in(app)
        user = (await browser.get("/get-session")).json["user"]
        assert (user["name"], user["email"]) == (name, "grace@example.com")


async def test_tokens_are_kept_up_to_date_unless_switched_off() -> None:
    for updates, token in ((True, "access-2"), (False, "access-1")):
        app, _ = with_google(account={"update_account_on_sign_in": updates})
        await signed_in(app)
        await signed_in(app)
        account = await app.auth.services.database.find_one(Account)
        assert account is not None
        assert (account.access_token, account.scope) == (token, "openid,email,profile")


async def test_addresses_that_must_be_verified_do_not_sign_in_before() -> None:
    app, google = with_google({"require_email_verification": True})
    google.claims["email_verified"] = False
    browser = app.browser()
    answer = await back(browser, (await start(browser))["state"])
    assert answer.header("location") == "/oops?error=email_not_verified"
    assert (await presented(browser, google.sign())).json["code"] == "EMAIL_NOT_VERIFIED"
    assert (await browser.get("/get-session")).json is None


@pytest.mark.parametrize(("sends", "mails"), [(True, 1), (None, 0)])
async def test_a_new_user_whose_address_nobody_vouches_for_is_mailed(sends: bool | None, mails: int) -> None:
    mailed: list[str] = []

    async def send(mail: Mail, _request: object) -> None:
        mailed.append(mail.user.email)

    app, google = with_google(email_verification={"send_on_sign_up": sends, "send_verification_email": send})
    google.claims["email_verified"] = False
    await signed_in(app)
    await signed_in(app)
    assert mailed == ["grace@example.com"] * mails


async def test_signing_up_can_be_left_to_those_who_ask() -> None:
    app, _ = with_google({"disable_implicit_sign_up": True})
    browser = app.browser()
    assert (await back(browser, (await start(browser))["state"])).header("location") == "/oops?error=signup_disabled"
    begun = await start(browser, requestSignUp=True)
    assert (await back(browser, begun["state"])).header("location") == "/home"


async def test_nobody_signs_up_where_it_is_disabled_whatever_they_ask() -> None:
    app, google = with_google({"disable_sign_up": True})
    browser = app.browser()
    begun = await start(browser, requestSignUp=True)
    assert (await back(browser, begun["state"])).header("location") == "/oops?error=signup_disabled"
    answer = await presented(browser, google.sign())
    assert (answer.status, answer.json) == (401, {"message": "signup disabled", "code": "OAUTH_LINK_ERROR"})


# Presented ID tokens -------------------------------------------------------------------------------------------------


async def test_an_id_token_signs_in() -> None:
    app, google = with_google()
    browser = app.browser()
    answer = await presented(browser, google.sign({"nonce": "n-1"}), nonce="n-1", accessToken="at", refreshToken="rt")
    assert answer.status == 200
    assert answer.json["user"]["email"] == "grace@example.com"
    assert answer.json["redirect"] is False
    account = await app.auth.services.database.find_one(Account)
    assert account is not None
    assert (account.access_token, account.refresh_token, account.scope) == ("at", None, None)
    assert (await browser.get("/get-session")).json["session"]["token"] == answer.json["token"]


async def test_an_id_token_is_not_taken_where_the_provider_does_not_take_any() -> None:
    app, google = with_google({"disable_id_token_sign_in": True})
    answer = await presented(app.browser(), google.sign())
    assert (answer.status, answer.json["code"]) == (404, "ID_TOKEN_NOT_SUPPORTED")


async def test_the_application_checks_id_tokens_itself() -> None:
    async def check(token: str, nonce: str | None) -> bool:
        return nonce == "good" and token.count(".") == 2

    app, google = with_google({"verify_id_token": check})
    assert (await presented(app.browser(), google.sign(), nonce="bad")).json["code"] == "INVALID_TOKEN"
    assert (await presented(app.browser(), google.sign(), nonce="good")).status == 200
    assert google.key_fetches() == 0


# Linking -------------------------------------------------------------------------------------------------------------


async def test_a_signed_in_user_adds_an_identity() -> None:
    app, google = with_google()
    browser = await app.signed_up("grace@example.com")
    begun = await start(browser, "/link-social")
    assert (await back(browser, begun["state"])).header("location") == "/home"
    google.grants["scope"] = "openid calendar"
    again = await start(browser, "/link-social")
    assert (await back(browser, again["state"])).header("location") == "/home"
    linked = await app.auth.services.database.find_many(Account, Account.provider_id.eq("google"))
    assert [account.scope for account in linked] == ["openid,email,profile,calendar"]


async def test_an_id_token_adds_an_identity() -> None:
    app, google = with_google()
    browser = await app.signed_up("grace@example.com")
    answer = await presented(browser, google.sign(), "/link-social", refreshToken="rt")
    assert answer.json == {"url": "", "redirect": False, "status": True}
    linked = await app.auth.services.database.find_one(Account, Account.provider_id.eq("google"))
    assert linked is not None
    assert linked.refresh_token == "rt"


async def test_linking_needs_a_session() -> None:
    app, _ = with_google()
    answer = await app.browser().post("/link-social", {"provider": "google"})
    assert answer.status == 401


async def test_an_identity_is_not_linked_to_a_user_who_is_gone() -> None:
    app, _ = with_google()
    browser = await app.signed_up("grace@example.com")
    begun = await start(browser, "/link-social")
    user = await app.auth.services.database.find_one(User)
    assert user is not None
    await app.auth.services.users.delete(app.auth.services.database, user.id)
    assert (await back(browser, begun["state"])).header("location") == "/oops?error=unable_to_link_account"
    assert await app.auth.services.database.count(Account) == 0
