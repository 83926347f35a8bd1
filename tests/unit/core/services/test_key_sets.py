"""Public keys of issuers: fetched when needed, kept for a while, never asked for too often."""

from __future__ import annotations

import pytest

from gatewright.protocols.oidc.id_token import TokenHeader
from gatewright.services.key_sets import KeySets
from gatewright.services.keyed_locks import KeyedLocks
from gatewright.testing.clock import FrozenClock
from gatewright.testing.egress import ScriptedEgress

pytestmark = pytest.mark.anyio

URL = "https://issuer.example/keys"
KNOWN = TokenHeader("RS256", "k1")
UNKNOWN = TokenHeader("RS256", "k2")
SET = b'{"keys":[{"kty":"RSA","kid":"k1"}]}'


class Issuer:
    def __init__(self) -> None:
        self.egress, self.clock, self.sets = ScriptedEgress(), FrozenClock(), KeySets()
        self.egress.on("GET", URL, SET)

    async def kids(self, header: TokenHeader) -> list[object]:
        keys = await self.sets.find(URL, header, egress=self.egress, clock=self.clock)
        return [key["kid"] for key in keys]

    @property
    def fetched(self) -> int:
        return len(self.egress.requests)


async def test_keys_are_used_for_an_hour() -> None:
    issuer = Issuer()
    assert await issuer.kids(KNOWN) == ["k1"]
    issuer.clock.advance(minutes=59)
    assert (await issuer.kids(KNOWN), issuer.fetched) == (["k1"], 1)
    issuer.clock.advance(minutes=2)
    assert (await issuer.kids(KNOWN), issuer.fetched) == (["k1"], 2)


async def test_an_unknown_key_leads_to_one_fetch_per_half_minute() -> None:
    issuer = Issuer()
    await issuer.kids(KNOWN)
    await issuer.kids(UNKNOWN)
    assert issuer.fetched == 1
    issuer.clock.advance(seconds=30)
    issuer.egress.on("GET", URL, SET.replace(b"k1", b"k2"))
    assert (await issuer.kids(UNKNOWN), issuer.fetched) == (["k2"], 2)
    assert (await issuer.kids(KNOWN), issuer.fetched) == (["k2"], 2)


async def test_known_keys_outlive_an_issuer_that_does_not_answer_for_a_day() -> None:
    issuer = Issuer()
    await issuer.kids(KNOWN)
    issuer.egress.on("GET", URL, b"", status=500)
    issuer.clock.advance(hours=23)
    assert await issuer.kids(KNOWN) == ["k1"]
    issuer.clock.advance(hours=2)
    assert await issuer.kids(KNOWN) == []


@pytest.mark.parametrize("body", [b"", b"[]", b'{"keys":5}', b"<html>"])
async def test_what_is_no_key_set_gives_no_keys_and_is_asked_for_again_soon(body: bytes) -> None:
    issuer = Issuer()
    issuer.egress.on("GET", URL, body)
    assert await issuer.kids(KNOWN) == []
    assert (await issuer.kids(KNOWN), issuer.fetched) == ([], 1)
    issuer.egress.on("GET", URL, SET)
    issuer.clock.advance(seconds=5)
    assert (await issuer.kids(KNOWN), issuer.fetched) == (["k1"], 2)


async def test_a_lock_is_forgotten_when_nobody_holds_it() -> None:
    locks = KeyedLocks()
    async with locks.hold("a"), locks.hold("b"):
        assert len(locks) == 2
    assert len(locks) == 0
