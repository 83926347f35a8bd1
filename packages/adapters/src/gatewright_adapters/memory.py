"""A database of dictionaries: for tests and for trying things out; not kept anywhere.

It gives every guarantee of the port. There is no ``await`` between reading and writing, so a statement is atomic.
"""

from __future__ import annotations

import copy
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio

from gatewright.model.column import ColumnSpec, Reference
from gatewright.model.query import Condition, Count, Delete, Insert, Select, SelectListed, Tally, Update, Values, Where
from gatewright.model.schema import Schema, Table
from gatewright.ports.adapter import Features, InvalidValue, StoreUnavailable, Unmet
from gatewright_adapters.memory_rows import DEEP, Rows, kept, matching, sort, spec_of

__all__ = ("MemoryAdapter",)

_WAIT_SECONDS = 5.0


class _Plan:
    """What is worked out once for a table."""

    __slots__ = ("deep", "names", "serial", "table", "unique")

    def __init__(self, table: Table) -> None:
        self.table = table
        self.names = tuple(table.columns)
        self.deep = tuple(spec.name for spec in table.columns.values() if spec.type in DEEP)
        self.serial = tuple(spec.name for spec in table.columns.values() if spec.serial)
        keys = [index.columns for index in table.indexes if index.unique]
        self.unique = (("id",), *keys) if "id" in table.columns else tuple(keys)


