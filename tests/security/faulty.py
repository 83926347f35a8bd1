"""A database in front of another that fails as it is told: refuses, hangs, or lets somebody cancel at each step."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import anyio.lowlevel

from gatewright.model.query import Count, Delete, Insert, Select, SelectListed, Update, Values
from gatewright.model.schema import Schema
from gatewright.ports.adapter import Adapter, Features, StoreUnavailable

__all__ = ("FaultyAdapter",)

T = TypeVar("T")


class FaultyAdapter:
    """Passes everything on, except what its switches say.

    Attributes:
        refuses: Every statement raises.
        hangs: Every statement waits for ever.
        steps: Statements so far; begins and ends of transactions count.
        at_step: Called with the number of each step, before and after the statement.
    """

    def __init__(self, inner: Adapter) -> None:
        self._inner = inner
        self._outer: FaultyAdapter = self
        self.refuses = False
        self.hangs = False
        self.error: Exception = StoreUnavailable("connection to postgresql://user:secret@db refused")
        self.steps = 0
        self.at_step: Callable[[int], None] = lambda _: None

    @property
    def features(self) -> Features:
        inner = self._inner.features
        return Features(transactions=inner.transactions, joins=inner.joins)

    async def insert(self, query: Insert) -> Values:
        return await self._step(lambda: self._inner.insert(query))

    async def select(self, query: Select) -> Sequence[Values]:
        return await self._step(lambda: self._inner.select(query))

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        return await self._step(lambda: self._inner.select_pair(query))

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        return await self._step(lambda: self._inner.select_listed(query))

    async def count(self, query: Count) -> int:
        return await self._step(lambda: self._inner.count(query))

    async def update(self, query: Update) -> int:
        return await self._step(lambda: self._inner.update(query))

    async def update_one(self, query: Update) -> Values | None:
        return await self._step(lambda: self._inner.update_one(query))

    async def delete(self, query: Delete) -> int:
        return await self._step(lambda: self._inner.delete(query))

    async def take(self, query: Delete) -> Values | None:
        return await self._step(lambda: self._inner.take(query))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Adapter]:
        await self._step(_nothing)
        async with self._inner.transaction() as inside:
            made = FaultyAdapter(inside)
            made._outer = self._outer
            yield made
            await self._step(_nothing)

    async def create_tables(self, schema: Schema) -> None:
        await self._inner.create_tables(schema)

    async def open(self) -> None:
        await self._inner.open()

    async def close(self) -> None:
        await self._inner.close()

    async def _step(self, run: Callable[[], Awaitable[T]]) -> T:
        await self._gate()
        result = await run()
        await self._gate()
        return result

    async def _gate(self) -> None:
        outer = self._outer
        outer.steps += 1
        outer.at_step(outer.steps)
        await anyio.lowlevel.checkpoint()
        if outer.refuses:
            raise outer.error
        if outer.hangs:
            await anyio.sleep_forever()


async def _nothing() -> None:
    """The begin or the end of a transaction."""
