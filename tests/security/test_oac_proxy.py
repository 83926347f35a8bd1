"""The OAuth proxy under attack: texts sealed for something else, handed to somebody else, used again; OAC-21, ONE-17."""

from __future__ import annotations

from typing import Any

import pytest
from tests.security.attacker import all_at_once
from tests.unit.plugins.oauth_proxy.deployments import BACK, PREVIEW, Deployments, opened, sealed

from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.testing.identity_provider import query_of

pytestmark = pytest.mark.anyio

ERROR = f"{PREVIEW}/api/auth/error?error="
COOKIE = {"account": {"storeStateStrategy": "cookie"}}


async def nobody_came(both: Deployments) -> bool:
    database = both.preview.auth.services.database
    return (await database.count(User), await database.count(Session)) == (0, 0)


def victim(**more: object) -> dict[str, Any]:
    """What an attacker would like the preview to believe."""
    return {
        "userInfo": {"id": "g-1", "email": "victim@example.com", "emailVerified": True, "name": "V"},
        "account": {"providerId": "google", "issuer": "https://accounts.google.com", "accountId": "g-1"},
        **more,
    }


@pytest.mark.parametrize("secret", ["", "another-secret-that-the-attacker-knows"])
async def test_oac_21_a_profile_that_is_not_sealed_with_the_secret_is_refused(secret: str) -> None:
    both = Deployments()
    await both.start()
    profile = sealed(victim(), secret) if secret else "7b7d" * 40
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={profile}")
    assert answer.header("location") == f"{ERROR}invalid_profile"
    assert await nobody_came(both)


async def test_oac_21_and_one_17_a_state_that_the_caller_has_furnished_is_no_profile() -> None:
    # The caller chooses members of its own state, and the key that seals the state seals profiles too.
    both = Deployments(preview=COOKIE)
    first = await both.start()
    wanted = opened(first["state"])["state"]
    now = round(both.preview.clock.now().timestamp() * 1000)
    attacker = both.preview.browser()
    await both.start(browser=attacker, additionalData=victim(state=wanted, timestamp=now, profile={}))
    furnished = attacker.cookie("__Secure-better-auth.oauth_state")
    assert furnished is not None
    assert opened(furnished)["userInfo"]["email"] == "victim@example.com"
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={furnished}")
    assert answer.header("location") == f"{ERROR}invalid_payload"
    assert await nobody_came(both)


async def test_one_17_a_profile_is_no_state_and_a_state_no_package() -> None:
    both = Deployments(preview=COOKIE, production=COOKIE)
    profile = query_of(await both.handed())["profile"]
    both.browser.jar["__Secure-better-auth.oauth_state"] = profile
    answer = await both.browser.get(f"/callback/google?code=c&state={opened(profile)['state']}")
    assert answer.header("location") == f"{ERROR}state_invalid"
    package = {"state": "s", "stateCookie": "00", "isOAuthProxy": True}
    attacker = both.preview.browser()
    await both.start(browser=attacker, additionalData=package)
    furnished = attacker.cookie("__Secure-better-auth.oauth_state") or ""
    met = await both.meet(furnished)
    assert met.header("location") == "https://app.example.com/api/auth/error?error=state_mismatch"


async def test_oac_21_a_profile_signs_in_only_the_browser_that_asked() -> None:
    both = Deployments()
    place = await both.handed()
    other = both.preview.browser()
    answer = await other.get(place)
    assert (answer.header("location"), answer.cookies) == ("/oops?error=state_mismatch", [])
    assert await nobody_came(both)
    assert (await both.browser.get(place)).header("location") == "/home"


async def test_oac_21_a_profile_for_another_attempt_of_the_same_browser_is_refused() -> None:
    both = Deployments()
    place = await both.handed()
    await both.start()
    assert (await both.browser.get(place)).header("location") == "/oops?error=state_mismatch"
    assert await nobody_came(both)


@pytest.mark.parametrize("strategy", [{}, COOKIE], ids=["database", "cookie"])
async def test_oac_21_a_profile_is_used_once(strategy: dict[str, Any]) -> None:
    both = Deployments(preview=strategy)
    place = await both.handed()
    assert (await both.browser.get(place)).header("location") == "/home"
    assert (await both.browser.get(place)).header("location") == "/oops?error=state_mismatch"


async def test_oac_21_of_fifty_at_once_one_is_signed_in() -> None:
    both = Deployments()
    place = await both.handed()
    cookie = {"cookie": both.browser.cookie_header()}

    async def use() -> str | None:
        return (await both.preview.browser().get(place, headers=cookie)).header("location")

    answers = await all_at_once([use] * 50)
    assert sorted(map(str, answers)) == ["/home", *["/oops?error=state_mismatch"] * 49]
    database = both.preview.auth.services.database
    assert (await database.count(User), await database.count(Session)) == (1, 1)


async def test_oac_21_a_profile_older_than_a_minute_is_refused_and_the_attempt_stays() -> None:
    both = Deployments()
    place = await both.handed()
    both.tick(61)
    assert (await both.browser.get(place)).header("location") == "/oops?error=payload_expired"
    assert await nobody_came(both)
    both.tick(-1)
    assert (await both.browser.get(place)).header("location") == "/home"


async def test_oac_21_a_profile_of_another_provider_is_refused() -> None:
    github = {"client_id": "hub", "client_secret": "hub-secret"}
    google = {"client_id": "google-id", "client_secret": "google-secret"}
    both = Deployments(preview={"social_providers": {"google": google, "github": github}})
    profile = opened(query_of(await both.handed())["profile"])
    profile["account"]["providerId"] = "github"
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={sealed(profile)}")
    assert answer.header("location") == "/oops?error=state_mismatch"
    assert await nobody_came(both)


async def test_oac_21_the_state_of_an_attempt_without_a_detour_takes_no_profile() -> None:
    both = Deployments()
    direct = await both.browser.post("/sign-in/social", {"provider": "google"}, headers={"x-skip-oauth-proxy": "true"})
    profile = opened(query_of(await both.handed(browser=both.preview.browser()))["profile"])
    profile["state"] = query_of(direct.json["url"])["state"]
    answer = await both.browser.get(f"{BACK}?callbackURL=/home&profile={sealed(profile)}")
    assert answer.header("location") == "/oops?error=state_mismatch"
    assert await nobody_came(both)


async def test_oac_21_who_may_sign_up_is_decided_where_they_arrive() -> None:
    both = Deployments(google={"disable_sign_up": True})
    assert (await both.browser.get(await both.handed())).header("location") == "/oops?error=signup_disabled"
    assert await nobody_came(both)
