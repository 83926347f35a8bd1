"""Opens and closes an instance from hooks that a framework runs in tasks of its own. For asyncio.

A task group must be left by the task that entered it; here one task does both.
"""

from __future__ import annotations

import asyncio
from typing import Any

from gatewright.auth import Auth

__all__ = ("Running",)


class Running:
    """An instance that is open between two calls, whichever tasks make them.

    Args:
        auth: The instance.
    """

    __slots__ = ("_auth", "_end", "_task")

    def __init__(self, auth: Auth[Any]) -> None:
        self._auth = auth
        self._task: asyncio.Task[None] | None = None
        self._end: asyncio.Event | None = None

    async def open(self) -> None:
        """Open the instance; what goes wrong is raised here."""
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._end = asyncio.Event()
        self._task = asyncio.create_task(self._hold(opened, self._end), name="gatewright")
        await asyncio.wait([opened, self._task], return_when=asyncio.FIRST_COMPLETED)
        if not opened.done():
            await self._task

    async def close(self) -> None:
        """Close the instance, once the work that is under way is done."""
        if self._end is not None and self._task is not None:
            self._end.set()
            await self._task
            self._task = self._end = None

    async def _hold(self, opened: asyncio.Future[None], end: asyncio.Event) -> None:
        async with self._auth:
            opened.set_result(None)
            await end.wait()