class MemoryAdapter:
    """A database in this process, empty at first; on any event loop.

    Rows, keys and references behave as in the SQL adapters: null takes no key, text is case-sensitive, deleting a row
    deletes or clears what refers to it, and a reference to a row that is not there is refused once
    :meth:`create_tables` has named both tables. Writes from outside wait while a transaction is open.

    Args:
        sparse: Rows come back without the columns that were never given a value, as from better-auth's memory adapter;
            otherwise these are null.
    """

    def __init__(self, *, sparse: bool = False) -> None:
        self._sparse = sparse
        self._stores: dict[str, Rows] = {}
        self._plans: dict[str, _Plan] = {}
        self._declared: set[str] = set()
        self._lock: anyio.Lock | None = None

    @property
    def features(self) -> Features:
        """Everything."""
        return Features(bounded=True, sparse=self._sparse)

    async def insert(self, query: Insert) -> Values:
        """Write one row and give it back as stored."""
        await self._turn()
        if self._rest(query.where) is None:
            raise Unmet(query.table.name)
        plan, store = self._of(query.table)
        unknown = set(query.values) - set(plan.names)
        if unknown:
            raise ValueError(f"{query.table.name} has no column {', '.join(sorted(unknown))}")
        values, number = query.values, store.number()
        if "id" in plan.serial and values.get("id") is None:
            values = {**values, "id": store.count()}
        row = {name: kept(spec, values.get(name), query.table) for name, spec in query.table.columns.items()}
        if self._sparse:
            row = {name: value for name, value in row.items() if value is not None}
        changed = {number: row}
        store.free(query.table.name, changed)
        self._refer(plan, row)
        store.put(changed)
        return _shown(plan, row, sparse=self._sparse)

    async def select(self, query: Select) -> Sequence[Values]:
        """Rows that match, in the order asked for."""
        return self._select(query)

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        """The first row that matches and has a partner, with it."""
        join = query.join
        if join is None:
            raise ValueError("select_pair needs a join")
        plan, store = self._of(query.table)
        their_plan, theirs = self._of(join.table)
        rows = sort([row for _, row in self._matching(store, query.table, query.where)], query.order)
        for row in rows[query.offset or 0 :]:
            value = row.get(join.ours)
            if value is None:
                continue
            for _, partner in matching(theirs, join.table, (Condition(join.theirs, "eq", value),)):
                return _shown(plan, row, query.columns, sparse=self._sparse), _shown(
                    their_plan, partner, sparse=self._sparse
                )
        return None

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        """The first row that matches, with the rows that it lists."""
        for row in self._select(query.first()):
            second = query.second(row)
            return row, [] if second is None else self._select(second)
        return None

    async def count(self, query: Count) -> int:
        """How many rows match."""
        _, store = self._of(query.table)
        return len(self._matching(store, query.table, query.where))

    async def update(self, query: Update) -> int:
        """Change every row that matches; how many there were."""
        await self._turn()
        return len(self._change(query, one=False))

    async def update_one(self, query: Update) -> Values | None:
        """Change at most one row that matches; the row afterwards."""
        await self._turn()
        plan, _ = self._of(query.table)
        for row in self._change(query, one=True):
            return _shown(plan, row, sparse=self._sparse)
        return None

    async def delete(self, query: Delete) -> int:
        """Remove every row that matches; how many there were."""
        await self._turn()
        return len(self._remove(query, one=False))

    async def take(self, query: Delete) -> Values | None:
        """Remove at most one row that matches and give it to exactly one caller."""
        await self._turn()
        plan, _ = self._of(query.table)
        for row in self._remove(query, one=True):
            return _shown(plan, row, sparse=self._sparse)
        return None

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[MemoryAdapter]:
        """Writes through the adapter that this yields take effect together when the block ends, or not at all."""
        if self._lock is None:
            self._lock = anyio.Lock()
        lock = self._lock
        with anyio.move_on_after(_WAIT_SECONDS) as scope:
            await lock.acquire()
        if scope.cancelled_caught:
            raise StoreUnavailable("another transaction takes too long")
        try:
            inside = MemoryAdapter(sparse=self._sparse)
            inside._adopt(self)
            yield inside
            self._stores, self._plans = inside._stores, inside._plans
        finally:
            lock.release()

    async def create_tables(self, schema: Schema) -> None:
        """Learn the tables of ``schema``; rows that are there stay."""
        await self._turn()
        for table in schema:
            self._of(table)
            self._declared.add(table.name)

    async def open(self) -> None:
        """Nothing to get ready."""

    async def close(self) -> None:
        """Forget every row."""
        self._stores.clear()
        self._plans.clear()
        self._declared.clear()

    def _adopt(self, other: MemoryAdapter) -> None:
        """Start from a copy of what ``other`` holds."""
        self._stores = {name: store.copied() for name, store in other._stores.items()}
        self._plans = dict(other._plans)
        self._declared = set(other._declared)

    async def _turn(self) -> None:
        """Wait until no transaction is open; afterwards nothing else runs before the next ``await``.

        One turn is enough: whoever is given the lock next has not run yet. Waiting until nobody holds it would let many
        who wait hand it round among themselves for ever.
        """
        lock = self._lock
        if lock is None or not lock.locked():
            return
        with anyio.move_on_after(_WAIT_SECONDS) as scope:
            # Once is enough: whoever waits behind this caller begins only after this caller's own write.
            async with lock:
                pass
        if scope.cancelled_caught:
            raise StoreUnavailable("another transaction takes too long")

    def _of(self, table: Table) -> tuple[_Plan, Rows]:
        plan = self._plans.get(table.name)
        if plan is not None and plan.table is table:
            return plan, self._stores[table.name]
        known = plan
        plan = _Plan(table)
        # A narrower view of a table, as an older schema has it, does not replace the wider one.
        if known is None or set(known.names) <= set(plan.names):
            self._plans[table.name] = plan
        store = self._stores.get(table.name)
        if store is None:
            store = self._stores[table.name] = Rows()
        elif known is not None:
            store.widen(table)
        for columns in plan.unique:
            store.index(columns)
        return plan, store

    def _select(self, query: Select) -> list[Values]:
        plan, store = self._of(query.table)
        rows = [row for _, row in self._matching(store, query.table, query.where)]
        rows = sort(rows, query.order)
        start = query.offset or 0
        end = None if query.limit is None else start + query.limit
        return [_shown(plan, row, query.columns, sparse=self._sparse) for row in rows[start:end]]

    def _rest(self, where: Sequence[Where[Any]]) -> Sequence[Where[Any]] | None:
        """The conditions on the rows themselves; ``None`` where a count does not hold."""
        rest: list[Where[Any]] = []
        for condition in where:
            if not isinstance(condition, Tally):
                rest.append(condition)
                continue
            _, store = self._of(condition.table)
            if not condition.holds(len(matching(store, condition.table, condition.where))):
                return None
        return rest

    def _matching(
        self, store: Rows, table: Table, where: Sequence[Where[Any]], *, one: bool = False
    ) -> list[tuple[int, Values]]:
        rest = self._rest(where)
        return [] if rest is None else matching(store, table, rest, one=one)

    def _change(self, query: Update, *, one: bool) -> list[Values]:
        plan, store = self._of(query.table)
        changed: dict[int, Values] = {}
        touched = {change.column for change in query.changes}
        for number, row in self._matching(store, query.table, query.where, one=one):
            fresh = dict(row)
            for change in query.changes:
                spec = spec_of(query.table, change.column)
                if change.op == "set":
                    fresh[change.column] = kept(spec, change.value, query.table)
                elif row.get(change.column) is not None:
                    fresh[change.column] = kept(spec, row[change.column] + change.value, query.table)
            changed[number] = fresh
        store.free(query.table.name, changed)
        for row in changed.values():
            self._refer(plan, row, touched)
        store.put(changed)
        return list(changed.values())

    def _remove(self, query: Delete, *, one: bool) -> list[Values]:
        _, store = self._of(query.table)
        found = self._matching(store, query.table, query.where, one=one)
        doomed: dict[str, dict[int, Values]] = {query.table.name: dict(found)}
        cleared: list[tuple[str, int, str, object]] = []
        self._follow(query.table.name, dict(found), doomed, cleared)
        for name, rows in doomed.items():
            self._stores[name].drop(list(rows))
        for name, number, column, value in cleared:
            rows = self._stores[name]
            if number in rows.rows:
                rows.put({number: {**rows.rows[number], column: value}})
        return [row for _, row in found]

    def _follow(
        self,
        target: str,
        rows: Mapping[int, Values],
        doomed: dict[str, dict[int, Values]],
        cleared: list[tuple[str, int, str, object]],
    ) -> None:
        """Collect what deleting ``rows`` of ``target`` deletes and clears elsewhere."""
        for name, spec, reference in self._references_to(target):
            gone = {row.get(reference.column) for row in rows.values()} - {None}
            hit = {
                number: row
                for number, row in self._stores[name].rows.items()
                if row.get(spec.name) in gone and number not in doomed.get(name, {})
            }
            if not hit:
                continue
            if reference.on_delete == "cascade":
                doomed.setdefault(name, {}).update(hit)
                self._follow(name, hit, doomed, cleared)
            elif reference.on_delete in ("restrict", "no action"):
                raise InvalidValue(f"a row of {name} refers to this row of {target}")
            else:
                value = spec.default if reference.on_delete == "set default" else None
                cleared.extend((name, number, spec.name, value) for number in hit)

    def _references_to(self, target: str) -> list[tuple[str, ColumnSpec, Reference]]:
        return [
            (name, spec, spec.references)
            for name, plan in self._plans.items()
            for spec in plan.table.columns.values()
            if spec.references is not None and spec.references.table == target
        ]

    def _refer(self, plan: _Plan, row: Values, touched: set[str] | None = None) -> None:
        """Check that what ``row`` refers to is there, as far as the tables are known."""
        if plan.table.name not in self._declared:
            return
        for spec in plan.table.columns.values():
            reference = spec.references
            value = row.get(spec.name)
            if reference is None or value is None or (touched is not None and spec.name not in touched):
                continue
            if reference.table not in self._declared:
                continue
            target = self._plans[reference.table].table
            own = target.name == plan.table.name and row.get(reference.column) == value
            where = (Condition(reference.column, "eq", value),)
            if not own and not matching(self._stores[target.name], target, where, one=True):
                raise InvalidValue(f"a row of {plan.table.name} refers to a row of {target.name} that is not there")


def _shown(plan: _Plan, row: Values, columns: Sequence[str] = (), *, sparse: bool) -> Values:
    """A copy of ``row`` that the caller may do anything with."""
    shown: dict[str, Any] = {name: row.get(name) for name in columns or plan.names if name in row or not sparse}
    for name in plan.deep:
        if shown.get(name) is not None:
            shown[name] = copy.deepcopy(shown[name])
    for name in plan.serial:
        if shown.get(name) is not None:
            shown[name] = str(shown[name])
    return shown
