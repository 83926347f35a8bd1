"""A Python service behind the real better-auth: whatever that server hands out, ``gatewright.verify`` recognises.

Needs Node.js and the conformance kit with its npm packages, which ``nox -s conformance`` installs. The server runs with its
own clock, database and HTTP server; nothing of ours is between the two.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import subprocess
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from gatewright.ports.clock import SystemClock
from gatewright.ports.egress import HttpxEgress, Outbound, Reply
from gatewright.testing.clock import FrozenClock
from gatewright.verify import Identity, KeySignedCookies, RemoteKeys, SessionCookies, Strategy, Verifier

pytestmark = pytest.mark.anyio

SCRIPT = Path(__file__).with_name("verified.mjs")
SECRET = "a-secret-that-both-sides-know-of-0123456789"
PASSWORD = "password-1234"
REDIRECT = "https://rp.example.com/callback"
STRATEGIES: tuple[Strategy, ...] = ("compact", "jwt", "jwe")


@dataclass
class Node:
    """The reference as it runs."""

    origin: str
    strategy: Strategy
    process: subprocess.Popen[str]

    def register(self, cookie: str, **body: Any) -> dict[str, str]:
        """An OAuth client, made by the server's own call."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"cookie": cookie, "body": body}) + "\n")
        self.process.stdin.flush()
        return cast("dict[str, str]", json.loads(self.process.stdout.readline()))


