"""Counters: exact whatever runs at the same time, bounded, and cleaned up by themselves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import anyio
import pytest

from gatewright.model.rate_limit import RateLimit
from gatewright.model.schema import Schema
from gatewright.ports.adapter import Adapter
from gatewright.ports.tasks import InlineTasks
from gatewright.services.database import Database, TableHooks
from gatewright.services.ids import id_source
from gatewright.services.rate_limiter import CacheCounter, Counter, CustomCounter, DatabaseCounter, MemoryCounter
from gatewright.settings.callbacks import LimitDecision
from gatewright.settings.rate_limit import LimitOptions
from gatewright.testing.clock import FrozenClock
from gatewright.testing.random import SeededRandom
from gatewright.wire.operation import Limit
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
LIMIT = Limit(window=10, max=3)
MILLISECOND = timedelta(milliseconds=1)


def database(adapter: Adapter | None = None) -> Database:
    clock = FrozenClock()
    new_id = id_source(None, SeededRandom(), clock)
    return Database(adapter or MemoryAdapter(), Schema.build([RateLimit]), clock, new_id, TableHooks())


def no_failure(name: str, error: BaseException) -> None:
    raise AssertionError(name) from error


def counting(db: Database) -> DatabaseCounter:
    return DatabaseCounter(db, InlineTasks(no_failure), 10)


WINDOWED: list[Callable[[], Counter]] = [MemoryCounter, lambda: counting(database())]
EVERY: list[Callable[[], Counter]] = [*WINDOWED, lambda: CacheCounter(MemoryCache(FrozenClock()))]


@pytest.mark.parametrize("make", WINDOWED)
async def test_a_window_ends_when_no_request_was_allowed_for_its_length(make: Callable[[], Counter]) -> None:
    counter = make()
    answers = [await counter.consume("a", LIMIT, START + timedelta(seconds=second)) for second in (0, 4, 8, 9, 17)]
    assert answers == [None, None, None, 9, 1]
    assert await counter.consume("a", LIMIT, START + 18_000 * MILLISECOND) is None
    assert await counter.consume("a", LIMIT, START + 18_001 * MILLISECOND) is None


@pytest.mark.parametrize("make", WINDOWED)
async def test_a_part_of_a_second_is_waited_for_as_a_whole_one(make: Callable[[], Counter]) -> None:
    counter = make()
    limit = Limit(window=10, max=1)
    assert await counter.consume("a", limit, START) is None
    assert await counter.consume("a", limit, START + 1 * MILLISECOND) == 10
    assert await counter.consume("a", limit, START + 9_999 * MILLISECOND) == 1


@pytest.mark.parametrize("make", WINDOWED)
@pytest.mark.parametrize(("window", "ahead"), [(10, timedelta(seconds=60)), (100, timedelta(seconds=100))])
async def test_a_window_is_over_when_its_last_request_is_further_ahead_than_it_can_be(
    make: Callable[[], Counter], window: int, ahead: timedelta
) -> None:
    counter = make()
    limit = Limit(window=window, max=1)
    assert await counter.consume("a", limit, START) is None
    assert await counter.consume("a", limit, START - ahead + MILLISECOND) == window + ahead // timedelta(seconds=1)
    assert await counter.consume("a", limit, START - ahead) is None
    assert await counter.consume("a", limit, START - ahead) == window


@pytest.mark.parametrize("make", EVERY)
async def test_keys_do_not_count_for_each_other(make: Callable[[], Counter]) -> None:
    counter = make()
    for _ in range(3):
        assert await counter.consume("a", LIMIT, START) is None
        assert await counter.consume("b", LIMIT, START) is None
    assert await counter.consume("a", LIMIT, START) == 10


@pytest.mark.parametrize("make", EVERY)
async def test_of_many_at_once_exactly_as_many_pass_as_may(make: Callable[[], Counter]) -> None:
    counter = make()
    answers: list[int | None] = []

    async def ask() -> None:
        answers.append(await counter.consume("a", LIMIT, START))

    async with anyio.create_task_group() as group:
        for _ in range(100):
            group.start_soon(ask)
    assert answers.count(None) == 3


async def test_of_many_at_once_exactly_as_many_pass_in_a_database_that_is_shared() -> None:
    adapter = SQLAlchemyAdapter.sqlite(":memory:")
    await adapter.open()
    try:
        db = database(adapter)
        await adapter.create_tables(db.schema)
        counters = [counting(db), counting(db)]
        for round_ in range(3):
            answers: list[int | None] = []

            async def ask(number: int, answers: list[int | None], now: datetime) -> None:
                answers.append(await counters[number % 2].consume("a", LIMIT, now))

            async with anyio.create_task_group() as group:
                for number in range(100):
                    group.start_soon(ask, number, answers, START + timedelta(seconds=10 * round_))
            assert answers.count(None) == 3
    finally:
        await adapter.close()


@pytest.mark.parametrize("make", EVERY)
async def test_none_at_all_is_a_limit(make: Callable[[], Counter]) -> None:
    assert await make().consume("a", Limit(window=10, max=0), START) == 10


async def test_the_window_of_the_storage_is_not_extended_by_requests() -> None:
    clock = FrozenClock()
    counter = CacheCounter(MemoryCache(clock))
    for _ in range(10):
        await counter.consume("a", LIMIT, START)
        clock.advance(seconds=0.9)
    assert await counter.consume("a", LIMIT, START) == 10
    clock.advance(seconds=1)
    assert await counter.consume("a", LIMIT, START) is None


async def test_memory_is_bounded_and_loses_the_oldest_first() -> None:
    counter = MemoryCounter(capacity=1000)
    for number in range(5000):
        await counter.consume(str(number), LIMIT, START)
    assert len(counter) == 1000
    limit = Limit(window=10, max=1)
    assert await counter.consume("4999", limit, START) == 10
    assert await counter.consume("0", limit, START) is None


async def test_what_is_over_leaves_the_memory_without_being_asked() -> None:
    counter = MemoryCounter()
    for number in range(1000):
        await counter.consume(str(number), LIMIT, START)
    for number in range(1000):
        await counter.consume(f"later-{number}", LIMIT, START + 10_000 * MILLISECOND)
    assert len(counter) == 1000


async def test_what_is_over_leaves_the_database_without_being_asked() -> None:
    db = database()
    counter = counting(db)
    for number in range(10):
        await counter.consume(str(number), LIMIT, START)
    await counter.consume("new", LIMIT, START + 3_600_001 * MILLISECOND)
    assert [row.key for row in await db.find_many(RateLimit)] == ["new"]


async def test_an_application_counts_itself() -> None:
    asked: list[tuple[str, int, int]] = []

    async def consume(key: str, rule: LimitOptions, /) -> LimitDecision:
        asked.append((key, rule.window, rule.max))
        return LimitDecision(allowed=len(asked) == 1, retry_after=None if len(asked) == 2 else 7)

    counter = CustomCounter(consume)
    assert [await counter.consume("a", LIMIT, START) for _ in range(3)] == [None, 10, 7]
    assert asked == [("a", 10, 3)] * 3
