"""Rows of the JWT group that hold for every verifier: each attack is tried on each of them.

Verifiers are: the plugin's own, the one for services elsewhere, sessions cached under the published keys here and elsewhere,
and ID tokens of a provider; where the secret signs, cached sessions and verification links too.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from tests.unit.plugins.jwt.tokens import ORIGIN, api_of, app_with, published

from gatewright.crypto.jwk import KeyAlgorithm, PrivateKey
from gatewright.crypto.jwt import sign_hs256, sign_jwt
from gatewright.model.session import Session
from gatewright.plugins.jwt import Jwks
from gatewright.ports.egress import Outbound, Reply
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.identity_provider import FakeGoogle
from gatewright.verify import Verifier
from gatewright.wire.json import encode

pytestmark = pytest.mark.anyio

Claims: TypeAlias = Mapping[str, object]
COOKIE = "better-auth.session_data"
P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the curve (FIPS 186-5)."""


@dataclass
class Door:
    """One verifier.

    Attributes:
        claims: Those of a token that is good here.
        typ: What the header of such a token calls itself.
        key: What signs.
        kid: Its name.
        algorithm: With what.
        opens: Whether a token is taken.
    """

    claims: dict[str, object]
    typ: str | None
    key: PrivateKey
    kid: str
    algorithm: KeyAlgorithm
    opens: Callable[[str], Awaitable[bool]]

    def token(self, header: Claims | None = None, **changed: object) -> str:
        """A token that differs from a good one in some claims; ``None`` leaves one out."""
        claims = {name: value for name, value in {**self.claims, **changed}.items() if value is not None}
        more = {} if self.typ is None else {"typ": self.typ}
        return sign_jwt(claims, self.key, algorithm=self.algorithm, kid=self.kid, header={**more, **(header or {})})


class _Published:
    """Egress that knows the key set of an instance."""

    def __init__(self, app: TestApp) -> None:
        self._app = app

    async def send(self, request: Outbound, /) -> Reply:
        # Whatever a token does not decide is asked of the server, who knows nobody.
        body = encode(await published(self._app)) if request.url.endswith("/jwks") else b"null"
        return Reply(200, {"content-type": "application/json"}, body)


async def _signing(app: TestApp) -> tuple[PrivateKey, str]:
    plugin: Any = app.auth.blueprint.plugins[0]
    await published(app)
    (row,) = await app.auth.services.database.find_many(Jwks)
    return plugin.keys(app.auth.services)._open(row), str(row.id)


def _app(algorithm: KeyAlgorithm, **settings: Any) -> TestApp:
    return app_with(
        {
            "jwks": {"key_pair_config": {"alg": algorithm}},
            "disable_setting_jwt_header": True,
            "session_cookie_cache": "session" in settings,
        },
        settings=settings,
    )


async def plugin(algorithm: KeyAlgorithm) -> Door:
    app = _app(algorithm)
    key, kid = await _signing(app)
    now = int(app.clock.now().timestamp())

    async def opens(token: str) -> bool:
        return (await api_of(app).verify_jwt(token=token)).payload is not None

    claims: dict[str, object] = {"sub": "x", "iss": ORIGIN, "aud": ORIGIN, "iat": now, "exp": now + 60}
    return Door(claims, None, key, kid, algorithm, opens)


async def elsewhere(algorithm: KeyAlgorithm) -> Door:
    app = _app(algorithm)
    key, kid = await _signing(app)
    verifier = Verifier.of(ORIGIN, egress=_Published(app), clock=app.clock)
    now = int(app.clock.now().timestamp())

    async def opens(token: str) -> bool:
        return await verifier.identify({"authorization": f"Bearer {token}"}) is not None

    user = {"name": "Ada", "email": "ada@example.com", "emailVerified": True, "createdAt": "2026-01-01T00:00:00.000Z"}
    more = {**user, "updatedAt": "2026-01-01T00:00:00.000Z", "image": None}
    claims: dict[str, object] = {**more, "sub": "x", "iss": ORIGIN, "aud": ORIGIN, "iat": now, "exp": now + 60}
    return Door(claims, None, key, kid, algorithm, opens)


async def cached(algorithm: KeyAlgorithm) -> Door:
    app = _app(algorithm, session={"cookie_cache": {"enabled": True, "strategy": "jwt"}})
    browser = await app.signed_up()
    key, kid = await _signing(app)
    copy = browser.cookie(COOKIE)
    assert copy is not None
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(copy.split(".")[1] + "=="))
    # From here on only a copy can be the answer.
    await app.auth.services.database.delete(Session)
    jar = dict(browser.jar)

    async def opens(token: str) -> bool:
        asking = Browser(app.auth, origin=browser.origin, base=browser.base)
        asking.jar = {**jar, COOKIE: token}
        return (await asking.get("/get-session")).json is not None

    return Door(claims, "better-auth.session-cache+jwt", key, kid, algorithm, opens)


