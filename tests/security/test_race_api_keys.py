"""Uses of API keys against each other and against those who end them: every count exact, no key back from the dead."""

from __future__ import annotations

import anyio
import pytest
from tests.api_keys import Keys, key_app

from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

IN_CACHE = {"storage": "secondary-storage"}
STORES = [{}, IN_CACHE, {**IN_CACHE, "fallbackToDatabase": True}]


@pytest.fixture(params=STORES, ids=["database", "cache", "both"])
async def keys(request: pytest.FixtureRequest) -> Keys:
    # Every use is answered by several steps, between which others run.
    return await key_app(request.param, cache=MemoryCache() if request.param else None).begin()


async def test_race_16_ten_of_fifty_uses_are_left(keys: Keys) -> None:
    # RACE-16
    made = await keys.made(remaining=10, rate_limit_enabled=False)
    assert (await keys.used_at_once(made.key))["valid"] == 10
    assert [row.remaining for row in await keys.rows() if (row.remaining or 0) < 0] == []


async def test_race_17_a_refill_happens_once(keys: Keys) -> None:
    # RACE-17
    made = await keys.made(remaining=1, refill_amount=5, refill_interval=1000, rate_limit_enabled=False)
    assert (await keys.used(made.key)).valid
    keys.app.clock.advance(seconds=2)
    assert await keys.used_at_once(made.key) == {"valid": 5, "USAGE_EXCEEDED": 45}
    shown = (await keys.browser.get(f"/api-key/get?id={made.id}")).json
    assert (shown["remaining"], shown["lastRefillAt"]) == (0, shown["lastRequest"])


async def test_race_18_ten_of_fifty_fit_into_the_window(keys: Keys) -> None:
    # RACE-18
    made = await keys.made(rate_limit_max=10, rate_limit_time_window=60_000)
    assert await keys.used_at_once(made.key) == {"valid": 10, "RATE_LIMITED": 40}


async def test_race_19_a_removed_key_does_not_come_back(keys: Keys) -> None:
    # RACE-19
    for _ in range(5):
        made = await keys.made(rate_limit_enabled=False)
        async with anyio.create_task_group() as tasks:
            for _ in range(10):
                tasks.start_soon(keys.used, made.key)
            tasks.start_soon(keys.browser.post, "/api-key/delete", {"keyId": made.id})
            for _ in range(10):
                tasks.start_soon(keys.used, made.key)
        assert not (await keys.used(made.key)).valid
        assert (await keys.browser.get(f"/api-key/get?id={made.id}")).status == 404
    assert (await keys.browser.get("/api-key/list")).json == {"apiKeys": [], "total": 0}


async def test_race_20_a_key_that_was_switched_off_stays_off(keys: Keys) -> None:
    # RACE-20
    for _ in range(5):
        made = await keys.made(rate_limit_enabled=False)
        async with anyio.create_task_group() as tasks:
            for _ in range(10):
                tasks.start_soon(keys.used, made.key)
            tasks.start_soon(keys.browser.post, "/api-key/update", {"keyId": made.id, "enabled": False})
            for _ in range(10):
                tasks.start_soon(keys.used, made.key)
        found = await keys.used(made.key)
        assert found.error is not None
        assert found.error.code == "KEY_DISABLED"
        assert (await keys.browser.get(f"/api-key/get?id={made.id}")).json["enabled"] is False
