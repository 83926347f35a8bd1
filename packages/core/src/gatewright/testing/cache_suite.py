"""The suite that every secondary storage must pass: one test for each guarantee of ``gatewright.ports.cache``.

For pytest with anyio's plugin. Subclass :class:`CacheSuite` and give it a fixture ``cache``, empty, and one ``pass_time``::

    class TestMyCache(CacheSuite):
        @pytest.fixture
        def cache(self): ...

        @pytest.fixture
        def pass_time(self):  # an async function of seconds: after it, lifetimes are that much older
            ...
"""

# ruff: noqa: S101 (assertions are what this module is for)

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import anyio
import pytest

from gatewright.ports.cache import Cache

__all__ = ("CacheSuite",)

PassTime = Callable[[float], Awaitable[None]]

_CALLERS = 20


@pytest.mark.anyio
class CacheSuite:
    """Every guarantee of the secondary storage."""

    async def test_an_unknown_key_has_no_value(self, cache: Cache) -> None:
        assert await cache.get("nobody") is None
        assert await cache.take("nobody") is None
        await cache.delete("nobody")

    async def test_a_value_is_kept_as_it_was_given(self, cache: Cache) -> None:
        for text in ("", "a", '{"name":"Véc ☃ 𝄞"}', "x" * 100_000):
            await cache.set("key", text)
            assert await cache.get("key") == text

    async def test_a_later_value_replaces_an_earlier_one(self, cache: Cache) -> None:
        await cache.set("key", "one")
        await cache.set("key", "two")
        assert await cache.get("key") == "two"

    async def test_a_deleted_value_is_gone(self, cache: Cache) -> None:
        await cache.set("key", "value")
        await cache.delete("key")
        assert await cache.get("key") is None

    async def test_a_value_lives_as_long_as_it_was_given(self, cache: Cache, pass_time: PassTime) -> None:
        await cache.set("short", "value", 2)
        await cache.set("long", "value")
        await pass_time(1)
        assert await cache.get("short") == "value"
        await pass_time(1.1)
        assert (await cache.get("short"), await cache.take("short")) == (None, None)
        assert await cache.get("long") == "value"

    async def test_a_new_value_has_a_lifetime_of_its_own(self, cache: Cache, pass_time: PassTime) -> None:
        await cache.set("key", "one", 1)
        await cache.set("key", "two")
        await pass_time(1.1)
        assert await cache.get("key") == "two"

    async def test_one_caller_takes_a_value(self, cache: Cache) -> None:
        await cache.set("key", "value", 60)
        taken: list[str | None] = []

        async def take() -> None:
            taken.append(await cache.take("key"))

        await _together(take)
        assert sorted(value or "" for value in taken) == [""] * (_CALLERS - 1) + ["value"]

    async def test_a_value_is_replaced_only_where_it_is_the_expected_one(self, cache: Cache) -> None:
        await cache.set("key", "one", 60)
        assert not await cache.replace("key", "two", "three", 60)
        assert not await cache.replace("key", None, "three", 60)
        assert await cache.get("key") == "one"
        assert await cache.replace("key", "one", "two", 60)
        assert await cache.get("key") == "two"

    async def test_what_is_not_there_is_not_replaced(self, cache: Cache) -> None:
        assert not await cache.replace("key", "one", "two", 60)
        assert await cache.get("key") is None
        assert await cache.replace("key", None, "one", 60)
        assert await cache.get("key") == "one"

    async def test_a_value_is_removed_only_where_it_is_the_expected_one(self, cache: Cache) -> None:
        await cache.set("key", "one", 60)
        assert not await cache.replace("key", "two", None)
        assert await cache.get("key") == "one"
        assert await cache.replace("key", "one", None)
        assert await cache.get("key") is None
        assert await cache.replace("key", None, None)

    async def test_a_replaced_value_has_a_lifetime_of_its_own(self, cache: Cache, pass_time: PassTime) -> None:
        await cache.set("key", "one")
        assert await cache.replace("key", "one", "two", 1)
        await pass_time(1.1)
        assert await cache.get("key") is None
        assert await cache.replace("key", None, "three", 60)

    async def test_one_caller_replaces_a_value(self, cache: Cache) -> None:
        done: list[bool] = []

        async def replace() -> None:
            done.append(await cache.replace("key", None, "mine", 60))

        await _together(replace)
        assert done.count(True) == 1

    async def test_every_increment_counts(self, cache: Cache) -> None:
        counts: list[int] = []

        async def increment() -> None:
            counts.append(await cache.increment("key", 60))

        await _together(increment)
        assert sorted(counts) == list(range(1, _CALLERS + 1))

    async def test_increments_do_not_extend_the_window(self, cache: Cache, pass_time: PassTime) -> None:
        assert await cache.increment("key", 2) == 1
        await pass_time(1)
        assert await cache.increment("key", 2) == 2
        await pass_time(1.1)
        assert await cache.increment("key", 2) == 1


async def _together(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(_CALLERS):
            group.start_soon(run)
