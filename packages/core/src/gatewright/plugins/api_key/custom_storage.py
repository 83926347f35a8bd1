"""A key-value store made of the application's functions, as a secondary storage.

Comparing and writing are two calls here, so they are made one at a time for each key within this process; between
processes nothing holds them together.
"""

from __future__ import annotations

from gatewright.plugins.api_key.options import KeyStorage
from gatewright.services.keyed_locks import KeyedLocks

__all__ = ("FunctionCache",)


class FunctionCache:
    """Satisfies ``gatewright.ports.cache.Cache`` within one process.

    Args:
        functions: The application's.
    """

    __slots__ = ("_functions", "_locks")

    def __init__(self, functions: KeyStorage) -> None:
        self._functions = functions
        self._locks = KeyedLocks()

    async def get(self, key: str) -> str | None:
        """The value, or ``None``."""
        return await self._functions.get(key)

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        """Store ``value`` for ``ttl`` seconds, or until deleted."""
        async with self._locks.hold(key):
            await self._functions.set(key, value, ttl)

    async def delete(self, key: str) -> None:
        """Forget the key."""
        async with self._locks.hold(key):
            await self._functions.delete(key)

    async def take(self, key: str) -> str | None:
        """Remove the value and give it to one caller."""
        async with self._locks.hold(key):
            both = self._functions.get_and_delete
            if both is not None:
                return await both(key)
            value = await self._functions.get(key)
            if value is not None:
                await self._functions.delete(key)
            return value

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        """Store ``new`` if the value is ``old``; whether it was."""
        async with self._locks.hold(key):
            if await self._functions.get(key) != old:
                return False
            if new is None:
                await self._functions.delete(key)
            else:
                await self._functions.set(key, new, ttl)
            return True

    async def increment(self, key: str, ttl: int) -> int:
        """Add one and give the new count."""
        own = self._functions.increment
        if own is not None:
            return await own(key, ttl)
        async with self._locks.hold(key):
            count = int(await self._functions.get(key) or 0) + 1
            await self._functions.set(key, str(count), ttl)
            return count
