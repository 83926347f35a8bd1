"""A database where something else happens right before a write: what was read by then need not be true any more."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from gatewright.model.query import Insert, Update, Values
from gatewright_adapters.memory import MemoryAdapter

__all__ = ("Between",)


class Between(MemoryAdapter):
    """Runs what waits in ``waiting``, once, before the next transaction, or new or changed row in ``table``."""

    def __init__(self, table: str = "user") -> None:
        super().__init__()
        self.table = table
        self.waiting: list[Callable[[], Awaitable[object]]] = []

    async def _let(self) -> None:
        while self.waiting:
            await self.waiting.pop()()

    async def insert(self, query: Insert) -> Values:
        if query.table.name == self.table:
            await self._let()
        return await super().insert(query)

    async def update_one(self, query: Update) -> Values | None:
        if query.table.name == self.table:
            await self._let()
        return await super().update_one(query)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[MemoryAdapter]:
        await self._let()
        async with super().transaction() as inside:
            yield inside
