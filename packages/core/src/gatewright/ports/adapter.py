"""The database port: what a backend implements so that Gatewright can keep its rows in it.

Queries are plain values (``gatewright.model.query``); values in rows are ``str``, ``int``, ``float``, ``bool``, aware UTC
``datetime`` with milliseconds, ``list``, ``dict`` and ``None``, keyed by wire name. Turning them into what the backend
stores is the adapter's work. Every guarantee below has a test in ``gatewright.testing.adapter_suite``.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gatewright.model.query import Count, Delete, Insert, Select, SelectListed, Update, Values
from gatewright.model.schema import Schema

__all__ = ("Adapter", "Conflict", "Features", "InvalidValue", "StoreUnavailable", "TellsMissing", "Unmet")


class Conflict(Exception):
    """A unique key is taken; nothing was written.

    Attributes:
        table: The contract's model name.
        columns: Wire names of the key where the backend tells, else empty.
    """

    def __init__(self, table: str, columns: tuple[str, ...] = ()) -> None:
        super().__init__(f"a row of {table} with this {' and '.join(columns) or 'key'} exists")
        self.table = table
        self.columns = columns


class Unmet(Exception):
    """What an insert was to count first is not as it said; nothing was written.

    Attributes:
        table: The contract's model name.
    """

    def __init__(self, table: str) -> None:
        super().__init__(f"no row of {table} was to be written now")
        self.table = table


class InvalidValue(ValueError):
    """The backend cannot keep a value: of another type, too large, or a reference to a row that is not there.

    Callers answer 400. The text never holds the value.
    """


class StoreUnavailable(Exception):
    """The backend refuses, is too slow or is gone; whether the write took place may be unknown.

    Callers answer 503. The text never holds values or credentials.
    """


@dataclass(frozen=True, slots=True)
class Features:
    """What a backend can do beyond the port's guarantees.

    Attributes:
        transactions: ``transaction()`` is all or nothing; otherwise writes happen in order.
        joins: ``select_pair`` and ``select_listed`` are one read in the backend; otherwise the adapter makes two.
        bounded: Every statement ends within seconds, if need be with :class:`StoreUnavailable`; otherwise whoever asks
            bounds it (``advanced.database.statement_timeout``).
        handed: Within a transaction the adapter hands out the application's own connection, so that a hook before a
            write can write with it: such a write is always in a transaction.
        sparse: Rows come without the columns that were never given a value; otherwise these are null.
    """

    transactions: bool = True
    joins: bool = True
    bounded: bool = False
    handed: bool = False
    sparse: bool = False


class Adapter(Protocol):
    """A database.

    Every method may raise  :class:`InvalidValue` where the backend cannot keep a value (no
    such column, null where one is required, a number out of range, text it does not know), or where a reference names
    a row that is not there; nothing was written then. A condition on text that it cannot keep finds nothing. Cancelling a call leaves the backend usable: a connection is given
    back, a transaction rolled back.
    """

    @property
    def features(self) -> Features:
        """What the backend can do."""
        ...

    async def insert(self, query: Insert) -> Values:
        """Write one row and give it back as stored.

        Raises:
            Conflict: A unique key is taken. Of several concurrent inserts of one key exactly one succeeds.
            Unmet: A count in ``where`` does not hold; counting and writing are one statement.
        """
        ...

    async def select(self, query: Select) -> Sequence[Values]:
        """Rows that match, in the order asked for; without ``join``."""
        ...

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        """The first row that matches, with its partner in ``query.join``; one statement where the backend joins."""
        ...

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        """The first row that matches, with the rows that it lists, in any order; one statement where the backend joins.

        Never more rows than are listed and there: the answer does not grow with the second table.
        """
        ...

    async def count(self, query: Count) -> int:
        """How many rows match."""
        ...

    async def update(self, query: Update) -> int:
        """Change every row that matches, in one statement; how many there were.

        Raises:
            Conflict: The change would break a unique key; nothing was changed.
        """
        ...

    async def update_one(self, query: Update) -> Values | None:
        """Change at most one row that matches, in one statement; the row afterwards, or ``None``.

        ``where`` is selector and guard at once: of several concurrent calls whose change makes the guard false, exactly
        one gets the row. What it counts in this table or another is counted in the same statement. ``add`` changes are
        computed in the store.

        Raises:
            Conflict: The change would break a unique key; nothing was changed.
        """
        ...

    async def delete(self, query: Delete) -> int:
        """Remove every row that matches; how many there were."""
        ...

    async def take(self, query: Delete) -> Values | None:
        """Remove at most one row that matches and give it to exactly one caller."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Adapter]:
        """Writes through the adapter that this yields take effect together when the block ends, or not at all.

        Where ``features.transactions`` is false they take effect one by one, in order. Never nested.
        """
        ...

    async def create_tables(self, schema: Schema) -> None:
        """Create what is missing of ``schema``: tables, columns, indexes. Nothing is removed or changed.

        May be called before ``open``, by applications that make their tables first. Rows that are there get the fixed default of a column that is added, or null.
        """
        ...

    async def open(self) -> None:
        """Get ready; called at the beginning of the application's lifespan, and again where that runs once more."""
        ...

    async def close(self) -> None:
        """Give back what is held; the adapter is not used until it is opened again."""
        ...


@runtime_checkable
class TellsMissing(Protocol):
    """An adapter that knows what its database lacks. Others are taken at their word that they lack nothing."""

    async def missing(self, schema: Schema) -> Sequence[str]:
        """Tables, and columns as ``table.column``, of ``schema`` that are not there, by the database's names.

        One read, which changes nothing; types and indexes are not looked at.
        """
        ...
