"""A preview signs people in through production: the detour, and everything that may go wrong on it."""

from __future__ import annotations

import pydantic
import pytest
from tests.unit.plugins.oauth_proxy.deployments import BACK, PREVIEW, PRODUCTION, Deployments, Members, opened, sealed

from gatewright.api import CoreApi
from gatewright.contract.sign_in import CallbackOAuth
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.plugins.oauth_proxy import OAuthProxy, OAuthProxyApi, OAuthProxyOptions
from gatewright.testing.app import make_app
from gatewright.testing.identity_provider import FakeGoogle, form_of, query_of
from gatewright.wire.faults import Instead
from gatewright.wire.kinds import Redirect

pytestmark = pytest.mark.anyio

ERROR = f"{PREVIEW}/api/auth/error"


async def who(both: Deployments) -> str | None:
    data = (await both.browser.get("/get-session")).json
    return None if data is None else data["user"]["email"]


# There and back ------------------------------------------------------------------------------------------------------


async def test_a_preview_signs_in_through_production() -> None:
    both = Deployments()
    query = await both.start()
    assert query["redirect_uri"] == f"{PRODUCTION}/api/auth/callback/google"
    met = await both.meet(query["state"])
    assert (met.status, met.cookies) == (302, [])
    place = met.header("location") or ""
    assert place.startswith(f"{BACK}?callbackURL=%2Fhome&profile=")
    answer = await both.browser.get(place)
    assert (answer.status, answer.header("location")) == (302, "/home")
    assert await who(both) == "grace@example.com"
    (account,) = await both.preview.auth.services.database.find_many(Account)
    assert (account.provider_id, account.account_id, account.issuer) == (
        "google",
        "g-1001",
        "https://accounts.google.com",
    )
    assert (account.access_token, account.refresh_token, account.scope) == (
        "access-1",
        "refresh-1",
        "openid,email,profile",
    )
    assert account.access_token_expires_at is not None


async def test_production_keeps_nothing_of_whom_it_meets() -> None:
    both = Deployments()
    await both.handed()
    database = both.production.auth.services.database
    assert [await database.count(table) for table in (User, Account, Verification)] == [0, 0, 0]


async def test_the_code_is_redeemed_with_the_verifier_of_the_preview() -> None:
    both = Deployments()
    query = await both.start()
    state = opened(query["state"])
    await both.meet(query["state"])
    form = form_of(both.production.egress.requests[-1])
    assert form["code_verifier"] == opened(state["stateCookie"])["codeVerifier"]
    assert form["redirect_uri"] == f"{PRODUCTION}/api/auth/callback/google"


async def test_a_new_user_and_a_known_one_land_where_they_should() -> None:
    both = Deployments()
    new = await both.browser.get(await both.handed(newUserCallbackURL="/welcome"))
    known = await both.browser.get(await both.handed(newUserCallbackURL="/welcome"))
    assert (new.header("location"), known.header("location")) == ("/welcome", "/home")


async def test_without_a_landing_the_browser_lands_on_the_instance() -> None:
    both = Deployments()
    place = await both.handed(callbackURL=None)
    assert (await both.browser.get(place)).header("location") == f"{PREVIEW}/api/auth"


async def test_a_state_in_a_cookie_takes_the_same_way() -> None:
    both = Deployments(preview={"account": {"storeStateStrategy": "cookie"}})
    place = await both.handed()
    assert (await both.browser.get(place)).header("location") == "/home"
    assert (await both.browser.get(place)).header("location") == "/oops?error=state_mismatch"


async def test_what_is_handed_over_is_what_the_contracts_servers_exchange() -> None:
    both = Deployments()
    query = await both.start(additionalData={"a": 1}, requestSignUp=True, newUserCallbackURL="/new")
    package = opened(query["state"])
    assert set(package) == {"state", "stateCookie", "isOAuthProxy"}
    state = opened(package["stateCookie"])
    assert set(state) == {
        "a",
        "callbackURL",
        "codeVerifier",
        "errorURL",
        "newUserURL",
        "expiresAt",
        "requestSignUp",
        "oauthState",
    }
    assert state["callbackURL"] == f"{BACK}?callbackURL=%2Fhome"
    place = (await both.meet(query["state"])).header("location") or ""
    profile = opened(query_of(place)["profile"])
    raw, account = profile.pop("profile"), profile.pop("account")
    assert raw["sub"] == "g-1001"
    assert account.pop("idToken").count(".") == 2
    assert account.pop("accessTokenExpiresAt").endswith(".000Z")
    assert account == {
        "providerId": "google",
        "issuer": "https://accounts.google.com",
        "accountId": "g-1001",
        "accessToken": "access-1",
        "refreshToken": "refresh-1",
        "scope": "openid,email,profile",
    }
    assert isinstance(profile.pop("timestamp"), int)
    assert profile == {
        "userInfo": {
            "id": "g-1001",
            "email": "grace@example.com",
            "name": "Grace Hopper",
            "image": "https://example.com/grace.png",
            "emailVerified": True,
        },
        "state": package["state"],
        "callbackURL": "/home",
        "newUserURL": "/new",
        "errorURL": "/oops",
    }


