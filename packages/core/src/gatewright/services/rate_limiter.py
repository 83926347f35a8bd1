"""Counting requests: at most so many under one key in a window, in four stores.

Which requests are counted under which key is said in ``pipeline/limits.py``. In memory and in the database a window
ends when no request was allowed for its length (contract); in the secondary storage, and with that every process
counts together, a window ends its length after it began. A window whose last request lies further ahead than its own length, and than
clocks of servers may differ, is over too: the clock was set back, and nobody waits until it has caught up. Source:
contract, endpoints.json ``rate_limit_rules``.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Protocol

from gatewright.model.rate_limit import RateLimit
from gatewright.ports.adapter import Conflict
from gatewright.ports.cache import Cache
from gatewright.ports.tasks import Tasks
from gatewright.services.database import Database
from gatewright.settings.callbacks import Consume
from gatewright.settings.rate_limit import LimitOptions
from gatewright.wire.dates import millis
from gatewright.wire.operation import Limit

__all__ = ("CacheCounter", "Counter", "CustomCounter", "DatabaseCounter", "MemoryCounter")

_SECOND = 1000
_NONE = timedelta()

_SKEW = timedelta(minutes=1)
"""How far the clocks of servers that count together may differ."""


class Counter(Protocol):
    """Counts requests."""

    async def consume(self, key: str, limit: Limit, now: datetime) -> int | None:
        """Count a request if it is within the limit.

        Args:
            key: Who asks for what.
            limit: How often.
            now: The current moment.

        Returns:
            ``None`` when it is allowed, else how many seconds to wait.
        """
        ...

    async def forget(self, key: str) -> None:
        """Begin anew, where the store can."""
        ...


class _Window:
    """Requests that were counted together: how many, when the last allowed one came, and how long it counts."""

    __slots__ = ("count", "last", "length")

    def __init__(self, last: datetime, length: timedelta) -> None:
        self.count = 1
        self.last = last
        self.length = length


class MemoryCounter:
    """Counters of this process.

    Args:
        capacity: Most keys; beyond it, those are forgotten whose last request is the longest ago.
    """

    __slots__ = ("_capacity", "_windows")

    def __init__(self, capacity: int = 100_000) -> None:
        self._capacity = capacity
        # In the order of last requests. Not a dict: one from whose front much was deleted takes longer and longer to
        # find its first key.
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def __len__(self) -> int:
        return len(self._windows)

    async def consume(self, key: str, limit: Limit, now: datetime) -> int | None:
        """Count a request if it is within the limit; see :class:`Counter`."""
        return self.count(key, limit, now)

    def count(self, key: str, limit: Limit, now: datetime) -> int | None:
        """Count a request if it is within the limit, at once; see :class:`Counter`."""
        windows = self._windows
        window = windows.get(key)
        if limit.max < 1:
            return limit.window
        if window is None:
            self._make_room(now)
            windows[key] = _Window(now, limit.length)
            return None
        length = limit.length
        passed = now - window.last
        if passed >= length or (passed < _NONE and -passed >= max(length, _SKEW)):
            window.count = 1
        elif window.count >= limit.max:
            return _seconds(length - passed)
        else:
            window.count += 1
        window.last = now
        window.length = length
        windows.move_to_end(key)
        return None

    async def forget(self, key: str) -> None:
        """Begin anew."""
        self._windows.pop(key, None)

    def _make_room(self, now: datetime) -> None:
        windows = self._windows
        # Two for each new one: what is over leaves faster than what is new comes.
        for _ in range(2):
            oldest = next(iter(windows), None)
            if oldest is None:
                return
            window = windows[oldest]
            if window.last + window.length > now and len(windows) < self._capacity:
                return
            del windows[oldest]


class DatabaseCounter:
    """Counters in the table ``rateLimit``: every change is one guarded statement, so processes count together.

    Args:
        database: Where.
        tasks: For removing what is over.
        longest_seconds: The longest window that any rule has.
    """

    __slots__ = ("_database", "_keep_ms", "_swept_ms", "_tasks")

    SWEEP_MS = 60_000
    ATTEMPTS = 32

    def __init__(self, database: Database, tasks: Tasks, longest_seconds: int) -> None:
        self._database = database
        self._tasks = tasks
        self._keep_ms = max(longest_seconds, 3600) * _SECOND
        self._swept_ms = 0

    async def consume(self, key: str, limit: Limit, now: datetime) -> int | None:
        """Count a request if it is within the limit; see :class:`Counter`."""
        if limit.max < 1:
            return limit.window
        db = self._database
        now_ms, length = millis(now), limit.window * _SECOND
        mine = RateLimit.key.eq(key)
        for _ in range(self.ATTEMPTS):
            row = await db.find_one(RateLimit, mine)
            if row is None:
                try:
                    await db.insert(RateLimit(key=key, count=1, last_request=now_ms))
                except Conflict:
                    continue
                await self._sweep(now_ms)
                return None
            if _over(row.last_request, length, now_ms):
                changed = await db.update_one(
                    RateLimit,
                    mine,
                    RateLimit.last_request.eq(row.last_request),
                    RateLimit.count.eq(row.count),
                    set=[RateLimit.count.to(1), RateLimit.last_request.to(now_ms)],
                )
            elif row.count >= limit.max:
                return _seconds(timedelta(milliseconds=row.last_request + length - now_ms))
            else:
                changed = await db.update_one(
                    RateLimit,
                    mine,
                    RateLimit.count.before(limit.max),
                    RateLimit.last_request.after(now_ms - length),
                    set=[RateLimit.count.add(1), RateLimit.last_request.to(max(now_ms, row.last_request))],
                )
            if changed is not None:
                return None
        return 1

    async def forget(self, key: str) -> None:
        """Begin anew."""
        await self._database.delete(RateLimit, RateLimit.key.eq(key))

    async def _sweep(self, now_ms: int) -> None:
        if now_ms - self._swept_ms < self.SWEEP_MS:
            return
        self._swept_ms = now_ms

        async def sweep() -> None:
            await self._database.delete(RateLimit, RateLimit.last_request.before(now_ms - self._keep_ms))

        await self._tasks.spawn(sweep, name="remove rate limits that are over")


class CacheCounter:
    """Counters in the secondary storage.

    Args:
        cache: Where.
    """

    __slots__ = ("_cache",)

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def consume(self, key: str, limit: Limit, now: datetime) -> int | None:
        """Count a request if it is within the limit; see :class:`Counter`."""
        del now  # the storage has a clock of its own
        if limit.max < 1:
            return limit.window
        return None if await self._cache.increment(key, limit.window) <= limit.max else limit.window

    async def forget(self, key: str) -> None:
        """Begin anew."""
        await self._cache.delete(key)


class CustomCounter:
    """Counters of the application's own.

    Args:
        consume: Checks and counts.
    """

    __slots__ = ("_consume",)

    def __init__(self, consume: Consume) -> None:
        self._consume = consume

    async def consume(self, key: str, limit: Limit, now: datetime) -> int | None:
        """Count a request if it is within the limit; see :class:`Counter`."""
        del now
        decision = await self._consume(key, LimitOptions(window=limit.window, max=limit.max))
        if decision.allowed:
            return None
        return limit.window if decision.retry_after is None else decision.retry_after

    async def forget(self, key: str) -> None:
        """Nothing: the application's own counters have no way to begin anew before their window ends."""


def _over(last_ms: int, length_ms: int, now_ms: int) -> bool:
    return last_ms + length_ms <= now_ms or last_ms - now_ms >= max(length_ms, _SKEW // timedelta(milliseconds=1))


def _seconds(wait: timedelta) -> int:
    return -(-wait // timedelta(seconds=1))
