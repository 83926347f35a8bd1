"""The session as the client last saw it, and who is told when it changes.

State and its rules are one class without I/O; two thin classes fetch. Source: contract, client.json ``session`` and
``refetch``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, TypeAlias

import anyio

from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.wire.faults import ApiError
from gatewright_client.options import Callback
from gatewright_client.result import Result
from gatewright_client.senders import AsyncSender, SyncSender
from gatewright_client.signals import Unsubscribe, told

__all__ = ("FOCUS_LIMIT", "AsyncSession", "Changes", "Snapshot", "Subscriber", "SyncSession")

FOCUS_LIMIT = timedelta(seconds=5)
"""The contract's limit for refetching on focus: at most once in this time."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The session at one moment.

    Attributes:
        data: The session with its user, or ``None``.
        error: Why it could not be read last time; the data is then what it was before.
        pending: It has not been read yet.
    """

    data: SessionData | None = None
    error: ApiError | None = None
    pending: bool = True


Subscriber: TypeAlias = Callable[[Snapshot], Callback]
"""Told of each change."""


class _Session:
    def __init__(self, now: Callable[[], datetime], interval: timedelta | None, *, on_focus: bool) -> None:
        self._now = now
        self._interval = interval
        self._on_focus = on_focus
        self._snapshot = Snapshot()
        self._subscribers: list[Subscriber] = []
        self._refetching = False
        self._wanted = 0
        self._served = 0
        self._fetched_at: datetime | None = None
        self._touched_at: datetime | None = None

    @property
    def snapshot(self) -> Snapshot:
        """All of it at once."""
        return self._snapshot

    @property
    def data(self) -> SessionData | None:
        """The session with its user, or ``None``."""
        return self._snapshot.data

    @property
    def error(self) -> ApiError | None:
        """Why it could not be read last time."""
        return self._snapshot.error

    @property
    def pending(self) -> bool:
        """It has not been read yet."""
        return self._snapshot.pending

    @property
    def refetching(self) -> bool:
        """It is being read again."""
        return self._refetching

    def subscribe(self, subscriber: Subscriber) -> Unsubscribe:
        """Tell ``subscriber`` of every change from now on; with an asynchronous client it may be a coroutine function."""
        # A list entry of its own, so that the same function may subscribe twice.
        entry: Subscriber = lambda snapshot: subscriber(snapshot)  # noqa: E731, PLW0108
        self._subscribers.append(entry)

        def unsubscribe() -> None:
            if entry in self._subscribers:
                self._subscribers.remove(entry)

        return unsubscribe

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
        """Keep what was read; whether anything is different now."""
        self._fetched_at = self._now()
        before, error = self._snapshot, result.error
        if error is None:
            data = result.data
            if data is not None and before.data == data:
                # What has not changed stays the same object.
                data = before.data
        else:
            data = None if error.status == 401 else before.data
        self._snapshot = Snapshot(data, error, pending=False)
        was, now = before.error, error
        same_error = (was is None and now is None) or (
            was is not None and now is not None and (was.status, was.code) == (now.status, now.code)
        )
        return before.pending or before.data is not data or not same_error


def _owes_refresh(result: Result[SessionData | None]) -> bool:
    return result.data is not None and result.data.needs_refresh is True


class AsyncSession(_Session):
    """The session of an asynchronous client."""

    def __init__(
        self, sender: AsyncSender, now: Callable[[], datetime], interval: timedelta | None, *, on_focus: bool
    ) -> None:
        super().__init__(now, interval, on_focus=on_focus)
        self._sender = sender.silent()
        self._lock: anyio.Lock | None = None
        self._change: anyio.Event | None = None

    async def refetch(self, *, disable_cookie_cache: bool = False) -> Snapshot:
        """Read the session again and tell the subscribers.

        Of several callers at once, those who came while a request was already under way share the next one.
        """
        self._wanted += 1
        wanted = self._wanted
        self._lock = self._lock or anyio.Lock()
        async with self._lock:
            if self._served >= wanted:
                return self._snapshot
            serving = self._wanted
            self._refetching = True
            try:
                changed = self._take(await self._fetch(disable_cookie_cache))
            finally:
                self._refetching = False
            self._served = serving
            snapshot = self._snapshot
        if changed:
            await self._tell(snapshot)
        return snapshot

    async def touch(self) -> None:
        """The program has come to the front, or the network is back: read again, at most once in five seconds."""
        if self._is_touched():
            await self.refetch()

    async def refetch_when_due(self) -> None:
        """Read again if the interval has passed."""
        if self._is_due():
            await self.refetch()

    def changes(self) -> Changes:
        """The present state, then each change; a slow reader sees the latest one only."""
        return Changes(self)

    async def changed(self) -> None:
        """Wait for the next change."""
        self._change = self._change or anyio.Event()
        await self._change.wait()

    async def _fetch(self, disable_cookie_cache: bool) -> Result[SessionData | None]:
        operation = GetSession(disable_cookie_cache=disable_cookie_cache)
        result = await self._sender.send(operation)
        # Refreshes that the server defers are asked for with another method.
        return await self._sender.send(operation, "POST") if _owes_refresh(result) else result

    async def _tell(self, snapshot: Snapshot) -> None:
        if self._change is not None:
            self._change.set()
            self._change = None
        for subscriber in tuple(self._subscribers):
            await told(subscriber(snapshot))


class Changes:
    """Iterates over the states of a session; nothing has to be closed when the reader stops."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._seen: Snapshot | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Snapshot:
        while self._seen is self._session.snapshot:
            await self._session.changed()
        self._seen = self._session.snapshot
        return self._seen


class SyncSession(_Session):
    """The session of a synchronous client; threads may share it."""

    def __init__(
        self, sender: SyncSender, now: Callable[[], datetime], interval: timedelta | None, *, on_focus: bool
    ) -> None:
        super().__init__(now, interval, on_focus=on_focus)
        self._sender = sender.silent()
        self._lock = threading.Lock()
        self._count = threading.Lock()

    def refetch(self, *, disable_cookie_cache: bool = False) -> Snapshot:
        """Read the session again and tell the subscribers.

        Of several threads at once, those who came while a request was already under way share the next one.
        """
        with self._count:
            self._wanted += 1
            wanted = self._wanted
        with self._lock:
            if self._served >= wanted:
                return self._snapshot
            with self._count:
                serving = self._wanted
            self._refetching = True
            try:
                changed = self._take(self._fetch(disable_cookie_cache))
            finally:
                self._refetching = False
            self._served = serving
            snapshot = self._snapshot
        if changed:
            for subscriber in tuple(self._subscribers):
                subscriber(snapshot)
        return snapshot

    def touch(self) -> None:
        """The program has come to the front, or the network is back: read again, at most once in five seconds."""
        if self._is_touched():
            self.refetch()

    def refetch_when_due(self) -> None:
        """Read again if the interval has passed."""
        if self._is_due():
            self.refetch()

    def _fetch(self, disable_cookie_cache: bool) -> Result[SessionData | None]:
        operation = GetSession(disable_cookie_cache=disable_cookie_cache)
        result = self._sender.send(operation)
        return self._sender.send(operation, "POST") if _owes_refresh(result) else result
