"""A service behind the Node reference itself: whatever that server hands out is recognised here."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from tests.unit.client.servers import KIT, PASSWORD, reference

from gatewright.ports.egress import HttpxEgress, Outbound, Reply
from gatewright.testing.app import SECRET
from gatewright.testing.clock import FrozenClock
from gatewright.verify import Strategy, Verifier

pytestmark = pytest.mark.anyio

STRATEGIES: tuple[Strategy, ...] = ("compact", "jwt", "jwe")


class _Counting:
    """The real egress; counts what it sends."""

    def __init__(self, inner: HttpxEgress) -> None:
        self._inner = inner
        self.paths: list[str] = []

    async def send(self, request: Outbound, /) -> Reply:
        self.paths.append(request.url.partition("/api/auth")[2].partition("?")[0])
        return await self._inner.send(request)


@pytest.fixture(scope="module", params=STRATEGIES)
def node(request: pytest.FixtureRequest) -> Iterator[tuple[str, Strategy]]:
    if KIT not in os.environ:
        pytest.skip(f"the Node reference is not here: {KIT} names the conformance kit's folder")
    options = {
        "secret": SECRET,
        "emailAndPassword": {"enabled": True},
        "rateLimit": {"enabled": False},
        "session": {"cookieCache": {"enabled": True, "strategy": request.param}},
    }
    with reference(options, [{"name": "bearer"}, {"name": "jwt"}]) as origin:
        yield origin, request.param


@asynccontextmanager
async def _signed_in(origin: str, strategy: Strategy) -> AsyncGenerator[tuple[httpx.AsyncClient, Verifier, _Counting]]:
    inner = HttpxEgress()
    egress = _Counting(inner)
    verifier = Verifier.of(origin, secret=SECRET, strategy=strategy, egress=egress)
    async with httpx.AsyncClient(base_url=f"{origin}/api/auth", headers={"origin": origin}) as http:
        person = {"name": "Ada", "email": f"ada-{os.urandom(6).hex()}@example.com", "password": PASSWORD}
        (await http.post("/sign-up/email", json=person)).raise_for_status()
        try:
            yield http, verifier, egress
        finally:
            await inner.close()


def _cookies(http: httpx.AsyncClient, *, cached: bool) -> dict[str, str]:
    pairs = [f"{name}={value}" for name, value in http.cookies.items() if cached or "session_data" not in name]
    return {"cookie": "; ".join(pairs)}


async def test_its_cookies_are_recognised_and_only_those_without_a_copy_cost_a_request(
    node: tuple[str, Strategy],
) -> None:
    async with _signed_in(*node) as (http, verifier, egress):
        cached = await verifier.require(_cookies(http, cached=True))
        asked = [*egress.paths]
        stored = await verifier.require(_cookies(http, cached=False))
        await http.post("/sign-out", json={})
        gone = await verifier.identify(_cookies(http, cached=True))
    assert (cached.source, stored.source, asked, egress.paths) == ("cookie", "remote", [], ["/get-session"])
    assert cached.user.email == stored.user.email
    assert cached.session is not None
    assert stored.session is not None
    assert cached.session.token == stored.session.token
    assert gone is None


async def test_its_bearer_tokens_are_recognised_until_the_session_ends(node: tuple[str, Strategy]) -> None:
    async with _signed_in(*node) as (http, verifier, _):
        session = (await http.get("/get-session")).json()["session"]
        bearer = {"authorization": f"Bearer {session['token']}"}
        before = await verifier.require(bearer)
        await http.post("/sign-out", json={})
        after = await verifier.identify(bearer)
    assert (before.source, before.user.id, after) == ("remote", session["userId"], None)


async def test_its_json_web_tokens_are_recognised_with_one_fetch_of_its_keys(node: tuple[str, Strategy]) -> None:
    async with _signed_in(*node) as (http, verifier, egress):
        token = (await http.get("/token")).json()["token"]
        found = [await verifier.require({"authorization": f"Bearer {token}"}) for _ in range(3)]
        forged = await verifier.identify({"authorization": f"Bearer {token[:-8]}AAAAAAAA"})
        email = (await http.get("/get-session")).json()["user"]["email"]
        late = Verifier.of(node[0], egress=egress, clock=FrozenClock(found[0].user.created_at.replace(year=2099)))
        expired = await late.identify({"authorization": f"Bearer {token}"})
    assert ({each.source for each in found}, found[0].user.email, forged, expired) == ({"token"}, email, None, None)
    assert egress.paths.count("/jwks") == 2
