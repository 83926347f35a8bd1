"""The ports that instances under the control protocol are given."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from tests.conformance.codec import Unsupported
from tests.conformance.world import FunctionCache, MemoryCache, ProtocolClock

pytestmark = pytest.mark.anyio

NOON = 1_780_315_200_000


async def test_the_clock_stands_still_until_it_is_released() -> None:
    clock = ProtocolClock()
    clock.set(NOON)
    assert clock.now() == datetime(2026, 6, 1, 12, tzinfo=UTC)
    clock.set(None)
    assert clock.now() != datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_a_cached_value_ends_with_its_lifetime() -> None:
    clock = ProtocolClock()
    clock.set(NOON)
    cache = MemoryCache(clock)
    await cache.set("short", "1", 60)
    await cache.set("long", "2")
    clock.set(NOON + 59_999)
    assert await cache.keys() == ["short", "long"]
    clock.set(NOON + 60_000)
    assert await cache.get("short") is None
    assert await cache.keys() == ["long"]


async def test_a_cached_value_is_taken_once() -> None:
    cache = MemoryCache(ProtocolClock())
    await cache.set("key", "value", 60)
    assert [await cache.take("key"), await cache.take("key")] == ["value", None]


async def test_counting_does_not_extend_the_window() -> None:
    clock = ProtocolClock()
    clock.set(NOON)
    cache = MemoryCache(clock)
    assert await cache.increment("key", 10) == 1
    clock.set(NOON + 9_000)
    assert await cache.increment("key", 10) == 2
    clock.set(NOON + 10_000)
    assert await cache.increment("key", 10) == 1


async def test_a_storage_of_functions_makes_do_with_three() -> None:
    entries: dict[str, str] = {}

    async def get(key: str) -> str | None:
        return entries.get(key)

    async def put(key: str, value: str, ttl: int | None) -> None:
        entries[key] = value

    async def delete(key: str) -> None:
        entries.pop(key, None)

    functions: dict[str, Callable[..., Awaitable[object]]] = {"get": get, "set": put, "delete": delete}
    cache = FunctionCache(functions)
    await cache.set("key", "value", 5)
    assert await cache.take("key") == "value"
    assert entries == {}
    assert [await cache.increment("n", 5), await cache.increment("n", 5)] == [1, 2]


async def test_a_storage_without_a_needed_function_is_unsupported() -> None:
    with pytest.raises(Unsupported, match="secondaryStorage without delete"):
        FunctionCache({"get": len, "set": len})