@contextmanager
def _running(kit: Path, strategy: Strategy, jwt: Mapping[str, object] | None = None) -> Generator[Node]:
    options = {
        "secret": SECRET,
        "emailAndPassword": {"enabled": True},
        "rateLimit": {"enabled": False},
        "session": {"cookieCache": {"enabled": True, "strategy": strategy}},
    }
    environment = {
        "PATH": os.environ["PATH"],
        "KIT": str(kit),
        "OPTIONS": json.dumps(options),
        "JWT": json.dumps(jwt or {}),
    }
    with subprocess.Popen(
        ["node", str(SCRIPT)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Node(process.stdout.readline().split()[1], strategy, process)
        finally:
            process.terminate()


@pytest.fixture(scope="module", params=STRATEGIES)
def node(request: pytest.FixtureRequest, kit: Path) -> Generator[Node]:
    """The reference with cached sessions of one form."""
    with _running(kit, request.param) as running:
        yield running


class _Counting:
    """The real egress; remembers which paths it sent to."""

    def __init__(self, inner: HttpxEgress) -> None:
        self._inner = inner
        self.paths: list[str] = []

    async def send(self, request: Outbound, /) -> Reply:
        self.paths.append(urlsplit(request.url).path.removeprefix("/api/auth"))
        return await self._inner.send(request)


@dataclass
class Person:
    """Somebody who has just signed up, and the service that looks at what they bring."""

    http: httpx.AsyncClient
    verifier: Verifier
    egress: _Counting
    email: str

    def cookie(self, *, cached: bool = True) -> str:
        """Their ``Cookie`` header, with or without the copy of the session."""
        return "; ".join(
            f"{name}={value}" for name, value in self.http.cookies.items() if cached or "session_data" not in name
        )


@asynccontextmanager
async def _person(node: Node, **more: Any) -> AsyncGenerator[Person]:
    inner = HttpxEgress()
    egress = _Counting(inner)
    given: dict[str, Any] = {"secret": SECRET, "strategy": node.strategy, "egress": egress, **more}
    email = f"ada-{secrets.token_hex(6)}@example.com"
    async with httpx.AsyncClient(base_url=f"{node.origin}/api/auth", headers={"origin": node.origin}) as http:
        signed_up = await http.post("/sign-up/email", json={"name": "Ada", "email": email, "password": PASSWORD})
        signed_up.raise_for_status()
        try:
            yield Person(http, Verifier.of(node.origin, **given), egress, email)
        finally:
            await inner.close()


def _told(found: Identity) -> tuple[str, str, str]:
    return found.source, found.user.email, found.user.name


async def test_a_cached_session_is_recognised_without_a_request_and_its_twin_without_the_copy_with_one(
    node: Node,
) -> None:
    async with _person(node) as ada:
        copied = await ada.verifier.require({"cookie": ada.cookie()})
        asked = list(ada.egress.paths)
        stored = await ada.verifier.require({"cookie": ada.cookie(cached=False)})
    assert (_told(copied), asked) == (("cookie", ada.email, "Ada"), [])
    assert (_told(stored), ada.egress.paths) == (("remote", ada.email, "Ada"), ["/get-session"])
    assert copied.session is not None
    assert stored.session is not None
    assert (copied.session.token, copied.session.id) == (stored.session.token, stored.session.id)
    # The copy holds what the store holds, to the last member.
    assert dict(copied.user.raw) == dict(stored.user.raw)


async def test_a_copy_under_the_published_keys_is_recognised_without_the_secret(kit: Path) -> None:
    with _running(kit, "jwt", {"sessionCookieCache": True}) as node:
        async with _person(node, secret=None) as ada:
            found = [await ada.verifier.require({"cookie": ada.cookie()}) for _ in range(3)]
            asked = list(ada.egress.paths)
            stored = await ada.verifier.require({"cookie": ada.cookie(cached=False)})
            keys = RemoteKeys(f"{node.origin}/api/auth/jwks", egress=ada.egress)
            reader, now = KeySignedCookies(keys, issuer=node.origin, secure=False), SystemClock().now()
            later = [await reader.session(ada.cookie(), now=now + timedelta(minutes=each)) for each in (4, 6)]
    assert ([_told(each) for each in found], asked) == ([("cookie", ada.email, "Ada")] * 3, ["/jwks"])
    assert (stored.source, dict(stored.user.raw)) == ("remote", dict(found[0].user.raw))
    assert [each is not None for each in later] == [True, False]


async def test_a_copy_that_is_too_old_or_touched_is_not_believed(node: Node) -> None:
    reader = SessionCookies(SECRET, secure=False, strategy=node.strategy)
    async with _person(node) as ada:
        cookie = ada.cookie()
        name, _, value = next(pair for pair in cookie.split("; ") if "session_data" in pair).partition("=")
        middle = len(value) // 2
        touched = f"{value[:middle]}{'A' if value[middle] != 'A' else 'B'}{value[middle + 1 :]}"
        other = SessionCookies(f"{SECRET}-another", secure=False, strategy=node.strategy)
        now = SystemClock().now()
        found = [
            reader.session(cookie, now=now),
            reader.session(cookie, now=now + timedelta(minutes=4)),
            reader.session(cookie, now=now + timedelta(minutes=6)),
            reader.session(cookie.replace(f"{name}={value}", f"{name}={touched}"), now=now),
            other.session(cookie, now=now),
        ]
    assert [each is not None for each in found] == [True, True, False, False, False]


async def test_a_cookie_that_the_server_did_not_sign_costs_no_request(node: Node) -> None:
    async with _person(node) as ada:
        forged = ada.cookie(cached=False)[:-12] + "AAAAAAAAAA%3D"
        assert await ada.verifier.identify({"cookie": forged}) is None
    assert ada.egress.paths == []


async def test_a_bearer_token_is_recognised_until_the_session_ends(node: Node) -> None:
    async with _person(node) as ada:
        session = (await ada.http.get("/get-session")).json()["session"]
        bearer = {"authorization": f"Bearer {session['token']}"}
        before = await ada.verifier.require(bearer)
        await ada.http.post("/sign-out", json={})
        after = await ada.verifier.identify(bearer)
    assert (_told(before), after) == (("remote", ada.email, "Ada"), None)


async def test_a_json_web_token_is_recognised_with_one_fetch_of_the_keys(node: Node) -> None:
    async with _person(node) as ada:
        token: str = (await ada.http.get("/token")).json()["token"]
        header = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
        found = [await ada.verifier.require({"authorization": f"Bearer {token}"}) for _ in range(3)]
        forged = await ada.verifier.identify({"authorization": f"Bearer {token[:-12]}AAAAAAAAAAAA"})
        elsewhere = Verifier.of(node.origin, audience="https://another.example", egress=ada.egress)
        misdirected = await elsewhere.identify({"authorization": f"Bearer {token}"})
        later = FrozenClock(SystemClock().now() + timedelta(minutes=16))
        late = Verifier.of(node.origin, egress=ada.egress, clock=later)
        expired = await late.identify({"authorization": f"Bearer {token}"})
    assert header["alg"] == "EdDSA"
    assert [_told(each) for each in found] == [("token", ada.email, "Ada")] * 3
    assert (forged, misdirected, expired) == (None, None, None)
    # One for each of the three verifiers.
    assert ada.egress.paths == ["/jwks"] * 3


async def test_an_api_key_is_recognised_until_it_is_deleted(node: Node) -> None:
    async with _person(node) as ada:
        made = (await ada.http.post("/api-key/create", json={"name": "robot"})).json()
        before = await ada.verifier.require({"x-api-key": made["key"]})
        unknown = await ada.verifier.identify({"x-api-key": "x" * len(made["key"])})
        (await ada.http.post("/api-key/delete", json={"keyId": made["id"]})).raise_for_status()
        after = await ada.verifier.identify({"x-api-key": made["key"]})
    assert (_told(before), unknown, after) == (("remote", ada.email, "Ada"), None, None)


async def test_an_opaque_access_token_is_introspected_until_it_is_revoked(node: Node) -> None:
    async with _person(node) as ada:
        registered = node.register(
            ada.cookie(),
            redirect_uris=[REDIRECT],
            token_endpoint_auth_method="client_secret_basic",
            skip_consent=True,
        )
        client = (registered["client_id"], registered["client_secret"])
        token = await _access_token(ada.http, client)
        verifier = Verifier.of(node.origin, client=client, egress=ada.egress)
        before = await verifier.require({"authorization": f"Bearer {token}"})
        subject = (await ada.http.get("/get-session")).json()["user"]["id"]
        made_up = await verifier.identify({"authorization": f"Bearer {'x' * len(token)}"})
        (await ada.http.post("/oauth2/revoke", data={"token": token}, auth=client)).raise_for_status()
        after = await verifier.identify({"authorization": f"Bearer {token}"})
    assert (before.source, before.user.id, before.session) == ("introspection", subject, None)
    assert before.claims["client_id"] == client[0]
    assert before.claims["scope"] == "openid profile"
    assert (made_up, after) == (None, None)


async def _access_token(http: httpx.AsyncClient, client: tuple[str, str]) -> str:
    """What the authorization code flow gives whoever is signed in (RFC 6749 §4.1, RFC 7636)."""
    proof = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(proof.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": client[0],
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": "openid profile",
        "state": "the-state",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    sent_on = await http.get(f"/oauth2/authorize?{urlencode(query)}")
    place = sent_on.headers["location"]
    assert place.startswith(REDIRECT), place
    code = parse_qs(urlsplit(place).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": proof}
    answer = await http.post("/oauth2/token", data=form, auth=client)
    token: str = answer.json()["access_token"]
    return token
