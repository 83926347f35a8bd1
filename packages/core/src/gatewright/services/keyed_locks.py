"""One piece of work at a time for each key, within one process; a lock is forgotten when nobody waits for it.

Between processes only guarded writes decide; this saves their losers the work.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio

__all__ = ("KeyedLocks",)


class KeyedLocks:
    """A lock for each key that somebody holds or waits for."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held: dict[str, tuple[anyio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncGenerator[None]:
        """Wait for the key and keep it until the block ends."""
        lock, users = self._held.get(key) or (anyio.Lock(), 0)
        self._held[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            _, users = self._held[key]
            if users == 1:
                del self._held[key]
            else:
                self._held[key] = (lock, users - 1)

    def __len__(self) -> int:
        return len(self._held)