async def test_columns_of_the_applications_own_come_along() -> None:
    both = Deployments(
        preview={"user": {"additionalFields": {"lang": {"type": "string", "required": False}}}},
    )
    place = await both.handed()
    profile = opened(query_of(place)["profile"])
    profile["userInfo"]["lang"] = "nb"
    await both.browser.get(f"{BACK}?callbackURL=/home&profile={sealed(profile)}")
    assert (await both.browser.get("/get-session")).json["user"]["lang"] == "nb"


# When there is no detour ---------------------------------------------------------------------------------------------


async def test_production_itself_takes_no_detour() -> None:
    both = Deployments()
    answer = await both.production.browser().post("/sign-in/social", {"provider": "google"})
    assert len(query_of(answer.json["url"])["state"]) == 32


@pytest.mark.parametrize("value", ["true", "false"])
async def test_a_caller_can_ask_for_no_detour(value: str) -> None:
    both = Deployments()
    answer = await both.browser.post("/sign-in/social", {"provider": "google"}, headers={"x-skip-oauth-proxy": value})
    query = query_of(answer.json["url"])
    assert (len(query["state"]), query["redirect_uri"]) == (32, f"{PREVIEW}/api/auth/callback/google")


async def test_without_a_production_there_is_no_detour() -> None:
    both = Deployments(on_preview={"production_url": None})
    assert (await both.start())["redirect_uri"] == f"{PREVIEW}/api/auth/callback/google"


async def test_a_presented_id_token_needs_none() -> None:
    both = Deployments()
    token = FakeGoogle(both.preview.egress, both.preview.clock).sign()
    answer = await both.browser.post("/sign-in/social", {"provider": "google", "idToken": {"token": token}})
    assert answer.json["user"]["email"] == "grace@example.com"


async def test_adding_an_identity_takes_none() -> None:
    both = Deployments()
    await both.browser.get(await both.handed())
    answer = await both.browser.post("/link-social", {"provider": "google"})
    assert query_of(answer.json["url"])["redirect_uri"] == f"{PREVIEW}/api/auth/callback/google"


# Addresses -----------------------------------------------------------------------------------------------------------


async def test_production_may_lie_below_a_path_and_this_deployment_may_be_named() -> None:
    both = Deployments(
        preview={"base_url": "http://10.0.0.7:3000", "trusted_origins": [PREVIEW]},
        on_preview={"production_url": f"{PRODUCTION}/x/", "current_url": f"{PREVIEW}/y"},
    )
    query = await both.start()
    assert query["redirect_uri"] == f"{PRODUCTION}/x/api/auth/callback/google"
    state = opened(opened(query["state"])["stateCookie"])
    assert state["callbackURL"] == f"{BACK}?callbackURL=%2Fhome"


@pytest.mark.parametrize("options", [{"production_url": "nonsense"}, {"current_url": "ftp://x"}, {"max_age": 0}])
def test_an_option_that_cannot_work_is_refused(options: Members) -> None:
    with pytest.raises(pydantic.ValidationError):
        OAuthProxyOptions(**options)


# Secrets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    ["a-secret-that-deployments-share-01", {"keys": {1: "old-secret", 2: "new-secret"}, "currentVersion": 2}],
    ids=["one", "versions"],
)
async def test_deployments_may_share_a_secret_of_their_own(secret: object) -> None:
    both = Deployments(production={"secret": "production-has-a-secret-of-its-own"}, proxy={"secret": secret})
    assert (await both.browser.get(await both.handed())).header("location") == "/home"


