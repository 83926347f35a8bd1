"""Where counts are kept: bounded, cleaned up by themselves, and windows that no traffic keeps shut. Rows RLM, RACE-22."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gatewright.http.request import Request
from gatewright.model.rate_limit import RateLimit
from gatewright.ports.adapter import Adapter
from gatewright.services.rate_limiter import MemoryCounter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.clock import FrozenClock
from gatewright.wire.operation import Limit
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

OK = "http://localhost:3000/api/auth/ok"


async def ask(app: TestApp, peer: str = "192.0.2.1") -> int:
    return (await app.auth.handle(Request.make("GET", OK, {}, b"", peer=peer))).status


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_rlm_16_a_million_callers_fit_into_bounded_memory() -> None:
    counter, limit = MemoryCounter(), Limit(window=10, max=2)
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for number in range(1_000_000):
        assert await counter.consume(f"198.51.100.1|/path-{number}", limit, now) is None
    assert len(counter) == 100_000
    # The oldest went first: the last ones are still counted, the first ones begin anew.
    assert await counter.consume("198.51.100.1|/path-999999", limit, now) is None
    assert await counter.consume("198.51.100.1|/path-999999", limit, now) == 10
    assert await counter.consume("198.51.100.1|/path-0", limit, now) is None
    assert await counter.consume("198.51.100.1|/path-0", limit, now) is None


async def test_rlm_16_what_is_over_leaves_before_what_still_counts() -> None:
    counter, limit = MemoryCounter(capacity=100), Limit(window=10, max=1)
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for number in range(50):
        await counter.consume(f"over-{number}", limit, now)
    for number in range(100):
        await counter.consume(f"counts-{number}", limit, now + timedelta(seconds=10))
    assert [await counter.consume(f"counts-{number}", limit, now + timedelta(seconds=10)) for number in range(100)] == [
        10
    ] * 100


async def test_rlm_17_rows_that_are_over_go_without_a_scheduler(store: Adapter) -> None:
    app = make_app({"rate_limit": {"enabled": True, "storage": "database"}}, adapter=store)
    await app.auth.create_tables()
    db = app.auth.services.database
    # Outside of a lifespan there is no task group: what would run beside a request runs within it.
    for number in range(20):
        await ask(app, f"198.51.100.{number}")
    assert await db.count(RateLimit) == 20
    app.clock.advance(hours=2)
    await ask(app, "203.0.113.1")
    assert [row.key for row in await db.find_many(RateLimit)] == ["203.0.113.1|/ok"]


@pytest.mark.parametrize("storage", ["memory", "database", "secondary-storage"])
async def test_race_22_a_window_opens_again_under_constant_load(storage: str) -> None:
    storages_own = FrozenClock()
    options = {"enabled": True, "window": 10, "max": 3, "storage": storage}
    app = make_app({"rate_limit": options}, cache=MemoryCache(storages_own), adapter=MemoryAdapter())
    passed: list[int] = []
    for second in range(120):
        # Many at every second: refused ones must not keep the window shut, nor open a second one.
        answers = [await ask(app) for _ in range(5)]
        passed += [second] * answers.count(200)
        app.clock.advance(seconds=1)
        storages_own.advance(seconds=1)
    windows = {second: passed.count(second) for second in passed}
    assert windows == dict.fromkeys(range(0, 120, 10), 3)
