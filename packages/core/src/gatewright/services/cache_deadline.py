"""A secondary storage that answers in time or not at all: what hangs or breaks is reported as unavailable."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import anyio

from gatewright.ports.cache import Cache, CacheUnavailable
from gatewright.wire.faults import ConfigError

__all__ = ("DEADLINE_SECONDS", "CacheDeadline")

T = TypeVar("T")

DEADLINE_SECONDS = 0.8
"""How long one operation may take: a request makes a few of them and should be answered within two seconds or so."""


_OPERATIONS = ("get", "set", "delete", "take", "replace", "increment")


class CacheDeadline:
    """The same store with a bound on every operation; satisfies :class:`gatewright.ports.cache.Cache`.

    Args:
        cache: The store.
        seconds: The bound.

    Raises:
        ConfigError: The store lacks an operation. What is atomic there is not imitated with what is not.
    """

    __slots__ = ("_cache", "_seconds")

    def __init__(self, cache: Cache, seconds: float = DEADLINE_SECONDS) -> None:
        for name in _OPERATIONS:
            if not callable(getattr(cache, name, None)):
                raise ConfigError(
                    f"the secondary storage {type(cache).__name__} has no `{name}`, see gatewright.ports.cache"
                )
        self._cache = cache
        self._seconds = seconds

    @property
    def store(self) -> Cache:
        """The store itself."""
        return self._cache

    async def get(self, key: str) -> str | None:
        """The value, or ``None``."""
        return await self._bounded(self._cache.get(key))

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        """Store a value."""
        await self._bounded(self._cache.set(key, value, ttl))

    async def delete(self, key: str) -> None:
        """Forget a key."""
        await self._bounded(self._cache.delete(key))

    async def take(self, key: str) -> str | None:
        """Remove the value and give it to exactly one caller."""
        return await self._bounded(self._cache.take(key))

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        """Store a value if the present one is ``old``."""
        return await self._bounded(self._cache.replace(key, old, new, ttl))

    async def increment(self, key: str, ttl: int) -> int:
        """Add one."""
        return await self._bounded(self._cache.increment(key, ttl))

    async def _bounded(self, work: Awaitable[T]) -> T:
        try:
            with anyio.fail_after(self._seconds):
                return await work
        except (TimeoutError, OSError) as error:
            raise CacheUnavailable("the secondary storage does not answer") from error