async def test_older_secrets_still_open() -> None:
    older = {"keys": {1: "old-secret"}, "currentVersion": 1, "legacySecret": "oldest"}
    newer = {"keys": {1: "old-secret", 2: "new-secret"}, "currentVersion": 2}
    both = Deployments(on_production={"secret": newer}, on_preview={"secret": older})
    met = await both.meet((await both.start())["state"])
    assert (met.header("location") or "").startswith(BACK)


def test_a_version_that_is_not_there_cannot_be_current() -> None:
    with pytest.raises(pydantic.ValidationError, match="lacks the current version"):
        OAuthProxyOptions.model_validate({"secret": {"keys": {"1": "x"}, "currentVersion": 2}})


async def test_deployments_without_a_common_secret_know_nothing_of_each_other() -> None:
    both = Deployments(production={"secret": "production-has-a-secret-of-its-own"})
    met = await both.meet((await both.start())["state"])
    assert met.header("location") == f"{PRODUCTION}/api/auth/error?error=state_mismatch"


# What production refuses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ("error=access_denied&error_description=no", "access_denied"),
        ("code=", "no_code"),
        ("code=x&iss=https%3A%2F%2Fevil.test", "issuer_mismatch"),
    ],
)
async def test_what_the_provider_says_against_it_goes_back_with_the_browser(more: str, error: str) -> None:
    both = Deployments()
    met = await both.meet((await both.start(errorCallbackURL=f"{PREVIEW}/bad"))["state"], more)
    assert met.header("location") == f"{PREVIEW}/bad?error={error}"


async def test_a_provider_that_production_does_not_know_is_refused() -> None:
    both = Deployments(production={"social_providers": {}})
    met = await both.meet((await both.start())["state"])
    assert met.header("location") == "/oops?error=oauth_provider_not_found"


async def test_a_code_that_is_not_redeemed_is_refused() -> None:
    both = Deployments()
    both.google.grants["error"] = "invalid_grant"
    met = await both.meet((await both.start())["state"])
    assert met.header("location") == "/oops?error=invalid_code"


async def test_an_attempt_that_is_over_is_refused() -> None:
    both = Deployments()
    state = (await both.start())["state"]
    both.tick(10 * 60)
    assert ((await both.meet(state)).header("location") or "").startswith(BACK)
    both.tick(0.001)
    assert (await both.meet(state)).header("location") == "/oops?error=state_mismatch"


async def test_the_state_of_another_provider_is_refused() -> None:
    github = {"client_id": "hub", "client_secret": "hub-secret"}
    both = Deployments(production={"social_providers": {"github": github, "google": github}})
    state = (await both.start())["state"]
    met = await both.production.browser().get(f"/callback/github?code=x&state={state}")
    assert met.header("location") == "/oops?error=state_mismatch"


@pytest.mark.parametrize("change", [{"isOAuthProxy": False}, {"more": 1}, {"stateCookie": "00"}], ids=str)
async def test_what_is_no_package_is_an_ordinary_state(change: Members) -> None:
    both = Deployments()
    package = opened((await both.start())["state"])
    met = await both.meet(sealed({**package, **change}))
    assert met.header("location") == f"{PRODUCTION}/api/auth/error?error=state_mismatch"


async def test_the_applications_own_call_raises_where_the_browser_goes() -> None:
    both = Deployments()
    state = (await both.start())["state"]
    with pytest.raises(Instead) as raised:
        await both.production.auth.reply(CallbackOAuth(id="google", code="c", state=state))
    assert isinstance(raised.value.value, Redirect)
    assert raised.value.value.location.startswith(BACK)


# What the preview refuses --------------------------------------------------------------------------------------------


async def test_a_profile_works_once() -> None:
    both = Deployments()
    place = await both.handed()
    assert (await both.browser.get(place)).header("location") == "/home"
    again = await both.browser.get(place)
    assert (again.header("location"), again.cookies) == ("/oops?error=state_mismatch", [])


async def test_a_profile_is_good_for_a_minute() -> None:
    both = Deployments()
    late = await both.handed()
    both.tick(60.001)
    assert (await both.browser.get(late)).header("location") == "/oops?error=payload_expired"
    in_time = await both.handed()
    both.tick(60)
    assert (await both.browser.get(in_time)).header("location") == "/home"


async def test_how_long_is_an_option() -> None:
    both = Deployments(on_preview={"max_age": 5})
    place = await both.handed()
    both.tick(6)
    assert (await both.browser.get(place)).header("location") == "/oops?error=payload_expired"