async def cached_elsewhere(algorithm: KeyAlgorithm) -> Door:
    app = _app(algorithm, session={"cookie_cache": {"enabled": True, "strategy": "jwt"}})
    browser = await app.signed_up()
    key, kid = await _signing(app)
    copy = browser.cookie(COOKIE)
    assert copy is not None
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(copy.split(".")[1] + "=="))
    verifier = Verifier.of(ORIGIN, egress=_Published(app), clock=app.clock)
    token = browser.jar["better-auth.session_token"]

    async def opens(copy: str) -> bool:
        return await verifier.identify({"cookie": f"better-auth.session_token={token}; {COOKIE}={copy}"}) is not None

    return Door(claims, "better-auth.session-cache+jwt", key, kid, algorithm, opens)


async def provider(algorithm: KeyAlgorithm) -> Door:
    app = make_app({"social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}}})
    google = FakeGoogle(app.egress, app.clock)
    now = int(app.clock.now().timestamp())

    async def opens(token: str) -> bool:
        sent = {"provider": "google", "idToken": {"token": token}}
        answer = await app.browser().post("/sign-in/social", sent)
        assert answer.status in (200, 400, 401), answer
        return answer.status == 200

    claims: dict[str, object] = {**google.claims, "iat": now, "exp": now + 60}
    return Door(claims, None, google.key, google.key_id, "RS256", opens)


DOORS = {
    "plugin": plugin,
    "elsewhere": elsewhere,
    "cached": cached,
    "cached elsewhere": cached_elsewhere,
    "provider": provider,
}


@pytest.fixture(params=DOORS)
async def door(request: pytest.FixtureRequest, anyio_backend: str) -> Door:
    """Each verifier; those that can, with an elliptic curve."""
    made = await DOORS[request.param]("ES256")
    assert await made.opens(made.token())
    return made


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"crit": "exp"},
        {"crit": None},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
    ],
)
async def test_jwt_05_what_a_header_demands_to_be_understood_is_refused(door: Door, header: Claims) -> None:
    assert not await door.opens(door.token(header))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "dir", "enc": "A256GCM"},
        {"alg": "RSA1_5", "enc": "A256CBC-HS512"},
        {"alg": "dir", "enc": "A256GCM", "zip": "DEF"},
        {"alg": "dir", "enc": "nothing-known"},
    ],
)
async def test_jwt_07_an_encrypted_token_is_none_of_these(door: Door, header: Claims) -> None:
    head = base64.urlsafe_b64encode(json.dumps({**header, "kid": door.kid}).encode()).decode().rstrip("=")
    begun = time.perf_counter()
    assert not await door.opens(f"{head}..{'A' * 16}.{'A' * 20_000}.{'A' * 22}")
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("dots", [1, 3, 4, 100_000])
async def test_jwt_08_a_token_has_three_parts_and_nothing_around_them(door: Door, dots: int) -> None:
    good = door.token()
    for token in ("a" + "." * dots, f"{good}{'.' * dots}", f"{good[:40]} {good[40:]}", f"{good}=", f"{good}.x"):
        assert not await door.opens(token), token[-20:]
    assert not await door.opens(good + "A" * 1_000_000)


async def test_jwt_09_the_issuer_is_that_one_and_no_other_spelling_of_it(door: Door) -> None:
    issuer = str(door.claims["iss"])
    for other in (f"{issuer}.evil.test", f"{issuer}/", f"x{issuer}", issuer[:-1], [issuer], {"0": issuer}, "", None):
        assert not await door.opens(door.token(iss=other)), other


@pytest.mark.parametrize("end", ["soon", "9999999999", -1, 0, 1.5, True, [], {}, 1_000_000_000])
async def test_jwt_10_an_end_that_is_none_is_refused(door: Door, end: object) -> None:
    assert not await door.opens(door.token(exp=end))


async def test_jwt_10_a_token_without_an_end_is_refused_where_the_server_issues_none(door: Door) -> None:
    # The application itself may sign tokens for ever, and its own verifier takes them.
    signs_for_ever = door.typ is None and door.claims.get("sub") == "x" and "name" not in door.claims
    assert await door.opens(door.token(exp=None)) is signs_for_ever


@pytest.mark.parametrize("start", ["soon", [], 9_999_999_999])
async def test_jwt_10_a_token_that_is_not_good_yet_is_refused(door: Door, start: object) -> None:
    assert not await door.opens(door.token(nbf=start))


async def test_jwt_10_numbers_beyond_all_bounds_are_refused(door: Door) -> None:
    head, _, _ = door.token().split(".")
    claims = {**door.claims, "exp": "@"}
    text = json.dumps(claims).replace('"@"', "1" + "0" * 400)
    body = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    assert not await door.opens(f"{head}.{body}.{'A' * 86}")
    assert not await door.opens(door.token(exp=1e300))


