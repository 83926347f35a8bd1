"""How a task waits for a thread, on asyncio and on trio: one call into the loop for many results.

Cheaper than a thread pool's future per call, and cancellation abandons the result instead of waiting for it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any, Protocol

__all__ = ("Loop", "Waiter", "current", "settle")


class Loop(Protocol):
    """Where a task waits. Equal for tasks of one event loop."""

    def wake(self, waiters: Sequence[Waiter]) -> None:
        """Let the tasks of ``waiters`` go on; from any thread. Nothing happens where the loop is gone."""
        ...

    async def wait(self, waiter: Waiter) -> None:
        """Sleep until ``waiter`` is woken; cancelled, mark it as abandoned."""
        ...


class Waiter:
    """One answer that a task waits for.

    Attributes:
        result, error: The answer, set by the thread before waking.
        abandoned: The task is gone.
    """

    __slots__ = ("abandoned", "error", "handle", "loop", "result")

    def __init__(self) -> None:
        self.abandoned = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.handle: Any = None
        self.loop: Loop | None = None


class _Asyncio:
    __slots__ = ("loop",)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop

    def wake(self, waiters: Sequence[Waiter]) -> None:
        try:
            self.loop.call_soon_threadsafe(_resolve, waiters)
        except RuntimeError:
            # The loop is closed: nobody waits any more.
            return

    async def wait(self, waiter: Waiter) -> None:
        try:
            await waiter.handle
        except BaseException:
            waiter.abandoned = True
            raise


def _resolve(waiters: Sequence[Waiter]) -> None:
    for waiter in waiters:
        if not waiter.handle.done():
            waiter.handle.set_result(None)


class _Trio:
    __slots__ = ("token",)

    def __init__(self, token: Any) -> None:
        self.token = token

    def wake(self, waiters: Sequence[Waiter]) -> None:
        try:
            self.token.run_sync_soon(_reschedule, waiters)
        except RuntimeError:
            # The run is finished: nobody waits any more.
            return

    async def wait(self, waiter: Waiter) -> None:
        trio: Any = sys.modules["trio"]

        def abandon(_: Any) -> Any:
            waiter.abandoned = True
            return trio.lowlevel.Abort.SUCCEEDED

        await trio.lowlevel.wait_task_rescheduled(abandon)


def _reschedule(waiters: Sequence[Waiter]) -> None:
    reschedule = sys.modules["trio"].lowlevel.reschedule
    for waiter in waiters:
        if not waiter.abandoned:
            reschedule(waiter.handle)


def current(waiter: Waiter, known: dict[object, Loop]) -> Loop:
    """The loop of the running task, noted in ``waiter``; ``known`` keeps one object per loop.

    Raises:
        RuntimeError: No event loop runs here.
    """
    trio: Any = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_task():
        token = trio.lowlevel.current_trio_token()
        waiter.handle = trio.lowlevel.current_task()
        loop = known.get(token)
        if loop is None:
            known.clear()
            loop = known[token] = _Trio(token)
    else:
        running = asyncio.get_running_loop()
        waiter.handle = running.create_future()
        loop = known.get(running)
        if loop is None:
            known.clear()
            loop = known[running] = _Asyncio(running)
    waiter.loop = loop
    return loop


def settle(waiters: Sequence[Waiter]) -> None:
    """Wake the tasks of answered ``waiters``, with one call for each loop."""
    first = waiters[0].loop
    if first is not None and all(waiter.loop is first for waiter in waiters):
        first.wake(waiters)
        return
    by_loop: dict[int, tuple[Loop, list[Waiter]]] = {}
    for waiter in waiters:
        if waiter.loop is not None:
            by_loop.setdefault(id(waiter.loop), (waiter.loop, []))[1].append(waiter)
    for loop, mine in by_loop.values():
        loop.wake(mine)
