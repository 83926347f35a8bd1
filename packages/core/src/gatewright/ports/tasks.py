"""The port for work after the reply: mails, notices, sweeping."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

__all__ = ("InlineTasks", "Job", "Tasks")

Job: TypeAlias = Callable[[], Awaitable[object]]


class Tasks(Protocol):
    """Runs jobs outside the request that asked for them."""

    async def spawn(self, job: Job, /, *, name: str) -> None:
        """Start ``job``; its failure is logged under ``name`` and never reaches the caller."""
        ...


class InlineTasks:
    """Runs a job before returning: for tests, and where no lifespan was entered."""

    __slots__ = ("_log",)

    def __init__(self, log: Callable[[str, BaseException], None]) -> None:
        self._log = log

    async def spawn(self, job: Job, /, *, name: str) -> None:
        """Run ``job`` now; its failure is logged under ``name``."""
        try:
            await job()
        except Exception as error:  # noqa: BLE001 (a job's failure is reported here and nowhere else)
            self._log(name, error)
