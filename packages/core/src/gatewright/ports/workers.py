"""The port for slow CPU work: where passwords are hashed, so that the event loop never waits."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

__all__ = ("InlineWorkers", "Overloaded", "ThreadWorkers", "Workers")

T = TypeVar("T")


class Overloaded(Exception):
    """More work is waiting than is sensible; the caller should answer 503 and be tried again."""


class Workers(Protocol):
    """Runs functions that take long."""

    async def run(self, work: Callable[[], T], /) -> T:
        """The result of ``work``, computed off the event loop.

        Raises:
            Overloaded: The queue is full.
        """
        ...


class InlineWorkers:
    """Runs work at once, on the event loop: for tests."""

    __slots__ = ()

    async def run(self, work: Callable[[], T], /) -> T:
        """The result of ``work``."""
        return work()


class ThreadWorkers:
    """A few threads of lower priority with a bounded queue.

    Args:
        threads: How many run at once; by default one less than there are cores, at least one.
        queue: How many may wait before further work is refused.
        nice: Added to the niceness of a worker thread where the platform has one per thread (Linux).
    """

    __slots__ = ("_limiter", "_nice", "_queue", "_threads", "_waiting")

    def __init__(self, *, threads: int | None = None, queue: int = 256, nice: int = 19) -> None:
        self._threads = threads or max(1, (os.cpu_count() or 2) - 1)
        self._queue = queue
        self._nice = nice
        self._waiting = 0
        # A limiter belongs to the event loop that made it; a process may run several, one after the other.
        self._limiter = RunVar[anyio.CapacityLimiter](f"gatewright.workers.{id(self)}")

    async def run(self, work: Callable[[], T], /) -> T:
        """The result of ``work``, computed in a worker thread.

        Raises:
            Overloaded: The queue is full.
        """
        if self._waiting >= self._queue + self._threads:
            raise Overloaded(f"{self._waiting} jobs are waiting")
        limiter = self._limiter.get(None)
        if limiter is None:
            limiter = anyio.CapacityLimiter(self._threads)
            self._limiter.set(limiter)
        nice = self._nice

        def job() -> T:
            lowered = _lower_priority(nice)
            try:
                return work()
            finally:
                if lowered is not None:
                    _restore_priority(lowered)

        self._waiting += 1
        try:
            return await anyio.to_thread.run_sync(job, limiter=limiter)
        finally:
            self._waiting -= 1


def _lower_priority(by: int) -> int | None:
    """Lower this thread's priority on Linux; what it was before, or ``None`` where that is not possible."""
    if not by or not hasattr(os, "setpriority"):
        return None
    thread = threading.get_native_id()
    try:
        before = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, min(19, before + by))
    except OSError:
        return None
    return before


def _restore_priority(to: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), to)
    except OSError:
        # Only a privileged process may raise a priority again: the thread stays as nice as it is.
        return
