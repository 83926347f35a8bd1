"""Opaque tokens that are asked about, and API keys that the application checks."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest

from gatewright.contract.faults import ServiceUnavailable
from gatewright.model.user import User
from gatewright.ports.egress import EgressError, Outbound, Reply
from gatewright.testing.clock import FrozenClock
from gatewright.testing.egress import ScriptedEgress
from gatewright.verify import Identity, TokenIntrospection, Verifier
from gatewright.wire.json import encode

pytestmark = pytest.mark.anyio

BASE = "http://localhost:3000"
PLACE = f"{BASE}/api/auth/oauth2/introspect"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ACTIVE: dict[str, Any] = {"active": True, "sub": "u1", "iss": BASE, "aud": ["api", BASE], "exp": SECONDS + 60}


def _verifier(**more: Any) -> tuple[Verifier, ScriptedEgress]:
    egress = ScriptedEgress()
    return Verifier.of(BASE, client=("the client", "a:secret%"), egress=egress, clock=FrozenClock(NOW), **more), egress


async def test_a_token_is_asked_about_with_the_services_own_credentials() -> None:
    verifier, egress = _verifier()
    egress.on("POST", PLACE, encode({**ACTIVE, "scope": "read", "name": "Ada", "client_id": "c"}))
    found = await verifier.require({"authorization": "Bearer opaque&token"})
    assert (found.source, found.user.id, found.user.name, found.session) == ("introspection", "u1", "Ada", None)
    assert found.claims["scope"] == "read"
    sent = egress.requests[0]
    assert parse_qs((sent.body or b"").decode()) == {"token": ["opaque&token"], "token_type_hint": ["access_token"]}
    # RFC 6749 §2.3.1: each part is form-encoded.
    assert b64decode(sent.headers["authorization"].removeprefix("Basic ")) == b"the+client:a%3Asecret%25"


@pytest.mark.parametrize(
    "changed",
    [
        {"active": False},
        {"sub": None},
        {"sub": 1},
        {"exp": SECONDS},
        {"exp": "soon"},
        {"nbf": SECONDS + 1},
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": None},
        {"aud": []},
    ],
)
async def test_an_answer_that_does_not_say_yes_for_this_service_is_nobody(changed: dict[str, Any]) -> None:
    egress = ScriptedEgress()
    reader = TokenIntrospection(
        PLACE, egress=egress, client_id="c", client_secret="s", issuer=BASE, audience="api", clock=FrozenClock(NOW)
    )
    egress.on("POST", PLACE, encode(ACTIVE))
    assert await reader.verify("opaque") is not None
    egress.on("POST", PLACE, encode({**ACTIVE, **changed}))
    assert await reader.verify("opaque") is None


async def test_a_token_of_which_the_issuer_knows_nothing_may_still_be_a_session_token() -> None:
    verifier, egress = _verifier()
    egress.on("POST", PLACE, encode({"active": False}))
    egress.on("GET", f"{BASE}/api/auth/get-session", b"null")
    assert await verifier.identify({"authorization": "Bearer opaque"}) is None
    assert [request.url.partition("?")[0] for request in egress.requests] == [PLACE, f"{BASE}/api/auth/get-session"]


@pytest.mark.parametrize(("status", "body"), [(401, b"{}"), (500, b""), (200, b"<html>"), (200, b'{"active": "yes"}')])
async def test_an_endpoint_without_a_usable_answer_is_a_503(status: int, body: bytes) -> None:
    verifier, egress = _verifier()
    egress.on("POST", PLACE, body, status=status)
    with pytest.raises(ServiceUnavailable):
        await verifier.require({"authorization": "Bearer opaque"})


async def _check(key: str) -> Identity | None:
    if key == "broken":
        raise EgressError("no answer")
    return Identity(User(name="Ada", email="a@example.com", id="u1"), None, "key") if key == "good" else None


async def test_an_api_key_is_checked_by_the_application_where_it_says_how() -> None:
    verifier, egress = _verifier(api_keys=_check)
    assert (await verifier.require({"x-api-key": "good"})).source == "key"
    assert await verifier.identify({"x-api-key": "bad"}) is None
    with pytest.raises(ServiceUnavailable):
        await verifier.identify({"x-api-key": "broken"})
    assert egress.requests == []


async def test_without_that_an_api_key_is_asked_about_like_a_session() -> None:
    verifier, egress = _verifier()
    day = "2026-11-24T00:00:00.000Z"
    session = {"id": "s1", "token": "t1", "userId": "u1", "expiresAt": day, "createdAt": day}

    def answer(request: Outbound) -> Reply:
        known = request.headers.get("x-api-key") == "good"
        return Reply(200, {}, encode({"session": session, "user": {"id": "u1"}}) if known else b"null")

    egress.on("GET", f"{BASE}/api/auth/get-session", answer)
    assert (await verifier.require({"x-api-key": "good"})).source == "remote"
    assert await verifier.identify({"x-api-key": "bad"}) is None
