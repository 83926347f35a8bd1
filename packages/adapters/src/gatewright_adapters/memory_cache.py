"""A secondary storage in a dictionary: for one process, for tests and for trying things out; not kept anywhere.

It gives every guarantee of the port: there is no ``await`` between reading and writing, so operations are atomic.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gatewright.ports.clock import Clock, SystemClock

__all__ = ("MemoryCache",)

_SWEEP_EVERY = 1024


class MemoryCache:
    """Texts in this process; satisfies ``gatewright.ports.cache.Cache``.

    Args:
        clock: Ends lifetimes; the machine's by default.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._entries: dict[str, tuple[str, datetime | None]] = {}
        self._writes = 0

    async def get(self, key: str) -> str | None:
        """The value, or ``None`` when there is none or its lifetime is over."""
        return self._value(key)

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        """Store ``value`` for ``ttl`` seconds, or until deleted."""
        self._put(key, value, ttl)

    async def delete(self, key: str) -> None:
        """Forget the key; unknown keys are fine."""
        self._entries.pop(key, None)

    async def take(self, key: str) -> str | None:
        """Remove the value and give it to exactly one caller."""
        value = self._value(key)
        self._entries.pop(key, None)
        return value

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        """Store ``new`` if the value is ``old`` at that moment; ``None`` stands for no value. Whether it was."""
        if self._value(key) != old:
            return False
        if new is None:
            self._entries.pop(key, None)
        else:
            self._put(key, new, ttl)
        return True

    async def increment(self, key: str, ttl: int) -> int:
        """Add one; the first call opens a window of ``ttl`` seconds that later ones do not extend."""
        value = self._value(key)
        if value is None:
            self._put(key, "1", ttl)
            return 1
        count = int(value) + 1
        self._entries[key] = (str(count), self._entries[key][1])
        return count

    def keys(self) -> Iterator[str]:
        """Every key whose lifetime is not over."""
        now = self._clock.now()
        return (key for key, (_, end) in tuple(self._entries.items()) if end is None or end > now)

    def _value(self, key: str) -> str | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        value, end = entry
        if end is not None and end <= self._clock.now():
            del self._entries[key]
            return None
        return value

    def _put(self, key: str, value: str, ttl: int | None) -> None:
        self._writes += 1
        if self._writes % _SWEEP_EVERY == 0:
            alive = set(self.keys())
            self._entries = {name: entry for name, entry in self._entries.items() if name in alive}
        end = None if ttl is None else self._clock.now() + timedelta(seconds=ttl)
        self._entries[key] = (value, end)