async def test_clocks_may_differ_by_seconds() -> None:
    both = Deployments()
    both.production.clock.advance(seconds=10)
    assert (await both.browser.get(await both.handed())).header("location") == "/home"
    both.production.clock.advance(seconds=1)
    place = await both.handed()
    assert (await both.browser.get(place)).header("location") == "/oops?error=payload_expired"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("callbackURL=/home", "missing_profile"),
        ("callbackURL=/home&profile=", "missing_profile"),
        ("callbackURL=/home&profile=nonsense", "invalid_profile"),
        (f"callbackURL=/home&profile={'0' * 200}", "invalid_profile"),
        (f"callbackURL=/home&profile={sealed({})}", "invalid_payload"),
        (f"callbackURL=/home&profile={sealed('null')}", "invalid_payload"),
        (f"callbackURL=/home&profile={sealed('no JSON')}", "invalid_payload"),
    ],
)
async def test_a_text_that_is_no_profile_is_refused(query: str, error: str) -> None:
    both = Deployments()
    answer = await both.browser.get(f"/oauth-proxy-callback?{query}")
    assert (answer.header("location"), answer.cookies) == (f"{ERROR}?error={error}", [])


@pytest.mark.parametrize("name", ["userInfo", "account", "state", "callbackURL", "timestamp"])
async def test_every_member_is_needed(name: str) -> None:
    both = Deployments()
    profile = opened(query_of(await both.handed())["profile"])
    del profile[name]
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={sealed(profile)}")
    assert answer.header("location") == f"{ERROR}?error=invalid_payload"


@pytest.mark.parametrize("timestamp", [2**63, -(2**62), 1.5, "now"], ids=str)
async def test_a_time_that_is_none_is_refused(timestamp: object) -> None:
    both = Deployments()
    profile = {**opened(query_of(await both.handed())["profile"]), "timestamp": timestamp}
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={sealed(profile)}")
    place = answer.header("location") or ""
    assert place in {f"{ERROR}?error=invalid_payload", "/oops?error=payload_expired"}


async def test_an_untrusted_place_is_no_landing() -> None:
    both = Deployments()
    refused = await both.browser.get("/oauth-proxy-callback?callbackURL=https%3A%2F%2Fevil.test&profile=x")
    assert (refused.status, refused.json["code"]) == (403, "INVALID_CALLBACK_URL")
    profile = opened(query_of(await both.handed())["profile"])
    evil = {**profile, "callbackURL": "https://evil.test", "errorURL": "https://evil.test", "state": "nobodys"}
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={sealed(evil)}")
    assert answer.header("location") == f"{ERROR}?error=state_mismatch"
    evil["state"] = profile["state"]
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={sealed(evil)}")
    assert answer.header("location") == "/home"


async def test_without_an_address_nobody_is_signed_in() -> None:
    both = Deployments()
    profile = opened(query_of(await both.handed())["profile"])
    del profile["userInfo"]["email"]
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={sealed(profile)}")
    assert answer.header("location") == "/oops?error=email_not_found"


async def test_the_previews_own_rules_decide_who_may_sign_up() -> None:
    both = Deployments(google={"disable_sign_up": True})
    answer = await both.browser.get(await both.handed())
    assert (answer.header("location"), await who(both)) == ("/oops?error=signup_disabled", None)


async def test_whoever_must_ask_for_a_new_user_asks_on_the_preview() -> None:
    both = Deployments(google={"disable_implicit_sign_up": True})
    refused = await both.browser.get(await both.handed())
    assert refused.header("location") == "/oops?error=signup_disabled"
    assert (await both.browser.get(await both.handed(requestSignUp=True))).header("location") == "/home"


async def test_the_application_says_who_is_welcome() -> None:
    async def nobody(_user: object, _context: object) -> bool:
        return False

    both = Deployments(preview={"user": {"validateUserInfo": nobody}})
    answer = await both.browser.get(await both.handed())
    assert (answer.header("location"), await who(both)) == (
        "/oops?error=validation_failed&error_description=User+validation+failed",
        None,
    )


# The application's own calls -----------------------------------------------------------------------------------------


class Api(CoreApi, OAuthProxyApi):
    """What this application calls."""


async def test_the_server_may_call_it_too() -> None:
    app = make_app({"base_url": PREVIEW}, plugins=[OAuthProxy()], api=Api)
    redirect = await app.auth.api.oauth_proxy_callback(callback_url="/home")
    assert redirect == Redirect(f"{ERROR}?error=missing_profile")
