"""Bounds how long one statement may take, for databases that set no bound of their own.

A database that hangs answers no request; a request that waits for it has to end, and to say so. Not a retry, and not a
deadline for a whole request: what an application's own functions take is theirs.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import asynccontextmanager
from sys import exc_info
from typing import TypeVar

import anyio

from gatewright.model.query import Count, Delete, Insert, Select, SelectListed, Update, Values
from gatewright.model.schema import Schema
from gatewright.ports.adapter import Adapter, Features, StoreUnavailable

__all__ = ("PatientAdapter", "bounded")

T = TypeVar("T")


def bounded(adapter: Adapter, seconds: float) -> Adapter:
    """``adapter`` itself where it bounds its statements, else one that waits ``seconds`` for each at most."""
    return adapter if adapter.features.bounded else PatientAdapter(adapter, seconds)


class PatientAdapter:
    """Waits for each statement of another adapter, but not for ever.

    Args:
        adapter: The database.
        seconds: Longest that one statement, or the begin or end of a transaction, may take.
    """

    __slots__ = ("_adapter", "_seconds")

    def __init__(self, adapter: Adapter, seconds: float) -> None:
        self._adapter = adapter
        self._seconds = seconds

    @property
    def features(self) -> Features:
        """As the database's own."""
        return self._adapter.features

    async def insert(self, query: Insert) -> Values:
        """See the port."""
        return await self._wait(self._adapter.insert(query))

    async def select(self, query: Select) -> Sequence[Values]:
        """See the port."""
        return await self._wait(self._adapter.select(query))

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        """See the port."""
        return await self._wait(self._adapter.select_pair(query))

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        """See the port."""
        return await self._wait(self._adapter.select_listed(query))

    async def count(self, query: Count) -> int:
        """See the port."""
        return await self._wait(self._adapter.count(query))

    async def update(self, query: Update) -> int:
        """See the port."""
        return await self._wait(self._adapter.update(query))

    async def update_one(self, query: Update) -> Values | None:
        """See the port."""
        return await self._wait(self._adapter.update_one(query))

    async def delete(self, query: Delete) -> int:
        """See the port."""
        return await self._wait(self._adapter.delete(query))

    async def take(self, query: Delete) -> Values | None:
        """See the port."""
        return await self._wait(self._adapter.take(query))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Adapter]:
        """See the port; its begin, its end and each statement in it are bounded, not the whole."""
        manager = self._adapter.transaction()
        inside = await self._wait(manager.__aenter__())
        try:
            yield PatientAdapter(inside, self._seconds)
        except BaseException:
            await self._wait(manager.__aexit__(*exc_info()))
            raise
        await self._wait(manager.__aexit__(None, None, None))

    async def create_tables(self, schema: Schema) -> None:
        """See the port; takes as long as it takes."""
        await self._adapter.create_tables(schema)

    async def open(self) -> None:
        """See the port; the lifespan's own time bounds it."""
        await self._adapter.open()

    async def close(self) -> None:
        """See the port."""
        await self._adapter.close()

    async def _wait(self, answer: Awaitable[T]) -> T:
        with anyio.move_on_after(self._seconds) as scope:
            return await answer
        if scope.cancelled_caught:
            raise StoreUnavailable(f"the database does not answer within {self._seconds:g} s")
        raise StoreUnavailable("the database gave no answer")
