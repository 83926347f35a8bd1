"""A value of the server's that a client holds: as it was seen last, read again when something changes it.

State and its rules are one class without I/O; two thin classes fetch. Source: contract, client.json ``session`` and
``plugins`` (the hooks). Not here: what is particular to the session (``session``).
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeAlias, TypeVar, overload

import anyio

from gatewright.wire.faults import ApiError
from gatewright.wire.operation import Operation
from gatewright_client.calls import Async, Group, Sync
from gatewright_client.options import Callback
from gatewright_client.result import Result
from gatewright_client.signals import Unsubscribe, told

__all__ = ("AsyncLive", "Changes", "Live", "Snapshot", "Subscriber", "SyncLive", "live")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[T]):
    """The value at one moment.

    Attributes:
        data: The value, or ``None``.
        error: Why it could not be read last time; the data is then what it was before.
        pending: It has not been read yet.
    """

    data: T | None = None
    error: ApiError | None = None
    pending: bool = True


Subscriber: TypeAlias = Callable[[Snapshot[T]], Callback]
"""Told of each change."""


class Live(Generic[T]):
    """What is known of a value, and who is told when it changes."""

    def __init__(self) -> None:
        self._snapshot: Snapshot[T] = Snapshot()
        self._subscribers: list[Subscriber[T]] = []
        self._refetching = False
        self._wanted = 0
        self._served = 0

    @property
    def snapshot(self) -> Snapshot[T]:
        """All of it at once."""
        return self._snapshot

    @property
    def data(self) -> T | None:
        """The value, or ``None``."""
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

    def subscribe(self, subscriber: Subscriber[T]) -> Unsubscribe:
        """Tell ``subscriber`` of every change from now on; with an asynchronous client it may be a coroutine function."""
        # A list entry of its own, so that the same function may subscribe twice.
        entry: Subscriber[T] = lambda snapshot: subscriber(snapshot)  # noqa: E731, PLW0108
        self._subscribers.append(entry)

        def unsubscribe() -> None:
            if entry in self._subscribers:
                self._subscribers.remove(entry)

        return unsubscribe

    def _take(self, result: Result[T | None]) -> bool:
        """Keep what was read; whether anything is different now."""
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


class AsyncLive(Live[T]):
    """A value that an asynchronous client holds.

    Args:
        fetch: Reads it.
    """

    def __init__(self, fetch: Callable[[], Awaitable[Result[T | None]]]) -> None:
        super().__init__()
        self._fetch = fetch
        self._lock: anyio.Lock | None = None
        self._change: anyio.Event | None = None

    async def refetch(self) -> Snapshot[T]:
        """Read it again and tell the subscribers.

        Of several callers at once, those who came while a request was already under way share the next one.
        """
        return await self._read(self._fetch)

    def changes(self) -> Changes[T]:
        """The present state, then each change; a slow reader sees the latest one only."""
        return Changes(self)

    async def changed(self) -> None:
        """Wait for the next change."""
        self._change = self._change or anyio.Event()
        await self._change.wait()

    async def _read(self, fetch: Callable[[], Awaitable[Result[T | None]]]) -> Snapshot[T]:
        self._wanted += 1
        wanted = self._wanted
        self._lock = self._lock or anyio.Lock()
        async with self._lock:
            if self._served >= wanted:
                return self._snapshot
            serving = self._wanted
            self._refetching = True
            try:
                changed = self._take(await fetch())
            finally:
                self._refetching = False
            self._served = serving
            snapshot = self._snapshot
        if changed:
            await self._tell(snapshot)
        return snapshot

    async def _tell(self, snapshot: Snapshot[T]) -> None:
        if self._change is not None:
            self._change.set()
            self._change = None
        for subscriber in tuple(self._subscribers):
            await told(subscriber(snapshot))


class Changes(Generic[T]):
    """Iterates over the states of a value; nothing has to be closed when the reader stops."""

    def __init__(self, value: AsyncLive[T]) -> None:
        self._value = value
        self._seen: Snapshot[T] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Snapshot[T]:
        while self._seen is self._value.snapshot:
            await self._value.changed()
        self._seen = self._value.snapshot
        return self._seen


class SyncLive(Live[T]):
    """A value that a synchronous client holds; threads may share it.

    Args:
        fetch: Reads it.
    """

    def __init__(self, fetch: Callable[[], Result[T | None]]) -> None:
        super().__init__()
        self._fetch = fetch
        self._lock = threading.Lock()
        self._count = threading.Lock()

    def refetch(self) -> Snapshot[T]:
        """Read it again and tell the subscribers.

        Of several threads at once, those who came while a request was already under way share the next one.
        """
        return self._read(self._fetch)

    def _read(self, fetch: Callable[[], Result[T | None]]) -> Snapshot[T]:
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
                changed = self._take(fetch())
            finally:
                self._refetching = False
            self._served = serving
            snapshot = self._snapshot
        if changed:
            for subscriber in tuple(self._subscribers):
                subscriber(snapshot)
        return snapshot


class live(Generic[T]):  # noqa: N801 (reads as a declaration: ``active_member = live(GetActiveMember, "$activeMemberSignal")``)
    """A value of a group: what an operation answers, read again on signals, and when somebody else has signed in.

    It is pending until it is refetched, or until the first signal; from its first use on it keeps up. All copies of one client
    share it.

    Args:
        operation: What reads it; it needs no fields.
        signals: What may change it.
    """

    def __init__(
        self, operation: Callable[[], Operation[T | None]] | Callable[[], Operation[T]], *signals: str
    ) -> None:
        self.operation: Callable[[], Operation[Any]] = operation
        self.signals = signals

    @overload
    def __get__(self, owner: None, cls: type[Group[Any]]) -> live[T]: ...
    @overload
    def __get__(self, owner: Group[Async], cls: type[Group[Any]]) -> AsyncLive[T]: ...
    @overload
    def __get__(self, owner: Group[Sync], cls: type[Group[Any]]) -> SyncLive[T]: ...
    def __get__(self, owner: Group[Any] | None, cls: type[Group[Any]]) -> Any:
        if owner is None:
            return self
        return owner._sender.live(self.operation, self.signals)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
