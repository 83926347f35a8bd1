"""The session as the client last saw it: a live value with an interval, focus and refreshes that the server owes.

Source: contract, client.json ``session`` and ``refetch``. Not here: what every live value does (``live``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright_client.live import AsyncLive, Live, Snapshot, SyncLive
from gatewright_client.result import Result
from gatewright_client.senders import AsyncSender, SyncSender

__all__ = ("FOCUS_LIMIT", "AsyncSession", "SyncSession")

FOCUS_LIMIT = timedelta(seconds=5)
"""The contract's limit for refetching on focus: at most once in this time."""


class _Timing(Live[SessionData]):
    _now: Callable[[], datetime]
    _interval: timedelta | None
    _on_focus: bool
    _fetched_at: datetime | None = None
    _touched_at: datetime | None = None

    def hydrate(self, data: SessionData | None) -> None:
        """Start with a session that was read elsewhere, before the first one is fetched; later it does nothing."""
        if self._snapshot.pending:
            self._snapshot = Snapshot(data, pending=False)

    def _is_touched(self) -> bool:
        """Whether this focus may refetch."""
        now = self._now()
        last = self._touched_at
        if not self._on_focus or (last is not None and now - last < FOCUS_LIMIT):
            return False
        self._touched_at = now
        return True

    def _is_due(self) -> bool:
        """Whether the interval has passed; it counts only while there is a session."""
        if self._interval is None or self._snapshot.data is None:
            return False
        return self._fetched_at is None or self._now() - self._fetched_at >= self._interval

    def _take(self, result: Result[SessionData | None]) -> bool:
        self._fetched_at = self._now()
        return super()._take(result)


def _owes_refresh(result: Result[SessionData | None]) -> bool:
    return result.data is not None and result.data.needs_refresh is True


class AsyncSession(_Timing, AsyncLive[SessionData]):
    """The session of an asynchronous client."""

    def __init__(
        self, sender: AsyncSender, now: Callable[[], datetime], interval: timedelta | None, *, on_focus: bool
    ) -> None:
        super().__init__(lambda: self._ask(disable_cookie_cache=False))
        self._now, self._interval, self._on_focus = now, interval, on_focus
        self._sender = sender.silent()

    async def refetch(self, *, disable_cookie_cache: bool = False) -> Snapshot[SessionData]:
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

    async def _ask(self, *, disable_cookie_cache: bool) -> Result[SessionData | None]:
        operation = GetSession(disable_cookie_cache=disable_cookie_cache)
        result = await self._sender.send(operation)
        # Refreshes that the server defers are asked for with another method.
        return await self._sender.send(operation, "POST") if _owes_refresh(result) else result


class SyncSession(_Timing, SyncLive[SessionData]):
    """The session of a synchronous client; threads may share it."""

    def __init__(
        self, sender: SyncSender, now: Callable[[], datetime], interval: timedelta | None, *, on_focus: bool
    ) -> None:
        super().__init__(lambda: self._ask(disable_cookie_cache=False))
        self._now, self._interval, self._on_focus = now, interval, on_focus
        self._sender = sender.silent()

    def refetch(self, *, disable_cookie_cache: bool = False) -> Snapshot[SessionData]:
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

    def _ask(self, *, disable_cookie_cache: bool) -> Result[SessionData | None]:
        operation = GetSession(disable_cookie_cache=disable_cookie_cache)
        result = self._sender.send(operation)
        return self._sender.send(operation, "POST") if _owes_refresh(result) else result
