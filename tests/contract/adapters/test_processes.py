"""Two processes with 25 callers each on one store, 20 times: one winner each time, exact counters."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.adapters import test_redis as redis
from tests.contract.adapters.d1_engine import bridge
from tests.contract.adapters.racer import TASKS, opened, opened_cache
from tests.contract.adapters.racing import SHARED, empty_store, racing

from gatewright.model.query import Select
from gatewright.testing.adapter_tables import PERSON, SUITE_SCHEMA, Person, add_person

pytestmark = pytest.mark.anyio

ROUNDS = 20
QUOTA = 7


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The racing processes choose their own loop."""
    return str(request.param)


@pytest.fixture(params=[*SHARED, "d1"])
async def address(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncIterator[str]:
    """Of an empty database."""
    if request.param == "d1":
        with bridge() as place:
            yield f"{place}#racing"
        return
    async with empty_store(request.param, tmp_path) as address:
        yield address


async def test_two_processes_have_one_winner_for_each_row(address: str) -> None:
    async with opened(address) as adapter:
        await adapter.create_tables(SUITE_SCHEMA)
        for number in range(ROUNDS):
            for name in ("prize", "open", "counter", *(["quota"] if number == 0 else [])):
                key = f"{name}{number}"
                await add_person(adapter, key, id=key, nickname="open", visits=QUOTA if name == "quota" else 0)
        with racing("racer.py", address) as race:
            for number in range(ROUNDS):
                won = await asyncio.to_thread(race, number)
                for label in ("insert", "take", "set"):
                    assert sum(each[label] for each in won) == 1, (label, number, won)
                assert [each["add"] for each in won] == [TASKS, TASKS]
                together = sum(each.get("transaction", 0) for each in won)
                assert together == (2 * TASKS if number == 0 else 0)
                (counter,) = await adapter.select(Select(PERSON, (Person.id.eq(f"counter{number}"),)))
                assert counter["visits"] == 2 * TASKS + 2 * together
                if number == 0:
                    assert sum(each["quota"] for each in won) == QUOTA
            (quota,) = await adapter.select(Select(PERSON, (Person.id.eq("quota0"),)))
            assert quota["visits"] == 0


async def test_two_processes_have_one_winner_for_each_key_in_redis() -> None:
    if reason := await redis.refusal():
        pytest.skip(reason)
    address = f"{redis.URL}#gatewright-{secrets.token_hex(6)}:"
    async with opened_cache(address) as cache:
        with racing("racer.py", address) as race:
            for number in range(ROUNDS):
                await cache.set(f"prize{number}", "prize", 60)
                await cache.set(f"open{number}", "open", 60)
                won = await asyncio.to_thread(race, number)
                for label in ("insert", "take", "set"):
                    assert sum(each[label] for each in won) == 1, (label, number, won)
                assert [each["add"] for each in won] == [TASKS, TASKS]
                assert await cache.increment(f"counter{number}", 60) == 2 * TASKS + 1
