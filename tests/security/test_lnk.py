"""Taking over users by linking, and making two of one: rows LNK, RACE-04 and RACE-05."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anyio
import pytest

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of

pytestmark = pytest.mark.anyio

PROVIDERS: Mapping[str, Any] = {"google": {"client_id": "google-id", "client_secret": "google-secret"}}
MICROSOFT: Mapping[str, Any] = {"client_id": "google-id", "client_secret": "hush", "disable_profile_photo": True}


def made(linking: Mapping[str, Any] | None = None, **options: Any) -> tuple[TestApp, FakeGoogle]:
    app = make_app({"social_providers": PROVIDERS, "account": {"account_linking": linking or {}}, **options})
    return app, FakeGoogle(app.egress, app.clock)


async def state_of(browser: Browser, path: str = "/sign-in/social") -> str:
    answer = await browser.post(path, {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops"})
    return query_of(answer.json["url"])["state"]


async def arrive(browser: Browser, path: str = "/sign-in/social") -> str | None:
    answer = await browser.get(f"/callback/google?code=c&state={await state_of(browser, path)}")
    return answer.header("location")


def only_google(_request: object) -> list[str]:
    return ["google"]


async def prove(app: TestApp, email: str) -> None:
    await app.auth.services.database.update_one(User, User.email.eq(email), set=[User.email_verified.to(True)])


async def test_lnk_02_a_users_address_that_was_never_proven_attracts_no_identity() -> None:
    app, _ = made()
    await app.signed_up("grace@example.com")
    victim = app.browser()
    assert await arrive(victim) == "/oops?error=account_not_linked"
    assert (await victim.get("/get-session")).json is None
    assert await app.auth.services.database.count(Account, Account.provider_id.eq("google")) == 0


@pytest.mark.parametrize("claim", [False, "false", "true", None, 0, 1])
async def test_lnk_06_only_a_real_yes_verifies_an_address(claim: object) -> None:
    app, google = made()
    await app.signed_up("grace@example.com")
    await prove(app, "grace@example.com")
    google.claims["email_verified"] = claim
    assert await arrive(app.browser()) == "/oops?error=account_not_linked"
    google.claims["email"] = "new@example.com"
    browser = app.browser()
    assert await arrive(browser) == "/home"
    assert (await browser.get("/get-session")).json["user"]["emailVerified"] is False


@pytest.mark.parametrize(
    ("linking", "verified", "location"),
    [
        ({}, True, "/home"),
        ({}, False, "/oops?error=account_not_linked"),
        ({"trusted_providers": ["google"]}, False, "/home"),
        ({"trusted_providers": only_google}, False, "/home"),
        ({"trusted_providers": ["github"]}, False, "/oops?error=account_not_linked"),
        ({"enabled": False}, True, "/oops?error=account_not_linked"),
        ({"disable_implicit_linking": True}, True, "/oops?error=account_not_linked"),
    ],
)
async def test_lnk_07_who_may_join_a_verified_user(linking: Mapping[str, Any], verified: bool, location: str) -> None:
    app, google = made(linking)
    await app.signed_up("grace@example.com")
    await prove(app, "grace@example.com")
    google.claims["email_verified"] = verified
    assert await arrive(app.browser()) == location
    assert await app.auth.services.database.count(User) == 1


async def test_lnk_09_one_subject_at_two_issuers_is_two_identities() -> None:
    app = make_app({"social_providers": {**PROVIDERS, "microsoft": MICROSOFT}})
    google = FakeGoogle(app.egress, app.clock)
    keys = app.egress.answer_of("GET", "https://www.googleapis.com/oauth2/v3/certs")
    app.egress.on("GET", "https://login.microsoftonline.com/common/discovery/v2.0/keys", keys)
    tenant = "11111111-2222-3333-4444-555555555555"
    other = google.sign(
        {
            "iss": f"https://login.microsoftonline.com/{tenant}/v2.0",
            "tid": tenant,
            "oid": "g-1001",
            "email": "other@example.com",
        }
    )
    first = await app.browser().post("/sign-in/social", {"provider": "google", "idToken": {"token": google.sign()}})
    second = await app.browser().post("/sign-in/social", {"provider": "microsoft", "idToken": {"token": other}})
    assert (first.status, second.status) == (200, 200)
    assert first.json["user"]["id"] != second.json["user"]["id"]


@pytest.mark.parametrize("subject", ["", None, "null", "undefined", "0"])
async def test_lnk_10_somebody_without_an_identity_does_not_sign_in(subject: str | None) -> None:
    app, google = made()
    google.claims["sub"] = subject
    assert await arrive(app.browser()) == "/oops?error=unable_to_get_user_info"
    assert await app.auth.services.database.count(User) == 0


async def test_lnk_11_the_identity_follows_the_subject_not_the_address() -> None:
    app, google = made()
    first = app.browser()
    assert await arrive(first) == "/home"
    google.claims["email"] = "changed@example.com"
    again = app.browser()
    assert await arrive(again) == "/home"
    users = [(await each.get("/get-session")).json["user"] for each in (first, again)]
    assert users[0]["id"] == users[1]["id"]
    assert users[1]["email"] == "grace@example.com"
    google.claims |= {"sub": "g-2002", "email": "grace@example.com", "email_verified": False}
    assert await arrive(app.browser()) == "/oops?error=account_not_linked"


async def test_lnk_12_another_tenants_word_for_an_address_is_not_believed() -> None:
    app = make_app({"social_providers": {"microsoft": MICROSOFT}})
    google = FakeGoogle(app.egress, app.clock)
    keys = app.egress.answer_of("GET", "https://www.googleapis.com/oauth2/v3/certs")
    app.egress.on("GET", "https://login.microsoftonline.com/common/discovery/v2.0/keys", keys)
    await app.signed_up("grace@example.com")
    await prove(app, "grace@example.com")
    tenant = "11111111-2222-3333-4444-555555555555"
    token = google.sign(
        {"iss": f"https://login.microsoftonline.com/{tenant}/v2.0", "tid": tenant, "oid": "o-1", "email_verified": None}
    )
    answer = await app.browser().post("/sign-in/social", {"provider": "microsoft", "idToken": {"token": token}})
    assert (answer.status, answer.json["code"]) == (401, "OAUTH_LINK_ERROR")


async def test_lnk_13_an_identity_of_another_user_is_not_linked() -> None:
    app, google = made({"allow_different_emails": True})
    await arrive(app.browser())
    thief = await app.signed_up("thief@example.com")
    assert await arrive(thief, "/link-social") == "/oops?error=account_already_linked_to_different_user"
    answer = await thief.post("/link-social", {"provider": "google", "idToken": {"token": google.sign()}})
    assert (answer.status, answer.json["code"]) == (409, "SOCIAL_ACCOUNT_ALREADY_LINKED")


async def test_lnk_14_an_identity_with_another_address_is_not_linked_unless_allowed() -> None:
    app, google = made()
    browser = await app.signed_up("other@example.com")
    assert await arrive(browser, "/link-social") == "/oops?error=email_does_not_match"
    answer = await browser.post("/link-social", {"provider": "google", "idToken": {"token": google.sign()}})
    assert (answer.status, answer.json["code"]) == (401, "LINKING_DIFFERENT_EMAILS_NOT_ALLOWED")
    lenient, _ = made({"allow_different_emails": True})
    assert await arrive(await lenient.signed_up("other@example.com"), "/link-social") == "/home"


async def test_lnk_15_a_hosted_domain_is_held_to() -> None:
    app = make_app({"social_providers": {"google": {**PROVIDERS["google"], "hd": "example.com"}}})
    google = FakeGoogle(app.egress, app.clock)
    for domain, status in ((None, 401), ("evil.example", 401), ("example.com", 200)):
        token = google.sign({"hd": domain})
        answer = await app.browser().post("/sign-in/social", {"provider": "google", "idToken": {"token": token}})
        assert answer.status == status


async def test_lnk_19_the_case_of_an_address_does_not_matter_and_a_tag_does() -> None:
    app, google = made()
    google.claims["email"] = "GRACE@Example.com"
    browser = app.browser()
    assert await arrive(browser) == "/home"
    assert (await browser.get("/get-session")).json["user"]["email"] == "grace@example.com"
    google.claims |= {"sub": "g-2", "email": "grace+tag@example.com"}
    assert await arrive(app.browser()) == "/home"
    assert await app.auth.services.database.count(User) == 2


async def test_race_04_fifty_first_sign_ins_of_one_identity_make_one_user() -> None:
    app, google = made()
    browsers = [app.browser() for _ in range(50)]
    states = [await state_of(browser) for browser in browsers]
    places: list[str | None] = []

    async def come(browser: Browser, state: str) -> None:
        answer = await browser.get(f"/callback/google?code=c&state={state}")
        places.append(answer.header("location"))

    async with anyio.create_task_group() as group:
        for browser, state in zip(browsers, states, strict=True):
            group.start_soon(come, browser, state)
    db = app.auth.services.database
    assert places == ["/home"] * 50
    assert (await db.count(User), await db.count(Account), await db.count(Session)) == (1, 1, 50)
    assert google.exchanged == 50


async def test_race_05_fifty_times_one_id_token_make_one_user() -> None:
    app, google = made()
    token = google.sign()
    users: list[str] = []

    async def come() -> None:
        answer = await app.browser().post("/sign-in/social", {"provider": "google", "idToken": {"token": token}})
        users.append(answer.json["user"]["id"])

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(come)
    db = app.auth.services.database
    assert (len(users), len(set(users))) == (50, 1)
    assert (await db.count(User), await db.count(Account)) == (1, 1)


async def test_fifty_links_of_one_identity_by_two_users_end_with_one_owner() -> None:
    app, google = made({"allow_different_emails": True})
    browsers = [await app.signed_up(f"user{number}@example.com") for number in range(2)]
    statuses: list[int] = []

    async def link(browser: Browser) -> None:
        body = {"provider": "google", "idToken": {"token": google.sign()}}
        statuses.append((await browser.post("/link-social", body)).status)

    async with anyio.create_task_group() as group:
        for number in range(50):
            group.start_soon(link, browsers[number % 2])
    assert sorted(set(statuses)) == [200, 409]
    assert statuses.count(200) == 25
    assert await app.auth.services.database.count(Account, Account.provider_id.eq("google")) == 1


@pytest.mark.parametrize("linking", [{}, {"trusted_providers": ["google"]}])
async def test_lnk_19_a_letter_that_becomes_ascii_in_lower_case_is_no_way_into_an_account(
    linking: Mapping[str, Any],
) -> None:
    app, google = made(linking)
    await app.signed_up("kate@example.com")
    await prove(app, "kate@example.com")
    google.claims["email"] = "\u212aate@example.com"
    browser = app.browser()
    assert await arrive(browser) == "/oops?error=email_not_found"
    assert (await browser.get("/get-session")).json is None
    assert await app.auth.services.database.count(Account, Account.provider_id.eq("google")) == 0
    own = await app.as_user("kate@example.com")
    assert await arrive(own, "/link-social") == "/oops?error=email_does_not_match"
