"""The typed face of the database that flows and handlers see.

Adds what no adapter should know: identifiers, defaults, values that change with every update, transforms, and the
hooks of tables. Hooks before a write run inside its transaction, where it has one: always where the adapter hands out
the application's own connection. Hooks after it run when the transaction has ended well. Nothing here decides who may
do what.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

from gatewright.model.column import Missing, Ref
from gatewright.model.query import (
    Change,
    Condition,
    Count,
    Delete,
    Insert,
    Join,
    ListJoin,
    Order,
    Select,
    SelectListed,
    Tally,
    Update,
    Values,
    Where,
)
from gatewright.model.row import Row
from gatewright.model.schema import Schema, Table
from gatewright.ports.adapter import Adapter
from gatewright.ports.clock import Clock
from gatewright.services.reading import READING, Reading
from gatewright.services.stored_values import filled, normal
from gatewright.services.table_hooks import Refused, RowChange, RowHook, RowStage, TableHooks

__all__ = ("Database", "Reading", "Refused", "RowChange", "RowHook", "RowStage", "TableHooks")

M = TypeVar("M", bound=Row)
N = TypeVar("N", bound=Row)


class Database:
    """Typed access to the tables of one instance.

    Args:
        adapter: Where rows are kept.
        schema: The tables.
        clock: For columns that hold the time of writing.
        new_id: An identifier for a new row of a model, or ``None`` where the store makes it.
        hooks: The tables' hooks.
        context: Given to hooks: the call within which the database acts.
        after: What waits for the end of the transaction, where there is one.
        reading: How rows are read.
    """

    __slots__ = ("_after", "_clock", "_hooks", "_new_id", "_reading", "adapter", "context", "schema")

    def __init__(  # noqa: PLR0917 (made for every call: keywords cost time)
        self,
        adapter: Adapter,
        schema: Schema,
        clock: Clock,
        new_id: Callable[[str], str | None],
        hooks: TableHooks,
        context: object | None = None,
        after: list[Callable[[], Awaitable[None]]] | None = None,
        reading: Reading = READING,
    ) -> None:
        self.adapter = adapter
        self.schema = schema
        self._clock = clock
        self._new_id = new_id
        self._hooks = hooks
        self.context = context
        self._after = after
        self._reading = reading

    def within(self, context: object | None, schema: Schema | None = None) -> Database:
        """The same database, acting within a call; with models under other names, where a schema is given."""
        seen = schema or self.schema
        return Database(self.adapter, seen, self._clock, self._new_id, self._hooks, context, self._after, self._reading)

    @property
    def now(self) -> datetime:
        """The current moment."""
        return self._clock.now()

    @property
    def in_transaction(self) -> bool:
        """Whether writes wait for a transaction's end."""
        return self._after is not None

    def watched(self, cls: type[Row], stage: RowStage, /) -> bool:
        """Whether hooks run at this stage of writes to a table."""
        return bool(self._hooks.of(self.schema[cls].name, stage))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Database]:
        """Writes take effect together when the block ends, where the adapter can; hooks after writes run then.

        Within a transaction it is the same transaction.
        """
        if self._after is not None:
            yield self
            return
        after: list[Callable[[], Awaitable[None]]] = []
        async with self.adapter.transaction() as adapter:
            yield Database(
                adapter, self.schema, self._clock, self._new_id, self._hooks, self.context, after, self._reading
            )
        for run in after:
            await run()

    # Reading ---------------------------------------------------------------------------------------------------------

    async def find_one(self, cls: type[M], /, *where: Where[M]) -> M | None:
        """The first row that matches, or ``None``."""
        table = self.schema[cls]
        rows = await self.adapter.select(Select(table, where, limit=1))
        return cls.seen(rows[0], table) if rows else None

    async def find_pair(
        self, cls: type[M], other: type[N], on: Ref[M, Any], /, *where: Where[M], theirs: str = "id"
    ) -> tuple[M, N] | None:
        """The first row that matches with the row of ``other`` that its column ``on`` names: one read."""
        table = self.schema[cls]
        partner = self.schema[other]
        if not self._reading.joins:
            return await self._find_both(cls, other, on, where, theirs)
        pair = await self.adapter.select_pair(Select(table, where, Join(partner, on.name, theirs), limit=1))
        return None if pair is None else (cls.seen(pair[0], table), other.seen(pair[1], partner))

    async def find_listed(
        self,
        cls: type[M],
        other: type[N],
        /,
        *where: Where[M],
        on: tuple[Ref[M, Any], Ref[N, Any]],
        listed: tuple[Ref[M, str], Ref[N, str]],
    ) -> tuple[M, list[N]] | None:
        """The first row that matches with the rows of ``other`` that it lists, in any order: one read.

        Args:
            cls: The row's class.
            other: The class of what it lists.
            where: Conditions on the row.
            on: Columns that are equal in both.
            listed: The row's text with commas, and the column of ``other`` that it holds values of.
        """
        table, listing = self.schema[cls], self.schema[other]
        join = ListJoin(listing, on[0].name, on[1].name, listed[0].name, listed[1].name)
        query = SelectListed(table, where, join)
        found = await (self.adapter.select_listed(query) if self._reading.joins else self._select_twice(query))
        return None if found is None else (cls.seen(found[0], table), [other.seen(row, listing) for row in found[1]])

    async def find_many(
        self,
        cls: type[M],
        /,
        *where: Where[M],
        order: Sequence[Order[M]] = (),
        limit: int | None = None,
        offset: int | None = None,
    ) -> list[M]:
        """Every row that matches, or as many as ``limit`` says."""
        table = self.schema[cls]
        rows = await self.adapter.select(Select(table, where, order=tuple(order), limit=limit, offset=offset))
        return [cls.seen(row, table) for row in rows]

    async def find_page(
        self, cls: type[M], /, *where: Where[M], order: Sequence[Order[M]] = (), limit: int | None = None
    ) -> list[M]:
        """Rows that match, for a list that is shown: not more than ``advanced.database.default_find_many_limit``.

        What decides something asks with :meth:`find_many`, which leaves nothing out.
        """
        return await self.find_many(cls, *where, order=order, limit=limit or self._reading.limit)

    async def count(self, cls: type[M], /, *where: Where[M]) -> int:
        """How many rows match."""
        return await self.adapter.count(Count(self.schema[cls], where))

    # Writing ---------------------------------------------------------------------------------------------------------

    async def insert(self, row: M, /, *where: Tally) -> M:
        """Write a row, if all of ``where`` holds; identifiers, defaults and times are filled in.

        Raises:
            Conflict: A unique key is taken.
            Unmet: One of ``where`` does not hold.
            Refused: A hook does not want it.
        """
        cls = type(row)
        table = self.schema[cls]
        if self._alone("inserting", table):
            async with self.transaction() as tx:
                return await tx.insert(row)
        values = await self._inserting(cls, table, row)
        stored = cls.seen(await self.adapter.insert(Insert(table, values, where)), table)
        await self._later("inserted", table, stored)
        return stored

    async def update_one(self, cls: type[M], /, *where: Where[M], set: Sequence[Change[M]]) -> M | None:  # noqa: A002
        """Change at most one row that matches, in one statement; the row afterwards, or ``None``.

        Raises:
            Conflict: The change would break a unique key.
            Refused: A hook does not want it.
        """
        table = self.schema[cls]
        if self._alone("updating", table):
            async with self.transaction() as tx:
                return await tx.update_one(cls, *where, set=set)
        changes = await self._changes(cls, table, where, set)
        values = await self.adapter.update_one(Update(table, where, changes, one=True))
        if values is None:
            return None
        row = cls.seen(values, table)
        await self._later("updated", table, row)
        return row

    async def update_many(self, cls: type[M], /, *where: Where[M], set: Sequence[Change[M]]) -> int:  # noqa: A002
        """Change every row that matches; how many there were. Hooks after updates are not run.

        Raises:
            Conflict: The change would break a unique key.
            Refused: A hook does not want it.
        """
        table = self.schema[cls]
        if self._alone("updating", table):
            async with self.transaction() as tx:
                return await tx.update_many(cls, *where, set=set)
        return await self.adapter.update(Update(table, where, await self._changes(cls, table, where, set)))

    async def delete(self, cls: type[M], /, *where: Where[M]) -> int:
        """Remove every row that matches; how many there were. A row that a hook wants to keep stays."""
        table = self.schema[cls]
        if not (self._hooks.of(table.name, "deleting") or self._hooks.of(table.name, "deleted")):
            return await self.adapter.delete(Delete(table, where))
        if self._alone("deleting", table):
            async with self.transaction() as tx:
                return await tx.delete(cls, *where)
        count = 0
        for row in await self.find_many(cls, *where):
            if not await self._may_go(table, row):
                continue
            # With the whole condition: a row that has changed meanwhile is not the one that was asked for.
            if await self.adapter.delete(Delete(table, (*where, _this(row)))):
                count += 1
                await self._later("deleted", table, row)
        return count

    async def hold(self, row: Row, /) -> bool:
        """Within a transaction, keep others from holding or changing a row until it ends; whether it is still there.

        The row is written as it is, which is what makes every store wait; no hooks run. Without transactions it does
        nothing.
        """
        table = self.schema[type(row)]
        here: tuple[Where[Any], ...] = (Condition("id", "eq", row.get("id")),)
        same: tuple[Change[Any], ...] = (Change("id", "set", row.get("id")),)
        return await self.adapter.update_one(Update(table, here, same, one=True)) is not None

    def new_id(self, cls: type[Row], /) -> str | None:
        """An identifier as a new row is given one; ``None`` where the store makes it."""
        return self._new_id(self.schema[cls].name)

    def draft(self, row: M, /) -> M:
        """The row as it would be stored, without storing it: identifier, defaults and times are filled in.

        No hooks run. ``id`` is ``None`` where the store makes it.
        """
        cls = type(row)
        table = self.schema[cls]
        values = normal(table, filled(table, row.raw, self._clock.now()))
        values["id"] = self._new_id(table.name)
        # In the order of the columns, as rows come from a store: the two must not be told apart.
        sparse = self.adapter.features.sparse
        made = {name: values[name] for name in table.columns if values[name] is not None or not sparse}
        return cls.seen(made, table)

    async def take(self, cls: type[M], /, *where: Where[M]) -> M | None:
        """Remove at most one row that matches and give it to exactly one caller.

        A row that a hook wants to keep is given to nobody.
        """
        table = self.schema[cls]
        if self._alone("deleting", table):
            async with self.transaction() as tx:
                return await tx.take(cls, *where)
        if self._hooks.of(table.name, "deleting"):
            row = await self.find_one(cls, *where)
            if row is None or not await self._may_go(table, row):
                return None
            where = (*where, _this(row))
        values = await self.adapter.take(Delete(table, where, one=True))
        if values is None:
            return None
        row = cls.seen(values, table)
        await self._later("deleted", table, row)
        return row

    # Rows that are kept elsewhere ------------------------------------------------------------------------------------

    async def insert_elsewhere(self, row: M, write: Callable[[M], Awaitable[None]], /) -> M:
        """Complete a row as :meth:`insert` does and run the same hooks, but let ``write`` keep it.

        Raises:
            Refused: A hook does not want it.
        """
        cls = type(row)
        table = self.schema[cls]
        stored = cls.seen(await self._inserting(cls, table, row), table)
        await write(stored)
        await self._later("inserted", table, stored)
        return stored

    async def update_elsewhere(
        self,
        cls: type[M],
        write: Callable[[Mapping[str, Any]], Awaitable[M | None]],
        /,
        *where: Where[M],
        set: Sequence[Change[M]],  # noqa: A002
    ) -> M | None:
        """Run the hooks of an update around ``write``, which is given the new values by wire name.

        Raises:
            Refused: A hook does not want it.
        """
        table = self.schema[cls]
        changes = await self._changes(cls, table, where, set)
        row = await write({change.column: change.value for change in changes})
        if row is not None:
            await self._later("updated", table, row)
        return row

    async def delete_elsewhere(self, row: Row, remove: Callable[[], Awaitable[bool]], /) -> bool:
        """Run the hooks of a deletion around ``remove``, which says whether there was anything to remove.

        A row that a hook wants to keep stays.
        """
        table = self.schema[type(row)]
        gone = await self._may_go(table, row) and await remove()
        if gone:
            await self._later("deleted", table, row)
        return gone

    async def afterwards(self, run: Callable[[], Awaitable[None]], /) -> None:
        """Run something when the transaction has ended well, or now where there is none."""
        if self._after is None:
            await run()
        else:
            self._after.append(run)

    # Inside ----------------------------------------------------------------------------------------------------------

    def _alone(self, stage: RowStage, table: Table) -> bool:
        """Whether a write has hooks that may write with it, and no transaction yet that they could write in."""
        return self._after is None and bool(self._hooks.of(table.name, stage)) and self.adapter.features.handed

    async def _find_both(
        self, cls: type[M], other: type[N], on: Ref[M, Any], where: tuple[Where[M], ...], theirs: str
    ) -> tuple[M, N] | None:
        row = await self.find_one(cls, *where)
        if row is None:
            return None
        named: Condition[N] = Condition(theirs, "eq", row.raw[on.name])
        partner = await self.find_one(other, named)
        return None if partner is None else (row, partner)

    async def _select_twice(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        for row in await self.adapter.select(query.first()):
            second = query.second(row)
            return row, () if second is None else await self.adapter.select(second)
        return None

    async def _inserting(self, cls: type[M], table: Table, row: M) -> dict[str, Any]:
        now = self._clock.now()
        row = cls.seen(filled(table, row.raw, now), table)
        for hook in self._hooks.of(table.name, "inserting"):
            changed = await hook.run(hook.table.of(row), self.context)
            if changed is not None:
                row = cls.seen({**row.raw, **changed.raw}, table)
        values = normal(table, row.raw)
        if values.get("id") is None:
            new_id = self._new_id(table.name)
            if new_id is None:
                values.pop("id", None)
            else:
                values["id"] = new_id
        return values

    async def _changes(
        self, cls: type[M], table: Table, where: tuple[Where[Any], ...], changes: Sequence[Change[M]]
    ) -> tuple[Change[Any], ...]:
        sets = {change.column: change.value for change in changes if change.op == "set"}
        adds = [change for change in changes if change.op == "add"]
        for hook in self._hooks.of(table.name, "updating"):
            changed: RowChange[Any] | None = await hook.run(RowChange(cls, sets, where), self.context)
            if changed is not None:
                sets = dict(changed.values)
        for name, spec in table.columns.items():
            if spec.on_update is not Missing.NONE and name not in sets:
                value = spec.on_update
                sets[name] = self._clock.now() if value is Missing.NOW else value() if callable(value) else value
        made: list[Change[Any]] = [Change(name, "set", value) for name, value in normal(table, sets).items()]
        return (*made, *adds)

    async def _may_go(self, table: Table, row: Row) -> bool:
        try:
            for hook in self._hooks.of(table.name, "deleting"):
                await hook.run(hook.table.of(row), self.context)
        except Refused:
            return False
        return True

    async def _later(self, stage: RowStage, table: Table, row: Row) -> None:
        hooks = self._hooks.of(table.name, stage)
        if not hooks:
            return
        context = self.context

        async def run() -> None:
            for hook in hooks:
                await hook.run(hook.table.of(row), context)

        if self._after is None:
            await run()
        else:
            self._after.append(run)


def _this(row: Row) -> Condition[Any]:
    return Condition("id", "eq", row.raw["id"])
