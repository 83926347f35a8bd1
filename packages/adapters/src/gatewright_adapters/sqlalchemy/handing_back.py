"""Writes that hand back their row, where the database has no ``RETURNING`` for them: several statements for one.

All of them belong in one transaction, which the caller opens: the row is locked before it is written, so that a second
writer waits and then finds its guard broken. Not for databases that return rows themselves.
"""

from __future__ import annotations

from typing import Any

from gatewright.model.query import Condition, Delete, Insert, Select, Update, Values, Where
from gatewright.model.schema import Table
from gatewright.ports.adapter import InvalidValue, Unmet
from gatewright_adapters.sqlalchemy.statement import RowPlan, Statement
from gatewright_adapters.sqlalchemy.statements import Statements
from gatewright_adapters.sqlalchemy.transports.transport import Transport

__all__ = ("HandingBack",)

_COUNTED = Statement("SELECT LAST_INSERT_ID()", (), None, RowPlan((("id", None),)), None, writes=False)


class HandingBack:
    """The three writes over one open transaction.

    Args:
        inside: Runs statements in the transaction.
        statements: Translates them.
    """

    def __init__(self, inside: Transport, statements: Statements) -> None:
        self._inside = inside
        self._statements = statements

    async def insert(self, query: Insert) -> Values:
        """Write one row and give it back as stored.

        Raises:
            InvalidValue: It has no id to be found by, and the database does not count them.
            Unmet: A count in ``where`` does not hold.
        """
        key = query.values.get("id")
        counted = key is None and "id" in query.table.columns and query.table.columns["id"].serial
        if key is None and not counted:
            raise InvalidValue(f"a row of {query.table.name} needs an id")
        written = await self._inside.execute(*self._statements.insert(query))
        if query.where and not written:
            raise Unmet(query.table.name)
        if counted:
            # The connection's own: what others insert meanwhile does not show in it.
            ((key,),) = await self._inside.fetch(_COUNTED, ())
        row = await self._read(query.table, (Condition("id", "eq", key),), lock=False)
        if row is None:
            raise InvalidValue(f"{query.table.name} keeps another id than it was given")
        return row

    async def update_one(self, query: Update) -> Values | None:
        """Change at most one row that matches; the row afterwards."""
        found = await self._read(query.table, query.where, lock=True)
        if found is None:
            return None
        this = _this(query.table, found)
        await self._inside.execute(*self._statements.update(Update(query.table, this, query.changes)))
        return await self._read(query.table, this, lock=False)

    async def take(self, query: Delete) -> Values | None:
        """Remove at most one row that matches and give it back."""
        found = await self._read(query.table, query.where, lock=True)
        if found is not None:
            await self._inside.execute(*self._statements.delete(Delete(query.table, _this(query.table, found))))
        return found

    async def _read(self, table: Table, where: tuple[Where[Any], ...], *, lock: bool) -> Values | None:
        bound = self._statements.select(Select(table, where, limit=1), lock=lock)
        for row in await self._inside.fetch(*bound):
            return bound[0].rows.read(row)
        return None


def _this(table: Table, row: Values) -> tuple[Where[Any], ...]:
    if "id" not in row:
        raise ValueError(f"{table.name} has no id to write one of its rows by")
    return (Condition("id", "eq", row["id"]),)
