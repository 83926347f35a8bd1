"""A database without some tables, because their rows are kept elsewhere: nothing is found there, and nothing removed.

What removes a user's sessions removes them wherever they may be; it need not know that there is no table of them.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from gatewright.model.query import Count, Delete, Insert, Select, SelectListed, Update, Values
from gatewright.model.schema import Schema
from gatewright.ports.adapter import Adapter, Features

__all__ = ("AdapterWithout", "without_tables")


def without_tables(adapter: Adapter, absent: frozenset[str]) -> Adapter:
    """``adapter`` itself where it has every table.

    Args:
        adapter: The database.
        absent: Models that it has no tables for.
    """
    return AdapterWithout(adapter, absent) if absent else adapter


class AdapterWithout:
    """Answers for tables that are not there, and asks another adapter about all others.

    Args:
        adapter: The database.
        absent: Models that it has no tables for.
    """

    __slots__ = ("_absent", "_adapter")

    def __init__(self, adapter: Adapter, absent: frozenset[str]) -> None:
        self._adapter = adapter
        self._absent = absent

    @property
    def features(self) -> Features:
        """As the database's own."""
        return self._adapter.features

    async def insert(self, query: Insert) -> Values:
        """See the port; the database says what is wrong with a table that it does not have."""
        return await self._adapter.insert(query)

    async def select(self, query: Select) -> Sequence[Values]:
        """See the port."""
        return () if query.table.name in self._absent else await self._adapter.select(query)

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        """See the port."""
        joined = query.join is not None and query.join.table.name in self._absent
        return None if joined or query.table.name in self._absent else await self._adapter.select_pair(query)

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        """See the port."""
        if query.table.name in self._absent:
            return None
        if query.join.table.name not in self._absent:
            return await self._adapter.select_listed(query)
        rows = await self._adapter.select(query.first())
        return (rows[0], ()) if rows else None

    async def count(self, query: Count) -> int:
        """See the port."""
        return 0 if query.table.name in self._absent else await self._adapter.count(query)

    async def update(self, query: Update) -> int:
        """See the port."""
        return 0 if query.table.name in self._absent else await self._adapter.update(query)

    async def update_one(self, query: Update) -> Values | None:
        """See the port."""
        return None if query.table.name in self._absent else await self._adapter.update_one(query)

    async def delete(self, query: Delete) -> int:
        """See the port."""
        return 0 if query.table.name in self._absent else await self._adapter.delete(query)

    async def take(self, query: Delete) -> Values | None:
        """See the port."""
        return None if query.table.name in self._absent else await self._adapter.take(query)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Adapter]:
        """See the port."""
        async with self._adapter.transaction() as inside:
            yield AdapterWithout(inside, self._absent)

    async def create_tables(self, schema: Schema) -> None:
        """See the port."""
        await self._adapter.create_tables(schema)

    async def open(self) -> None:
        """See the port."""
        await self._adapter.open()

    async def close(self) -> None:
        """See the port."""
        await self._adapter.close()
