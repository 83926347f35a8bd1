"""Cached sessions that are signed with the published keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.plugins.jwt.tokens import ORIGIN, api_of, app_with, claims_of, published

from gatewright.crypto.jwt import sign_jwt, unverified_header
from gatewright.model.session import Session
from gatewright.plugins.jwt import Jwks
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Browser
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio

COOKIE = "better-auth.session_data"
SIGNED = {"session_cookie_cache": True, "disable_setting_jwt_header": True}
CACHE = {"session": {"cookie_cache": {"enabled": True, "strategy": "jwt", "max_age": 120}}}


def app(**jwt: Any) -> TestApp:
    return app_with({**SIGNED, **jwt}, settings=CACHE)


async def ended(tests: TestApp) -> None:
    """Every session, behind the back of those who carry a copy."""
    await tests.auth.services.database.delete(Session)


async def who(browser: Browser) -> str | None:
    answer = (await browser.get("/get-session")).json
    return None if answer is None else answer["user"]["name"]


async def test_others_verify_a_copy_with_the_published_keys() -> None:
    tests = app()
    browser = await tests.signed_up()
    copy = browser.cookie(COOKIE)
    assert copy is not None
    header = unverified_header(copy)
    (key,) = (await published(tests))["keys"]
    assert header == {"alg": "EdDSA", "kid": key["kid"], "typ": "better-auth.session-cache+jwt"}
    claims = claims_of(copy, {"keys": [key]}, tests.clock.now(), audience="better-auth:session-cache")
    assert claims is not None
    session = (await browser.get("/get-session")).json
    now = int(tests.clock.now().timestamp())
    assert list(claims) == ["session", "user", "updatedAt", "version", "sid", "iat", "exp", "iss", "aud", "sub"]
    assert claims["session"] == session["session"]
    assert claims["user"] == session["user"]
    assert (claims["sid"], claims["sub"]) == (session["session"]["token"], session["user"]["id"])
    assert (claims["iss"], claims["iat"], claims["exp"]) == (ORIGIN, now, now + 120)


async def test_a_copy_answers_until_it_is_over_and_the_clocks_have_had_their_leeway() -> None:
    tests = app()
    browser = await tests.signed_up()
    await ended(tests)
    assert await who(browser) == "Ada"
    tests.clock.advance(seconds=134)
    assert await who(browser) == "Ada"
    tests.clock.advance(seconds=1)
    assert await who(browser) is None


async def forged(
    tests: TestApp, browser: Browser, *, typ: str = "better-auth.session-cache+jwt", **changed: Any
) -> None:
    """Give the browser a copy that one of the instance's keys has signed, but that says something else."""
    plugin: Any = tests.auth.blueprint.plugins[0]
    keys = plugin.keys(tests.auth.services)
    (row,) = await tests.auth.services.database.find_many(Jwks)
    copy = browser.cookie(COOKIE)
    assert copy is not None
    audience = "better-auth:session-cache"
    claims = claims_of(copy, await published(tests), tests.clock.now(), audience=audience)
    assert claims is not None
    made = sign_jwt({**claims, **changed}, keys._open(row), algorithm="EdDSA", kid=str(row.id), header={"typ": typ})
    browser.jar[COOKIE] = made


@pytest.mark.parametrize(
    "changed",
    [
        {"typ": "JWT"},
        {"aud": ORIGIN},
        {"iss": "https://elsewhere.example.com"},
        {"sub": "somebody-else"},
        {"sid": "another-session"},
        {"exp": None},
        {"exp": "soon"},
    ],
)
async def test_a_token_that_is_no_copy_of_this_session_is_not_taken_for_one(changed: dict[str, Any]) -> None:
    tests = app()
    browser = await tests.signed_up()
    await forged(tests, browser)
    await ended(tests)
    assert await who(browser) == "Ada"
    again = app()
    browser = await again.signed_up()
    await forged(again, browser, **changed)
    await ended(again)
    assert await who(browser) is None


async def test_a_copy_signed_with_the_secret_is_not_taken() -> None:
    with_secret = app_with({"disable_setting_jwt_header": True}, settings=CACHE)
    browser = await with_secret.signed_up()
    copy = browser.cookie(COOKIE)
    assert copy is not None
    tests = app()
    other = await tests.signed_up()
    other.jar[COOKIE] = copy
    await ended(tests)
    assert await who(other) is None


async def test_a_copy_is_no_token() -> None:
    tests = app(jwt={"audience": "better-auth:session-cache"})
    browser = await tests.signed_up()
    copy = browser.cookie(COOKIE)
    assert copy is not None
    assert (await api_of(tests).verify_jwt(token=copy)).payload is None


async def test_a_copy_of_a_key_that_is_no_longer_published_is_not_taken() -> None:
    tests = app(jwks={"rotation_interval": 60, "grace_period": 10})
    browser = await tests.signed_up()
    await ended(tests)
    tests.clock.advance(seconds=69)
    assert await who(browser) == "Ada"
    tests.clock.advance(seconds=1)
    assert await who(browser) is None


@pytest.mark.parametrize("cache", [{}, {"enabled": True}, {"enabled": True, "strategy": "jwe"}])
async def test_signing_copies_needs_copies_that_are_tokens(cache: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="strategy"):
        app_with(SIGNED, settings={"session": {"cookie_cache": cache}})


async def test_a_copy_of_a_passing_session_is_short() -> None:
    tests = app()
    await tests.signed_up()
    browser = tests.browser()
    body = {"email": "ada@example.com", "password": "password-1234", "rememberMe": False}
    assert (await browser.post("/sign-in/email", body)).status == 200
    copy = browser.cookie(COOKIE)
    assert copy is not None
    audience = "better-auth:session-cache"
    claims = claims_of(copy, await published(tests), tests.clock.now(), audience=audience)
    assert claims is not None
    assert timedelta(seconds=claims["exp"] - claims["iat"]) == timedelta(seconds=300)