async def test_jwt_11_a_token_of_one_kind_is_none_of_another() -> None:
    app = _app("ES256", session={"cookie_cache": {"enabled": True, "strategy": "jwt"}})
    browser = await app.signed_up()
    user = (await browser.get("/get-session")).json["user"]
    now = int(app.clock.now().timestamp())
    copy = browser.cookie(COOKIE)
    assert copy is not None
    access = (await browser.get("/token")).json["token"]
    link = sign_hs256({"email": user["email"], "iat": now, "exp": now + 600}, app.auth.blueprint.plan.secret)
    await app.auth.services.database.delete(Session)

    async def of_the_plugin(token: str) -> bool:
        return (await api_of(app).verify_jwt(token=token)).payload is not None

    verifier = Verifier.of(ORIGIN, egress=_Published(app), clock=app.clock)

    async def of_others(token: str) -> bool:
        return await verifier.identify({"authorization": f"Bearer {token}"}) is not None

    async def of_the_cookie(token: str) -> bool:
        asking = Browser(app.auth, origin=browser.origin, base=browser.base)
        asking.jar = {**browser.jar, COOKIE: token}
        return (await asking.get("/get-session")).json is not None

    async def of_the_link(token: str) -> bool:
        answer = await app.browser().get(f"/verify-email?token={token}")
        assert answer.status in (200, 400, 401), answer
        return answer.status == 200

    kinds = {"copy": copy, "access": access, "link": link}
    taken = {
        "plugin": [name for name, token in kinds.items() if await of_the_plugin(token)],
        "others": [name for name, token in kinds.items() if await of_others(token)],
        "cookie": [name for name, token in kinds.items() if await of_the_cookie(token)],
        "link": [name for name, token in kinds.items() if await of_the_link(token)],
    }
    assert taken == {"plugin": ["access"], "others": ["access"], "cookie": ["copy"], "link": ["link"]}


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize("name", ["plugin", "elsewhere", "cached", "cached elsewhere"])
async def test_jwt_15_a_signature_on_a_curve_is_two_numbers_of_its_own(name: str) -> None:
    door = await DOORS[name]("ES256")
    good = door.token()
    head, _, signature = good.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    der = encode_dss_signature(r, s)
    assert decode_dss_signature(der) == (r, s)
    for wrong in (
        bytes(64),
        bytes(32) + raw[32:],
        raw[:32] + bytes(32),
        P256.to_bytes(32) + raw[32:],
        raw[:32] + P256.to_bytes(32),
        der,
        raw[:63],
        raw + b"\0",
        b"",
    ):
        assert not await door.opens(f"{head}.{_text(wrong)}")
    assert await door.opens(good)


@pytest.mark.parametrize("name", ["plugin", "elsewhere", "cached", "cached elsewhere"])
async def test_jwt_15_a_signature_of_another_curve_is_none(name: str) -> None:
    door, other = await DOORS[name]("ES256"), await DOORS[name]("ES512")
    head, _, _ = door.token().rpartition(".")
    _, _, signature = other.token().rpartition(".")
    assert not await door.opens(f"{head}.{signature}")
    assert not await door.opens(sign_jwt(door.claims, other.key, algorithm="ES512", kid=door.kid))


async def test_jwt_17_a_link_that_somebody_has_changed_is_refused() -> None:
    app = make_app()
    await app.signed_up()
    now = int(app.clock.now().timestamp())
    secret = app.auth.blueprint.plan.secret
    good: dict[str, object] = {"email": "ada@example.com", "iat": now, "exp": now + 600}

    async def answer(claims: Claims, key: str = secret) -> int:
        return (await app.browser().get(f"/verify-email?token={sign_hs256(claims, key)}")).status

    changed: list[dict[str, object]] = [
        {**good, "updateTo": "eve@example.com"},
        {**good, "requestType": "change-email-verification"},
        {**good, "requestType": "reset-password"},
        {**good, "sub": "somebody"},
        {**good, "purpose": "anything"},
        {"email": "ada@example.com", "iat": now},
        {"iat": now, "exp": now + 600},
    ]
    answers = [await answer(claims) for claims in changed]
    assert set(answers) <= {400, 401}, answers
    assert await answer(good, "another-secret-that-is-long-enough") in (400, 401)
    assert await answer(good) == 200


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer  ", "bearer\t", "Bearer \xe9", "Bearer " + "a" * 100_000]
)
async def test_jwt_18_an_authorization_that_is_none_is_nobody(header: str) -> None:
    app = _app("ES256")
    assert (
        await Verifier.of(ORIGIN, egress=_Published(app), clock=app.clock).identify({"authorization": header}) is None
    )
    answer = await app.browser().get("/token", headers={"authorization": header})
    assert answer.status == 401
