"""Callers recognised by cookies, tokens and requests that the JavaScript server itself has made."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gatewright.contract.faults import ServiceUnavailable, Unauthorized
from gatewright.crypto.compact import encode_compact
from gatewright.crypto.hmac import CookieSigner
from gatewright.crypto.jwk import generate_key, public_jwk, public_key
from gatewright.crypto.jwt import sign_hs256, sign_jwt
from gatewright.http.cookies import encode_uri_component
from gatewright.ports.egress import Outbound, Reply
from gatewright.testing.clock import FrozenClock
from gatewright.testing.egress import ScriptedEgress
from gatewright.verify import SessionCookies, Strategy, Verifier
from gatewright.wire.json import encode

pytestmark = pytest.mark.anyio

_DATA = Path(__file__).parents[3] / "data" / "verify"
COOKIES: dict[str, str] = json.loads((_DATA / "cookies.json").read_text(encoding="utf-8"))
TOKEN = json.loads((_DATA / "token.json").read_text(encoding="utf-8"))
SECRET = COOKIES["secret"]
WRITTEN = datetime(2026, 11, 23, 7, 40, 10, tzinfo=UTC)
"""A moment shortly after the cookies were written; all of them last for five minutes."""

BASE = "http://localhost:3000"
STRATEGIES: tuple[Strategy, ...] = ("compact", "jwt", "jwe")


def _signed(token: str, secret: str = SECRET) -> str:
    return f"better-auth.session_token={encode_uri_component(CookieSigner(secret).sign(token))}"


TOKENS = {
    "compact": "1v9L1lmb11XpWCKXBcK1NPYA3WQn27DL",
    "jwt": "EdETR7VO8gE4cbJ7yzJhvtmSezuMwZit",
    "jwe": "bwa1Yn2Yl2FjaFIboBC4IJNfICnzDdeo",
}
"""The session that each cookie caches."""


def _cookie(strategy: Strategy) -> str:
    """The cached session of one form beside the session cookie that it belongs to."""
    return f"{_signed(TOKENS[strategy])}; {COOKIES[strategy]}"


def _verifier(
    strategy: Strategy = "compact", *, audience: str | None = None
) -> tuple[Verifier, ScriptedEgress, FrozenClock]:
    egress, clock = ScriptedEgress(), FrozenClock(WRITTEN)
    return (
        Verifier.of(BASE, secret=SECRET, strategy=strategy, egress=egress, clock=clock, audience=audience),
        egress,
        clock,
    )


def test_the_session_cookie_gives_its_token_only_when_its_signature_holds() -> None:
    reader = SessionCookies(SECRET, secure=False)
    assert reader.token(COOKIES["token"]) == "1v9L1lmb11XpWCKXBcK1NPYA3WQn27DL"
    assert reader.token(COOKIES["token"].replace("=1v9", "=1v8")) is None
    assert SessionCookies("another-secret", secure=False).token(COOKIES["token"]) is None
    assert SessionCookies(SECRET, secure=True).token(COOKIES["token"]) is None
    assert SessionCookies(SECRET, secure=True).token(f"__Secure-{COOKIES['token']}") is not None


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_a_cached_session_of_each_form_is_recognised_without_a_request(strategy: Strategy) -> None:
    verifier, egress, _ = _verifier(strategy)
    found = await verifier.require({"cookie": _cookie(strategy)})
    assert (found.source, found.user.email, found.user.name) == ("cookie", "vec@example.com", "Véc Tor")
    assert found.session is not None
    assert (found.session.user_id, found.session.expires_at.tzinfo) == (found.user.id, UTC)
    assert egress.requests == []
    assert found.session.token not in repr(found)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_cached_session_counts_only_in_time_and_beside_its_own_cookie(strategy: Strategy) -> None:
    reader = SessionCookies(SECRET, secure=False, strategy=strategy)
    header = _cookie(strategy)
    assert reader.session(header, now=WRITTEN) is not None
    assert reader.session(header, now=WRITTEN + timedelta(minutes=6)) is None
    assert reader.session(COOKIES[strategy], now=WRITTEN) is None
    assert reader.session(f"{_signed('another-token')}; {COOKIES[strategy]}", now=WRITTEN) is None
    assert SessionCookies("x" * 32, secure=False, strategy=strategy).session(header, now=WRITTEN) is None
    assert SessionCookies(SECRET, secure=False, strategy=strategy, version="2").session(header, now=WRITTEN) is None
    for other in STRATEGIES:
        if other != strategy:
            assert SessionCookies(SECRET, secure=False, strategy=other).session(header, now=WRITTEN) is None


def _payload(**more: object) -> dict[str, object]:
    day = "2026-11-24T00:00:00.000Z"
    session = {"id": "s1", "token": "t1", "userId": "u1", "expiresAt": day, "createdAt": day, **more}
    return {"session": session, "user": {"id": "u1", "name": "Ada"}, "updatedAt": 1, "version": "1"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"expiresAt": "2026-11-23T07:40:10.000Z"},
        {"expiresAt": "soon"},
        {"expiresAt": None},
        {"userId": "u2"},
        {"token": 1},
    ],
)
def test_an_authentic_cookie_of_another_shape_is_no_session(wrong: dict[str, object]) -> None:
    end = int(WRITTEN.timestamp() * 1000) + 60_000
    reader = SessionCookies(SECRET, secure=False)

    def header(payload: dict[str, object]) -> str:
        return f"{_signed('t1')}; better-auth.session_data={encode_compact(encode(payload), expires_at_ms=end, secret=SECRET)}"

    assert reader.session(header(_payload()), now=WRITTEN) is not None
    assert reader.session(header(_payload(**wrong)), now=WRITTEN) is None


def test_a_cached_session_without_an_end_is_refused() -> None:
    """The same secret signs other tokens too."""
    reader = SessionCookies(SECRET, secure=False, strategy="jwt")
    header = f"{_signed('t1')}; better-auth.session_data={sign_hs256(_payload(), SECRET)}"
    assert reader.session(header, now=WRITTEN) is None


async def test_a_token_of_the_server_is_recognised_by_its_published_key() -> None:
    verifier, egress, _ = _verifier(audience="x")
    egress.on("GET", f"{BASE}/api/auth/jwks", encode(TOKEN["jwks"]))
    found = await verifier.require({"authorization": f"Bearer {TOKEN['token']}"})
    assert (found.source, found.user.id, found.session, found.claims["foo"]) == ("token", "u1", None, "bar")
    assert [request.url for request in egress.requests] == [f"{BASE}/api/auth/jwks"]


async def test_a_token_for_somebody_else_is_refused_without_asking_the_server() -> None:
    verifier, egress, clock = _verifier(audience="y")
    egress.on("GET", f"{BASE}/api/auth/jwks", encode(TOKEN["jwks"]))
    headers = {"authorization": f"Bearer {TOKEN['token']}"}
    assert await verifier.identify(headers) is None
    verifier, egress, clock = _verifier(audience="x")
    egress.on("GET", f"{BASE}/api/auth/jwks", encode(TOKEN["jwks"]))
    clock.advance(hours=2)
    assert await verifier.identify(headers) is None
    with pytest.raises(Unauthorized):
        await verifier.require(headers)
    assert {request.url for request in egress.requests} == {f"{BASE}/api/auth/jwks"}


async def test_only_the_algorithm_that_a_key_names_counts_and_every_claim_is_needed() -> None:
    key = generate_key("EdDSA")
    jwk = {**public_jwk(public_key(key)), "kid": "k", "alg": "EdDSA"}
    good: dict[str, object] = {"sub": "u1", "iss": BASE, "aud": BASE, "exp": int(WRITTEN.timestamp()) + 60}

    async def accepted(token: str, served: dict[str, str] = jwk) -> bool:
        verifier, egress, _ = _verifier()
        egress.on("GET", f"{BASE}/api/auth/jwks", encode({"keys": [served]}))
        return await verifier.identify({"authorization": f"Bearer {token}"}) is not None

    def signed(**changed: object) -> str:
        claims = {name: value for name, value in {**good, **changed}.items() if value is not None}
        return sign_jwt(claims, key, algorithm="EdDSA", kid="k")

    assert await accepted(signed())
    assert not await accepted(signed(), {**jwk, "alg": "ES256"})
    assert not await accepted(signed(), {**jwk, "x": "AAAA"})
    assert not await accepted(sign_jwt(good, key, algorithm="EdDSA"))
    assert not await accepted(sign_hs256(good, jwk["x"], header={"kid": "k"}))
    for changed in (
        {"exp": None},
        {"sub": None},
        {"iss": None},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"id": "u2"},
    ):
        assert not await accepted(signed(**changed)), changed


async def test_whatever_is_not_decided_here_is_asked_of_the_server() -> None:
    verifier, egress, _ = _verifier()

    def answer(request: Outbound) -> Reply:
        known = request.headers.get("authorization") == "Bearer opaque" or "t1" in request.headers.get("cookie", "")
        return Reply(200, {}, encode(_payload()) if known else b"null")

    egress.on("GET", f"{BASE}/api/auth/get-session", answer)
    for headers in ({"authorization": "Bearer opaque"}, {"cookie": f"{_signed('t1')}; theme=dark"}):
        found = await verifier.require(headers)
        assert (found.source, found.user.id) == ("remote", "u1")
    assert await verifier.identify({"authorization": "Bearer unknown"}) is None
    assert egress.requests[1].headers["cookie"] == _signed("t1")
    assert egress.requests[0].url.endswith("/get-session?disableRefresh=true")


async def test_nothing_is_asked_for_callers_without_a_proof_or_with_a_forged_cookie() -> None:
    verifier, egress, _ = _verifier()
    assert await verifier.identify({}) is None
    assert await verifier.identify({"cookie": "theme=dark"}) is None
    assert await verifier.identify({"cookie": _signed("t1", "another-secret")}) is None
    assert egress.requests == []


@pytest.mark.parametrize(("status", "body"), [(500, b""), (302, b""), (200, b"<html>"), (200, b"[]")])
async def test_a_server_without_a_usable_answer_is_a_503_and_never_a_session(status: int, body: bytes) -> None:
    verifier, egress, _ = _verifier()
    egress.on("GET", f"{BASE}/api/auth/get-session", body, status=status)
    with pytest.raises(ServiceUnavailable):
        await verifier.require({"authorization": "Bearer opaque"})


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_of_the_server_is_nobody(status: int) -> None:
    verifier, egress, _ = _verifier()
    egress.on("GET", f"{BASE}/api/auth/get-session", b"{}", status=status)
    assert await verifier.identify({"authorization": "Bearer opaque"}) is None
