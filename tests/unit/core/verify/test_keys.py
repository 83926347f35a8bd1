"""Fetching another server's keys: rarely, once for many, and never as often as callers wish."""

from __future__ import annotations

import anyio
import pytest

from gatewright.ports.egress import EgressError, Outbound, Reply
from gatewright.testing.clock import FrozenClock
from gatewright.testing.egress import ScriptedEgress
from gatewright.verify import RemoteKeys
from gatewright.wire.json import encode

pytestmark = pytest.mark.anyio

URL = "https://auth.example.com/api/auth/jwks"
ONE = {"kty": "OKP", "crv": "Ed25519", "x": "ugtEbjxTIBiol6yYYHq4p9_M0qcWobfbZ9PNMEo2kPc", "alg": "EdDSA", "kid": "one"}
TWO = {**ONE, "kid": "two"}


def _keys(*served: dict[str, str]) -> tuple[RemoteKeys, ScriptedEgress, FrozenClock]:
    egress, clock = ScriptedEgress(), FrozenClock()
    egress.on("GET", URL, encode({"keys": served}))
    return RemoteKeys(URL, egress=egress, clock=clock), egress, clock


async def test_keys_are_fetched_once_and_again_after_their_lifetime() -> None:
    keys, egress, clock = _keys(ONE)
    assert [await keys.find("one"), await keys.find("one")] == [ONE, ONE]
    assert len(egress.requests) == 1
    clock.advance(minutes=10)
    assert await keys.find("one") == ONE
    assert len(egress.requests) == 2


async def test_callers_who_come_at_once_share_one_fetch() -> None:
    sent: list[Outbound] = []

    class Slow:
        async def send(self, request: Outbound, /) -> Reply:
            sent.append(request)
            await anyio.lowlevel.checkpoint()
            return Reply(200, {}, encode({"keys": [ONE]}))

    keys = RemoteKeys(URL, egress=Slow(), clock=FrozenClock())
    found: list[object] = []

    async def find() -> None:
        found.append(await keys.find("one"))

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(find)
    assert (len(sent), found) == (1, [ONE] * 5)


async def test_an_unknown_key_is_looked_for_at_once_but_not_more_often_than_the_floor() -> None:
    keys, egress, clock = _keys(ONE)
    await keys.find("one")
    clock.advance(seconds=31)
    egress.on("GET", URL, encode({"keys": [ONE, TWO]}))
    assert await keys.find("two") == TWO
    assert len(egress.requests) == 2
    for name in ("made-up", "made-up-too"):
        assert await keys.find(name) is None
    assert len(egress.requests) == 2
    clock.advance(seconds=30)
    assert await keys.find("made-up") is None
    assert len(egress.requests) == 3


async def test_known_keys_outlive_an_outage_but_not_for_ever() -> None:
    keys, egress, clock = _keys(ONE)
    await keys.find("one")
    egress.on("GET", URL, b"", status=503)
    clock.advance(hours=23)
    assert await keys.find("one") == ONE
    clock.advance(hours=1)
    with pytest.raises(EgressError):
        await keys.find("one")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys":{}}', b"not json"])
async def test_an_answer_that_is_no_key_set_is_an_outage(body: bytes) -> None:
    keys, egress, _ = _keys()
    egress.on("GET", URL, body)
    with pytest.raises(EgressError):
        await keys.find("one")
    with pytest.raises(EgressError):
        await keys.find("one")
    assert len(egress.requests) == 1
