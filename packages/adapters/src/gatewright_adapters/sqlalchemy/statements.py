"""Query values to SQL text: each shape of a query is translated once per adapter and kept.

What is kept is the text, where each parameter comes from, and how rows are read. Running it is a transport's work. No
SQLAlchemy object is made for a shape that is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import sqlalchemy
from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    cast,
    delete,
    false,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.selectable import FromClause
from sqlalchemy.types import Integer

from gatewright.model.column import ColumnSpec
from gatewright.model.query import (
    AnyOf,
    Change,
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
    Where,
)
from gatewright.model.schema import Table
from gatewright_adapters.sqlalchemy.described import Described
from gatewright_adapters.sqlalchemy.placeholders import Placeholders
from gatewright_adapters.sqlalchemy.statement import RowPlan, Statement
from gatewright_adapters.sqlalchemy.values import Dialected, Encoder

__all__ = ("Bound", "Statements")

Bound: TypeAlias = "tuple[Statement, tuple[Any, ...]]"
"""A statement with its parameters, as the driver takes both."""

_SHAPES_PER_TABLE = 512
_TABLES = 1024
_SEARCHES = ("contains", "starts_with", "ends_with")


class Statements:
    """The translations of one dialect, kept by shape.

    Args:
        dialect: Writes the text.
        values: The dialect's transforms.
    """

    def __init__(self, dialect: Dialect, values: Dialected) -> None:
        self._dialect = dialect
        self._values = values
        self._seen: dict[Table, Described] = {}

    @property
    def dialect(self) -> Dialect:
        """What writes the text."""
        return self._dialect

    @property
    def returning(self) -> bool:
        """Whether every write can hand back the row that it wrote."""
        return self._dialect.update_returning

    def select(self, query: Select, *, lock: bool = False) -> Bound:
        """``SELECT``, of one table or of a pair; ``lock`` keeps other writers from the rows."""
        known = self._of(query.table)
        values: list[Any] = []
        join = query.join
        order = query.order
        shape = (
            "select",
            self._shape(query.where, values),
            None if join is None else (self._of(join.table), join.ours, join.theirs),
            tuple([(each.column, each.direction) for each in order]) if order else (),
            query.limit is None,
            query.offset is None,
            query.columns,
            lock,
        )
        if query.limit is not None:
            values.append(query.limit)
        if query.offset is not None:
            values.append(query.offset)
        statement = known.shapes.get(shape)
        if statement is None:
            statement = self._keep(known, shape, self._select(known, query, join, lock=lock))
        return statement, statement.bind(values)

    def select_listed(self, query: SelectListed) -> Bound:
        """``SELECT`` of the first row that matches, once for each row that it lists, or once with nulls."""
        known, join = self._of(query.table), query.join
        values: list[Any] = []
        shape = (
            "listed",
            self._shape(query.where, values),
            (self._of(join.table), join.ours, join.theirs, join.list, join.item),
            tuple([(each.column, each.direction) for each in query.order]) if query.order else (),
        )
        values.append(1)
        statement = known.shapes.get(shape)
        if statement is None:
            statement = self._keep(known, shape, self._select_listed(known, query, join))
        return statement, statement.bind(values)

    def count(self, query: Count) -> Bound:
        """Counts rows."""
        known = self._of(query.table)
        values: list[Any] = []
        shape = ("count", self._shape(query.where, values))
        statement = known.shapes.get(shape)
        if statement is None:
            builder = Placeholders()
            where = self._where(known, known.sql, query.where, builder)
            text = select(sqlalchemy.func.count()).select_from(known.sql).where(*where)
            statement = self._keep(known, shape, self._compiled(text, builder, (), writes=False))
        return statement, statement.bind(values)

    def insert(self, query: Insert) -> Bound:
        """``INSERT``; with ``RETURNING`` where the dialect has it for every write."""
        known = self._of(query.table)
        values: list[Any] = list(query.values.values())
        shape = ("insert", tuple(query.values), self._shape(query.where, values))
        statement = known.shapes.get(shape)
        if statement is None:
            builder = Placeholders()
            written = {
                known.sql.c[spec.stored_as]: self._written(spec, builder)
                for spec in (_spec(query.table, name) for name in query.values)
            }
            text = insert(known.sql)
            if query.where:
                guards = self._where(known, known.sql, query.where, builder)
                # Of one row that is there in every dialect: not every dialect has conditions without a table.
                one = select(sqlalchemy.literal(1, Integer())).subquery("one")
                text = text.from_select(list(written), select(*written.values()).select_from(one).where(*guards))
            else:
                text = text.values(written)
            reads: tuple[Table, ...] = ()
            if self.returning:
                text, reads = text.returning(*self._columns(known.sql, query.table)), (query.table,)
            statement = self._keep(known, shape, self._compiled(text, builder, reads, writes=True))
        return statement, statement.bind(values)

    def update(self, query: Update) -> Bound:
        """``UPDATE``; with ``one``, of at most one row and ``RETURNING`` it."""
        known = self._of(query.table)
        values: list[Any] = [change.value for change in query.changes]
        shape = (
            "update",
            query.one,
            tuple([(change.column, change.op) for change in query.changes]),
            self._shape(query.where, values),
        )
        if not query.changes:
            raise ValueError("an update changes something")
        several = query.one and not known.names_one(query.where)
        if several:
            self._shape(query.where, values)
        statement = known.shapes.get(shape)
        if statement is None:
            builder = Placeholders()
            changes = {
                known.sql.c[spec.stored_as]: self._changed(known, spec, change, builder)
                for spec, change in ((_spec(query.table, change.column), change) for change in query.changes)
            }
            text = update(known.sql).values(changes).where(*self._one(known, query.where, builder, several=several))
            reads: tuple[Table, ...] = ()
            if query.one:
                text, reads = text.returning(*self._columns(known.sql, query.table)), (query.table,)
            statement = self._keep(known, shape, self._compiled(text, builder, reads, writes=True))
        return statement, statement.bind(values)

    def delete(self, query: Delete) -> Bound:
        """``DELETE``; with ``one``, of at most one row and ``RETURNING`` it."""
        known = self._of(query.table)
        values: list[Any] = []
        shape = ("delete", query.one, self._shape(query.where, values))
        several = query.one and not known.names_one(query.where)
        if several:
            self._shape(query.where, values)
        statement = known.shapes.get(shape)
        if statement is None:
            builder = Placeholders()
            text = delete(known.sql).where(*self._one(known, query.where, builder, several=several))
            reads: tuple[Table, ...] = ()
            if query.one:
                text, reads = text.returning(*self._columns(known.sql, query.table)), (query.table,)
            statement = self._keep(known, shape, self._compiled(text, builder, reads, writes=True))
        return statement, statement.bind(values)

    def _of(self, table: Table) -> Described:
        """The table's statements. Equal tables of two instances share them."""
        known = self._seen.get(table)
        if known is None:
            for other in self._seen.values():
                if other.table.name == table.name and other.identity == table.identity:
                    known = other
                    break
            else:
                known = Described(table, self._values)
            if len(self._seen) >= _TABLES:
                self._seen.clear()
            self._seen[table] = known
        return known

    def _shape(self, where: Sequence[Where[Any]], values: list[Any]) -> tuple[object, ...]:
        """What decides the translation; the values are appended to ``values`` in the order of their placeholders."""
        shape: list[object] = []
        for condition in where:
            if isinstance(condition, AnyOf):
                shape.append(("or", self._shape(condition.conditions, values)))
                continue
            if isinstance(condition, Tally):
                inner = self._shape(condition.where, values)
                values.append(condition.number)
                shape.append(("tally", self._of(condition.table), condition.op, inner))
                continue
            op, value = condition.op, condition.value
            if op in ("in", "not_in"):
                items = _padded(value)  # pyright: ignore[reportArgumentType]
                values.extend(items)
                shape.append((condition.column, op, len(items)))
            elif value is None:
                shape.append((condition.column, op, None))
            else:
                values.append(value)
                shape.append((condition.column, op))
        return tuple(shape)

    @staticmethod
    def _keep(known: Described, shape: object, statement: Statement) -> Statement:
        if len(known.shapes) >= _SHAPES_PER_TABLE:
            known.shapes.clear()
        known.shapes[shape] = statement
        return statement

    def _select(self, known: Described, query: Select, join: Join | None, *, lock: bool) -> Statement:
        builder = Placeholders()
        specs = [_spec(query.table, name) for name in query.columns] or list(query.table.columns.values())
        columns = [self._values.read(spec, known.sql.c[spec.stored_as]) for spec in specs]
        source: FromClause = known.sql
        partner: RowPlan | None = None
        if join is not None:
            theirs = self._of(join.table).sql.alias("partner")
            columns += self._columns(theirs, join.table)
            ours_key = known.sql.c[_spec(query.table, join.ours).stored_as]
            source = known.sql.join(theirs, ours_key == theirs.c[_spec(join.table, join.theirs).stored_as])
            partner = self._plan(join.table.columns.values())
        text = select(*columns).select_from(source).where(*self._where(known, known.sql, query.where, builder))
        for each in query.order:
            text = text.order_by(self._ordered(known, each))
        if query.limit is not None:
            text = text.limit(builder.take(None, Integer()))
        if query.offset is not None:
            text = text.offset(builder.take(None, Integer()))
        if lock:
            text = text.with_for_update()
        return self._compiled(text, builder, (), writes=False, rows=self._plan(specs), partner=partner)

    def _select_listed(self, known: Described, query: SelectListed, join: ListJoin) -> Statement:
        builder = Placeholders()
        table, listing = query.table, join.table
        first = select(known.sql).where(*self._where(known, known.sql, query.where, builder))
        one = first.order_by(*[self._ordered(known, each) for each in query.order]).limit(builder.take(None, Integer()))
        ours, theirs = one.subquery("one"), self._of(listing).sql.alias("partner")
        same = ours.c[_spec(table, join.ours).stored_as] == theirs.c[_spec(listing, join.theirs).stored_as]
        item = _spec(listing, join.item)
        name = theirs.c[item.stored_as]
        text = cast(name, String) if item.serial else name
        listed = self._values.listed(ours.c[_spec(table, join.list).stored_as], text)
        columns = [*self._columns(ours, table), *self._columns(theirs, listing)]
        statement = select(*columns).select_from(ours.outerjoin(theirs, and_(same, listed)))
        plans = self._plan(table.columns.values()), self._plan(listing.columns.values())
        return self._compiled(statement, builder, (), writes=False, rows=plans[0], partner=plans[1])

    def _ordered(self, known: Described, order: Order[Any]) -> ColumnElement[Any]:
        spec = _spec(known.table, order.column)
        column = known.sql.c[spec.stored_as]
        sorted_by = column.asc() if order.direction == "asc" else column.desc()
        if spec.required or self._values.nulls_first:
            return sorted_by
        return sorted_by.nulls_first() if order.direction == "asc" else sorted_by.nulls_last()

    def _one(
        self, known: Described, where: Sequence[Where[Any]], builder: Placeholders, *, several: bool
    ) -> list[ColumnElement[bool]]:
        """The conditions; where they may match several rows, of one of these.

        The chosen row is locked where the dialect has locks, so that a writer that comes second looks again and takes
        another row; and the guard stands outside as well, so that it is checked on the row as it is when it is written.
        """
        if not several:
            return self._where(known, known.sql, where, builder)
        if "id" not in known.table.columns:
            raise ValueError(f"{known.table.name} has no id, so its conditions must name a unique column")
        key = known.table.columns["id"].stored_as
        inner = known.sql.alias("chosen")
        chosen = (
            select(inner.c[key]).where(*self._where(known, inner, where, builder)).limit(1).with_for_update()
        ).scalar_subquery()
        return [known.sql.c[key] == chosen, *self._where(known, known.sql, where, builder)]

    def _where(
        self, known: Described, source: FromClause, where: Sequence[Where[Any]], builder: Placeholders
    ) -> list[ColumnElement[bool]]:
        return [self._condition(known, source, condition, builder) for condition in where]

    def _condition(
        self, known: Described, source: FromClause, where: Where[Any], builder: Placeholders
    ) -> ColumnElement[bool]:
        if isinstance(where, AnyOf):
            return or_(false(), *(self._condition(known, source, each, builder) for each in where.conditions))
        if isinstance(where, Tally):
            return self._tallied(where, builder)
        spec, op, value = _spec(known.table, where.column), where.op, where.value
        column = source.c[spec.stored_as]
        encode, kind = self._values.condition_encoder(spec, op), self._values.type_of(spec)
        if op in ("in", "not_in"):
            items: Sequence[object] = value  # pyright: ignore[reportAssignmentType]
            binds = [builder.take(encode, kind) for _ in range(len(_padded(items)))]
            if not binds:
                return false() if op == "in" else true()
            return column.in_(binds) if op == "in" else column.not_in(binds)
        if value is None:
            if op == "eq":
                return column.is_(None)
            return column.is_not(None) if op == "ne" else false()
        if op in _SEARCHES:
            return self._values.search(op, column, builder.searched())
        return _COMPARISONS[op](column, builder.take(encode, kind))

    def _tallied(self, tally: Tally, builder: Placeholders) -> ColumnElement[bool]:
        counted = self._of(tally.table)
        rows = counted.sql.alias("tallied")
        where = self._where(counted, rows, tally.where, builder)
        count = select(sqlalchemy.func.count()).select_from(rows).where(*where).scalar_subquery()
        number = builder.take(None, Integer())
        return count < number if tally.op == "fewer_than" else count >= number

    def _written(self, spec: ColumnSpec, builder: Placeholders) -> ColumnElement[Any]:
        return self._values.written(spec, builder.take(self._values.encoder(spec), self._values.type_of(spec)))

    def _changed(
        self, known: Described, spec: ColumnSpec, change: Change[Any], builder: Placeholders
    ) -> ColumnElement[Any]:
        written = self._written(spec, builder)
        return written if change.op == "set" else known.sql.c[spec.stored_as] + written

    def _columns(self, source: FromClause, table: Table) -> list[ColumnElement[Any]]:
        return [self._values.read(spec, source.c[spec.stored_as]) for spec in table.columns.values()]

    def _plan(self, specs: Iterable[ColumnSpec]) -> RowPlan:
        return RowPlan([(spec.name, self._values.decoder(spec)) for spec in specs])

    def _compiled(
        self,
        text: sqlalchemy.sql.ClauseElement,
        builder: Placeholders,
        reads: tuple[Table, ...],
        *,
        writes: bool,
        rows: RowPlan | None = None,
        partner: RowPlan | None = None,
    ) -> Statement:
        compiled: Any = text.compile(dialect=self._dialect)
        names: list[str] = compiled.positiontup if compiled.positional else list(compiled.params)
        slots: list[tuple[int, Encoder | None]] = []
        for name in names:
            slot = builder.slots.get(name)
            # A constant that the dialect adds, as SQLite's LIMIT -1, stands for itself.
            slots.append(slot if slot is not None else (0, _constant(compiled.params[name])))
        if rows is None:
            rows = self._plan([spec for table in reads for spec in table.columns.values()])
        return Statement(
            str(compiled), slots, None if compiled.positional else tuple(names), rows, partner, writes=writes
        )


_COMPARISONS: dict[str, Callable[[ColumnElement[Any], ColumnElement[Any]], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column != value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
}


def _padded(items: Sequence[object]) -> list[object]:
    """Without ``None``, the last repeated up to a power of two: few lengths make few statements."""
    values = [item for item in items if item is not None]
    if values:
        values.extend(values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values)))
    return values


def _spec(table: Table, column: str) -> ColumnSpec:
    try:
        return table.columns[column]
    except KeyError:
        raise ValueError(f"{table.name} has no column {column}") from None


def _constant(value: object) -> Encoder:
    return lambda _: value
