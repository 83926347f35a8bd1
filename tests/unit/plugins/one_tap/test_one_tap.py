"""Signing in with Google's own dialogue."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mailing import all_at_once

from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.plugins.one_tap import OneTap, OneTapOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer
from gatewright.testing.identity_provider import FakeGoogle

pytestmark = pytest.mark.anyio

GOOGLE: Any = {"google": {"client_id": "google-id", "client_secret": "google-secret"}}


def made(options: dict[str, object] | None = None, **settings: Any) -> tuple[TestApp, FakeGoogle]:
    plugin = OneTap(OneTapOptions.model_validate(options or {}))
    app = make_app({"social_providers": GOOGLE, **settings}, plugins=[plugin])
    google = FakeGoogle(app.egress, app.clock)
    google.claims.update(email="Tap@Example.com", email_verified=True, name="Tap", sub="g-1")
    return app, google


async def tap(app: TestApp, token: str, **more: object) -> Answer:
    return await app.browser().post("/one-tap/callback", {"idToken": token, **more})


async def test_a_token_signs_a_new_user_in() -> None:
    app, google = made()
    browser = app.browser()
    answer = await browser.post("/one-tap/callback", {"idToken": google.sign(), "callbackURL": "/home"})
    assert (answer.status, answer.json["user"]["email"], answer.json["user"]["emailVerified"]) == (
        200,
        "tap@example.com",
        True,
    )
    assert (await browser.get("/get-session")).json["session"]["token"] == answer.json["token"]
    (account,) = await app.auth.services.database.find_many(Account)
    assert (account.provider_id, account.account_id, account.scope) == ("google", "g-1", "openid,profile,email")
    assert (await tap(app, google.sign())).json["user"]["id"] == answer.json["user"]["id"]


async def test_the_client_may_be_the_plugins_own() -> None:
    app, google = made({"clientId": "mine"}, social_providers={})
    refused = await tap(app, google.sign())
    assert (refused.status, refused.json) == (400, {"message": "invalid id token"})
    google.claims["aud"] = "mine"
    assert (await tap(app, google.sign())).status == 200


async def test_without_a_client_nobody_signs_in() -> None:
    app, google = made(social_providers={})
    refused = await tap(app, google.sign())
    assert (refused.status, refused.json["message"][:34]) == (400, "Google client ID is required for O")


@pytest.mark.parametrize(
    "claims",
    [{"aud": "other"}, {"iss": "https://evil.test"}, {"exp": 5}, {"sub": ""}],
    ids=["audience", "issuer", "expired", "nobody"],
)
async def test_a_token_that_proves_nothing_is_refused(claims: dict[str, object]) -> None:
    app, google = made()
    google.claims.update(claims)
    refused = await tap(app, google.sign())
    assert (refused.status, refused.json, refused.cookies) == (400, {"message": "invalid id token"}, [])


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "\u00e9"])
async def test_a_text_that_is_no_token_is_refused(token: str) -> None:
    refused = await tap(made()[0], token)
    assert (refused.status, refused.json) == (400, {"message": "invalid id token"})


async def test_a_forged_signature_is_refused() -> None:
    app, google = made()
    head, body, signature = google.sign().split(".")
    refused = await tap(app, f"{head}.{body}.{signature[:-6]}AAAAAA")
    assert (refused.status, refused.json) == (400, {"message": "invalid id token"})


async def test_a_token_without_an_address_is_refused() -> None:
    app, google = made()
    google.claims.pop("email")
    refused = await tap(app, google.sign())
    assert (refused.status, refused.json) == (400, {"message": "Email not available in token"})


async def test_the_place_to_go_next_must_be_trusted() -> None:
    app, google = made()
    refused = await tap(app, google.sign(), callbackURL="https://evil.test")
    assert (refused.status, refused.json["code"]) == (403, "INVALID_CALLBACK_URL")


@pytest.mark.parametrize(
    ("options", "own"), [({"disableSignup": True}, {}), ({}, {"disable_sign_up": True})], ids=["plugin", "provider"]
)
async def test_strangers_are_refused_where_nobody_may_sign_up(options: dict[str, object], own: Any) -> None:
    app, google = made(options, social_providers={"google": {**GOOGLE["google"], **own}})
    refused = await tap(app, google.sign())
    assert (refused.status, refused.json) == (401, {"message": "signup disabled"})


async def test_an_address_that_somebody_else_may_have_claimed_is_not_taken_over() -> None:
    app, google = made()
    await app.signed_up("tap@example.com")
    refused = await tap(app, google.sign())
    assert (refused.status, refused.json) == (401, {"message": "account not linked"})
    assert await app.auth.services.database.count(Account) == 1


async def test_an_address_that_nobody_vouches_for_does_where_it_need_not_be_verified() -> None:
    app, google = made()
    google.claims["email_verified"] = False
    assert (await tap(app, google.sign())).json["user"]["emailVerified"] is False
    strict, google = made(social_providers={"google": {**GOOGLE["google"], "require_email_verification": True}})
    google.claims["email_verified"] = False
    refused = await tap(strict, google.sign())
    assert (refused.status, refused.json["code"], refused.cookies) == (403, "EMAIL_NOT_VERIFIED", [])


async def test_a_hosted_domain_is_checked() -> None:
    app, google = made(social_providers={"google": {**GOOGLE["google"], "hd": "example.com"}})
    refused = await tap(app, google.sign())
    assert (refused.status, refused.json) == (400, {"message": "invalid id token"})
    google.claims["hd"] = "example.com"
    assert (await tap(app, google.sign())).status == 200


async def test_race_05_many_first_tokens_make_one_user() -> None:
    app, google = made()
    token = google.sign()
    answers = await all_at_once([lambda: tap(app, token)] * 20)
    assert {answer.status for answer in answers} == {200}
    database = app.auth.services.database
    assert (await database.count(User), await database.count(Account)) == (1, 1)


async def test_a_hook_that_refuses_the_session_is_the_answer() -> None:
    async def refuse(session: object, context: object) -> bool:
        return False

    app, google = made(database_hooks={"session": {"create": {"before": refuse}}})
    refused = await tap(app, google.sign())
    assert (refused.status, refused.json) == (401, {"message": "unable to create session"})
