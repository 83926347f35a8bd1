"""Work after the reply: in a task group while the application runs, inline where no lifespan was entered."""

from __future__ import annotations

import inspect
from types import TracebackType
from typing import Self

import anyio
from anyio.abc import TaskGroup

from gatewright.ports.log import Log
from gatewright.ports.tasks import Job
from gatewright.settings.callbacks import BackgroundHandler

__all__ = ("BackgroundTasks", "HandedTasks")


class BackgroundTasks:
    """Runs jobs in a task group of its own; leaving it waits for what is under way.

    Args:
        log: Where failures go.
        drain_seconds: Longest that leaving waits.
    """

    __slots__ = ("_drain", "_group", "_log")

    def __init__(self, log: Log, *, drain_seconds: float = 30.0) -> None:
        self._log = log
        self._drain = drain_seconds
        self._group: TaskGroup | None = None

    async def spawn(self, job: Job, /, *, name: str) -> None:
        """Start ``job``, or run it now where no lifespan was entered; its failure is logged under ``name``."""
        if self._group is None:
            await self._run(job, name)
        else:
            self._group.start_soon(self._run, job, name, name=name)

    async def _run(self, job: Job, name: str) -> None:
        await _logged(job, name, self._log)

    async def __aenter__(self) -> Self:
        group = anyio.create_task_group()
        await group.__aenter__()
        self._group = group
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        group, self._group = self._group, None
        if group is None:
            return None
        group.cancel_scope.deadline = anyio.current_time() + self._drain
        return await group.__aexit__(kind, error, trace)


class HandedTasks:
    """Hands jobs to the application's own runner, which keeps them alive after the reply.

    Args:
        handler: Takes each job as something to await.
        log: Where failures go: those of jobs, and of a runner that does not take one.
    """

    __slots__ = ("_handler", "_log")

    def __init__(self, handler: BackgroundHandler, log: Log) -> None:
        self._handler = handler
        self._log = log

    async def spawn(self, job: Job, /, *, name: str) -> None:
        """Hand ``job`` over; where the runner fails before it has begun, it is run now."""
        begun = False

        async def work() -> None:
            nonlocal begun
            begun = True
            await _logged(job, name, self._log)

        waiting = work()
        try:
            answer: object = self._handler(waiting)
            if inspect.isawaitable(answer):
                await answer
        except Exception as error:  # noqa: BLE001 (the runner's failure is not the caller's)
            self._log.error("advanced.background_tasks.handler failed", error=error, job=name)
            if not begun:
                await waiting


async def _logged(job: Job, name: str, log: Log) -> None:
    try:
        await job()
    except Exception as error:  # noqa: BLE001 (a job's failure is reported here and nowhere else)
        message = f"{name} failed"
        log.error(message, error=error)
