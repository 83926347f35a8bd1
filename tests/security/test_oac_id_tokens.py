"""ID tokens that nobody should accept, presented by a client or exchanged for a code; rows OAC-08 to OAC-16."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import anyio
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of

pytestmark = pytest.mark.anyio

PROVIDERS: Mapping[str, Any] = {
    "google": {"client_id": "google-id", "client_secret": "google-secret"},
    "github": {"client_id": "github-id", "client_secret": "github-secret"},
    "apple": {"client_id": "apple-id", "client_secret": "apple-secret"},
}
BASE = "http://localhost:3000/api/auth"
ERROR = f"{BASE}/error?error="


def made(**options: Any) -> tuple[TestApp, FakeGoogle]:
    app = make_app({"social_providers": PROVIDERS, **options})
    return app, FakeGoogle(app.egress, app.clock)


async def state_of(browser: Browser, path: str = "/sign-in/social", **body: object) -> str:
    answer = await browser.post(
        path, {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops", **body}
    )
    assert answer.status == 200, answer
    return query_of(answer.json["url"])["state"]


async def back(browser: Browser, query: str, provider: str = "google") -> str | None:
    answer = await browser.get(f"/callback/{provider}?{query}")
    assert answer.status == 302, answer
    return answer.header("location")


async def nobody_came(app: TestApp) -> bool:
    db = app.auth.services.database
    return (await db.count(User), await db.count(Account), await db.count(Session)) == (0, 0, 0)


async def presented(browser: Browser, token: str, **more: object) -> Answer:
    return await browser.post("/sign-in/social", {"provider": "google", "idToken": {"token": token, **more}})


def _segment(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _unsigned(google: FakeGoogle) -> str:
    return f"{_segment({'alg': 'none', 'kid': google.key_id})}.{google.sign().split('.')[1]}."


def _by_secret(google: FakeGoogle) -> str:
    claims = jwt.decode(google.sign(), options={"verify_signature": False})
    return jwt.encode(claims, "google-secret".ljust(32, "x"), algorithm="HS256", headers={"kid": google.key_id})


def _by_public_key(google: FakeGoogle) -> str:
    public = google.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = _segment({"alg": "HS256", "kid": google.key_id})
    body = google.sign().split(".")[1]
    signature = hmac.digest(public, f"{header}.{body}".encode(), "sha256")
    return f"{header}.{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _by_a_stranger(google: FakeGoogle) -> str:
    claims = jwt.decode(google.sign(), options={"verify_signature": False})
    stranger = rsa.generate_private_key(65537, 2048)
    return jwt.encode(claims, stranger, algorithm="RS256", headers={"kid": google.key_id})


@pytest.mark.parametrize("forge", [_unsigned, _by_secret, _by_public_key, _by_a_stranger])
async def test_oac_08_a_token_that_the_issuer_has_not_signed_is_refused(forge: Callable[[FakeGoogle], str]) -> None:
    app, google = made()
    answer = await presented(app.browser(), forge(google))
    assert (answer.status, answer.json) == (401, {"message": "Invalid token", "code": "INVALID_TOKEN"})
    assert await nobody_came(app)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": ["other-1", "other-2"]},
        {"aud": ["google-id", "stranger"]},
        {"aud": ["google-id", "stranger"], "azp": "stranger"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"iat": None},
        {"exp": None},
        {"exp": 1},
        {"nbf": 4_000_000_000},
        {"iat": 4_000_000_000},
        {"exp": "4000000000"},
    ],
)
async def test_oac_09_a_token_for_somebody_or_some_time_else_is_refused(claims: Mapping[str, object]) -> None:
    app, google = made()
    answer = await presented(app.browser(), google.sign(claims))
    assert (answer.status, answer.json["code"]) == (401, "INVALID_TOKEN")
    assert await nobody_came(app)


async def test_oac_09_a_token_that_was_made_long_ago_is_refused_though_it_has_not_expired() -> None:
    app, google = made()
    token = google.sign(lifetime=timedelta(days=9))
    app.clock.advance(hours=2)
    assert (await presented(app.browser(), token)).status == 401


async def test_oac_10_a_nonce_must_be_repeated() -> None:
    app, google = made()
    browser = app.browser()
    assert (await presented(browser, google.sign(), nonce="n-1")).status == 401
    assert (await presented(browser, google.sign({"nonce": "n-2"}), nonce="n-1")).status == 401
    assert (await presented(browser, google.sign({"nonce": "n-1"}), nonce="n-1")).status == 200


async def test_oac_09_the_exchanged_token_must_be_for_us_too() -> None:
    app, google = made()
    for wrong in ({"aud": "somebody-else"}, {"iss": "https://evil.example"}, {"exp": 1}):
        browser = app.browser()
        kept = dict(google.claims)
        google.claims |= wrong
        state = await state_of(browser)
        assert await back(browser, f"code=c&state={state}") == "/oops?error=unable_to_get_user_info"
        google.claims = kept
    assert await nobody_came(app)


async def test_whoever_may_not_sign_up_does_not_by_an_id_token_either() -> None:
    app, google = made(social_providers={"google": {**PROVIDERS["google"], "disable_sign_up": True}})
    for more in ({}, {"requestSignUp": True}):
        body = {"provider": "google", "idToken": {"token": google.sign()}, **more}
        answer = await app.browser().post("/sign-in/social", body)
        assert (answer.status, answer.json) == (401, {"message": "signup disabled", "code": "OAUTH_LINK_ERROR"})
    assert await nobody_came(app)


async def test_oac_15_made_up_keys_ask_the_issuer_once_per_half_minute() -> None:
    app, google = made()
    browser = app.browser()
    assert (await presented(browser, google.sign())).status == 200
    for number in range(20):
        assert (await presented(browser, google.sign(kid=f"made-up-{number}"))).status == 401
    assert google.key_fetches() == 1
    app.clock.advance(seconds=31)
    google.key_id = "key-2"
    assert (await presented(browser, google.sign())).status == 200
    assert google.key_fetches() == 2


async def test_oac_15_fifty_tokens_at_once_fetch_the_keys_once() -> None:
    app, google = made()
    token = google.sign()
    statuses: list[int] = []

    async def come() -> None:
        statuses.append((await presented(app.browser(), token)).status)

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(come)
    assert statuses == [200] * 50
    assert google.key_fetches() == 1


async def test_oac_16_keys_of_one_issuer_do_not_vouch_for_another() -> None:
    app, google = made()
    browser = app.browser()
    assert (await presented(browser, google.sign())).status == 200
    stranger = FakeGoogle(app.egress, app.clock, key=rsa.generate_private_key(65537, 2048))
    app.egress.on("GET", "https://appleid.apple.com/auth/keys", b'{"keys": []}')
    token = stranger.sign({"iss": "https://appleid.apple.com", "aud": "apple-id"})
    answer = await browser.post("/sign-in/social", {"provider": "apple", "idToken": {"token": token}})
    assert answer.status == 401
