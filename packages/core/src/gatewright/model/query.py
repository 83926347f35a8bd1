"""Queries as plain values: what flows ask and adapters answer.

A query has a *shape* (tables, columns, operators) and *values*; adapters translate a shape once and keep it. Nothing
here knows SQL.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias

if TYPE_CHECKING:
    from gatewright.model.row import Row
    from gatewright.model.schema import Table

if sys.version_info >= (3, 13):
    from typing import TypeVar
else:
    from typing_extensions import TypeVar

__all__ = (
    "AnyOf",
    "Change",
    "Condition",
    "Count",
    "Delete",
    "Insert",
    "Join",
    "ListJoin",
    "Operator",
    "Order",
    "Select",
    "SelectListed",
    "Tally",
    "Update",
    "Values",
    "Where",
)

M_contra = TypeVar("M_contra", bound="Row", contravariant=True, default=Any)

Values: TypeAlias = Mapping[str, Any]
"""A stored row as an adapter reads it: Python values by wire name."""

Operator: TypeAlias = Literal[
    "eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in", "contains", "starts_with", "ends_with"
]


@dataclass(frozen=True, slots=True)
class Condition(Generic[M_contra]):
    """``column op value``; several conditions are joined by AND.

    ``eq`` and ``ne`` with ``None`` mean null and not null. ``contains``, ``starts_with`` and ``ends_with`` are literal
    and case-sensitive. A null column matches nothing else: no comparison, not ``ne`` with a value, not ``not_in`` (except
    of nothing). ``None`` among the values of ``in`` and ``not_in`` is ignored.
    """

    column: str
    op: Operator
    value: object

    @property
    def shape(self) -> object:
        """What decides the translation, without the value."""
        if self.op in ("in", "not_in"):
            values: Sequence[object] = self.value  # pyright: ignore[reportAssignmentType]
            return (self.column, self.op, len(values))
        return (self.column, self.op, self.value is None)

    def touches(self, row: M_contra) -> bool:
        """Type-level tie to the rows of one table."""
        return self.column in row.raw


@dataclass(frozen=True, slots=True)
class AnyOf(Generic[M_contra]):
    """At least one of ``conditions``."""

    conditions: tuple[Condition[M_contra], ...]

    @property
    def shape(self) -> object:
        """What decides the translation, without the values."""
        return ("or", *(condition.shape for condition in self.conditions))

    def touches(self, row: M_contra) -> bool:
        """Type-level tie to the rows of one table."""
        return any(condition.touches(row) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a table match, as a condition of a statement about the same table or another.

    Counted within the statement that it guards. That makes limits exact where statements follow one another, as in SQLite
    and D1; elsewhere, whoever relies on it holds a row that every such writer holds, within a transaction.
    """

    table: Table
    where: tuple[Condition[Any] | AnyOf[Any], ...]
    op: Literal["fewer_than", "at_least"]
    number: int

    @property
    def shape(self) -> object:
        """What decides the translation, without the values."""
        return ("tally", self.table.name, self.op, *(condition.shape for condition in self.where))

    def holds(self, count: int) -> bool:
        """Whether this many rows are what is asked for."""
        return count < self.number if self.op == "fewer_than" else count >= self.number


Where: TypeAlias = "Condition[M_contra] | AnyOf[M_contra] | Tally"


@dataclass(frozen=True, slots=True)
class Change(Generic[M_contra]):
    """What an update does to one column: ``set`` it, or ``add`` to it in the store, where null stays null."""

    column: str
    op: Literal["set", "add"]
    value: object

    def touches(self, row: M_contra) -> bool:
        """Type-level tie to the rows of one table."""
        return self.column in row.raw


@dataclass(frozen=True, slots=True)
class Order(Generic[M_contra]):
    """Sort by one column."""

    column: str
    direction: Literal["asc", "desc"] = "asc"

    def touches(self, row: M_contra) -> bool:
        """Type-level tie to the rows of one table."""
        return self.column in row.raw


@dataclass(frozen=True, slots=True)
class Join:
    """A second table in the same read: the row of ``table`` whose ``id``-like ``theirs`` equals ``ours``."""

    table: Table
    ours: str
    theirs: str = "id"


@dataclass(frozen=True, slots=True)
class Select:
    """Read rows; with ``join``, only rows that have a partner, and both."""

    table: Table
    where: tuple[Where[Any], ...] = ()
    join: Join | None = None
    order: tuple[Order[Any], ...] = ()
    limit: int | None = None
    offset: int | None = None
    columns: tuple[str, ...] = ()
    """Wire names to read; empty means all."""


@dataclass(frozen=True, slots=True)
class ListJoin:
    """The rows of a second table that a row lists: texts with commas between them, as ``"admin,editor"``.

    Attributes:
        table: The second table.
        ours, theirs: Columns that are equal in both: what is listed is looked for among these.
        list: Our column of text. Spaces are part of what it lists; empty texts are not.
        item: Their column, of which the list holds values.
    """

    table: Table
    ours: str
    theirs: str
    list: str
    item: str

    def items(self, row: Values) -> tuple[str, ...]:
        """What a row lists, each once and in order; null lists nothing."""
        text: str | None = row.get(self.list)
        return () if not text else tuple(dict.fromkeys(each for each in text.split(",") if each))


@dataclass(frozen=True, slots=True)
class SelectListed:
    """Read the first row, in the order given, with every row that it lists; an outer join, so there may be none."""

    table: Table
    where: tuple[Where[Any], ...]
    join: ListJoin
    order: tuple[Order[Any], ...] = ()

    def first(self) -> Select:
        """The first of two reads, for a backend without joins."""
        return Select(self.table, self.where, order=self.order, limit=1)

    def second(self, row: Values) -> Select | None:
        """The second read, of the rows that ``row`` lists; ``None`` where there can be none."""
        join = self.join
        items, same = join.items(row), row.get(join.ours)
        if not items or same is None:
            return None
        return Select(join.table, (Condition(join.theirs, "eq", same), Condition(join.item, "in", items)))


@dataclass(frozen=True, slots=True)
class Insert:
    """Write one row, if everything that ``where`` counts is as it says."""

    table: Table
    values: Values
    where: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """Change rows that match; ``one`` changes at most one and hands it back."""

    table: Table
    where: tuple[Where[Any], ...]
    changes: tuple[Change[Any], ...]
    one: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove rows that match; ``one`` removes at most one and hands it back."""

    table: Table
    where: tuple[Where[Any], ...]
    one: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """Count rows that match."""

    table: Table
    where: tuple[Where[Any], ...] = ()
