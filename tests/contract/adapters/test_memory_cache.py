"""The memory cache gives every guarantee of the port."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from gatewright.testing.cache_suite import CacheSuite
from gatewright.testing.clock import FrozenClock
from gatewright_adapters.memory_cache import MemoryCache


class TestMemoryCache(CacheSuite):
    @pytest.fixture
    def clock(self) -> FrozenClock:
        return FrozenClock()

    @pytest.fixture
    def cache(self, clock: FrozenClock) -> MemoryCache:
        return MemoryCache(clock)

    @pytest.fixture
    def pass_time(self, clock: FrozenClock) -> Callable[[float], Awaitable[None]]:
        async def pass_time(seconds: float) -> None:
            clock.advance(seconds=seconds)

        return pass_time


@pytest.mark.anyio
async def test_what_is_over_does_not_stay_in_memory() -> None:
    clock = FrozenClock()
    cache = MemoryCache(clock)
    for number in range(1023):
        await cache.set(str(number), "value", 1)
    clock.advance(seconds=1)
    await cache.set("new", "value", 1)
    assert list(cache.keys()) == ["new"]
