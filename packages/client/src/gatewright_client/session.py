"""The session as the client last saw it: a live value with an interval, focus and refreshes that the server owes.

Source: contract, client.json ``session`` and ``refetch``. Not here: what every live value does (``live``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from gatewright.wire.operation import Operation
from gatewright_client.live import AsyncLive, Live, Snapshot, SyncLive
from gatewright_client.result import Result
from gatewright_client.senders import AsyncSender, SyncSender

__all__ = ("FOCUS_LIMIT", "AsyncSession", "Reading", "SyncSession")

D = TypeVar("D")

FOCUS_LIMIT = timedelta(seconds=5)
"""The contract's limit for refetching on focus: at most once in this time."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How and when a session is read.

    Attributes:
        operation: What reads it: the core's operation, or the application's own at the same path.
        now: The aware UTC time.
        interval: How often it is read again while there is one; ``None`` for never.
        on_focus: Whether the program's coming to the front reads it again.
    """

    operation: type[Operation[Any]]
    now: Callable[[], datetime]
    interval: timedelta | None
    on_focus: bool

    def ask(self, *, disable_cookie_cache: bool) -> Operation[Any]:
        """The operation as it is sent; an own one may lack the field."""
        made: Any = self.operation
        if disable_cookie_cache and "disable_cookie_cache" in self.operation.__struct_fields__:
            return made(disable_cookie_cache=True)
        return made()

    def owes_refresh(self, result: Result[Any]) -> bool:
        """Whether the server defers the refresh: it is asked for with another method."""
        return getattr(result.data, "needs_refresh", None) is True and "POST" in self.operation.route.methods


class _Timing(Live[D]):
    _how: Reading
    _fetched_at: datetime | None = None
    _touched_at: datetime | None = None

    def hydrate(self, data: D | None) -> None:
        """Start with a session that was read elsewhere, before the first one is fetched; later it does nothing."""
        if self._snapshot.pending:
            self._snapshot = Snapshot(data, pending=False)

    def _is_touched(self) -> bool:
        """Whether this focus may refetch."""
        now = self._how.now()
        last = self._touched_at
        if not self._how.on_focus or (last is not None and now - last < FOCUS_LIMIT):
            return False
        self._touched_at = now
        return True

    def _is_due(self) -> bool:
        """Whether the interval has passed; it counts only while there is a session."""
        if self._how.interval is None or self._snapshot.data is None:
            return False
        return self._fetched_at is None or self._how.now() - self._fetched_at >= self._how.interval

    def _take(self, result: Result[D | None]) -> bool:
        self._fetched_at = self._how.now()
        return super()._take(result)


class AsyncSession(_Timing[D], AsyncLive[D]):
    """The session of an asynchronous client."""

    def __init__(self, sender: AsyncSender, how: Reading) -> None:
        super().__init__(lambda: self._ask(disable_cookie_cache=False))
        self._how = how
        self._sender = sender.silent()

    async def refetch(self, *, disable_cookie_cache: bool = False) -> Snapshot[D]:
        """Read the session again and tell the subscribers.

        Of several callers at once, those who came while a request was already under way share the next one.
        """
        return await self._read(lambda: self._ask(disable_cookie_cache=disable_cookie_cache))

    async def touch(self) -> None:
        """The program has come to the front, or the network is back: read again, at most once in five seconds."""
        if self._is_touched():
            await self.refetch()

    async def refetch_when_due(self) -> None:
        """Read again if the interval has passed."""
        if self._is_due():
            await self.refetch()

    async def _ask(self, *, disable_cookie_cache: bool) -> Result[D | None]:
        operation = self._how.ask(disable_cookie_cache=disable_cookie_cache)
        result = await self._sender.send(operation)
        return await self._sender.send(operation, "POST") if self._how.owes_refresh(result) else result


class SyncSession(_Timing[D], SyncLive[D]):
    """The session of a synchronous client; threads may share it."""

    def __init__(self, sender: SyncSender, how: Reading) -> None:
        super().__init__(lambda: self._ask(disable_cookie_cache=False))
        self._how = how
        self._sender = sender.silent()

    def refetch(self, *, disable_cookie_cache: bool = False) -> Snapshot[D]:
        """Read the session again and tell the subscribers.

        Of several threads at once, those who came while a request was already under way share the next one.
        """
        return self._read(lambda: self._ask(disable_cookie_cache=disable_cookie_cache))

    def touch(self) -> None:
        """The program has come to the front, or the network is back: read again, at most once in five seconds."""
        if self._is_touched():
            self.refetch()

    def refetch_when_due(self) -> None:
        """Read again if the interval has passed."""
        if self._is_due():
            self.refetch()

    def _ask(self, *, disable_cookie_cache: bool) -> Result[D | None]:
        operation = self._how.ask(disable_cookie_cache=disable_cookie_cache)
        result = self._sender.send(operation)
        return self._sender.send(operation, "POST") if self._how.owes_refresh(result) else result
