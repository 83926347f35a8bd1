"""The database port over SQL: translate, run, read. Policy-free; see ``transports`` for how statements travel."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import async_sessionmaker

from gatewright.model.query import Count, Delete, Insert, Select, SelectListed, Update, Values
from gatewright.model.schema import Schema, Table
from gatewright.ports.adapter import Features, Unmet
from gatewright.wire.faults import ConfigError
from gatewright_adapters.sqlalchemy.errors import translated
from gatewright_adapters.sqlalchemy.handing_back import HandingBack
from gatewright_adapters.sqlalchemy.lacking import Step, create_missing, inspected, lacking
from gatewright_adapters.sqlalchemy.present import missing, present
from gatewright_adapters.sqlalchemy.statements import Bound, Statements
from gatewright_adapters.sqlalchemy.tables import NONE, Former, metadata_of, stored
from gatewright_adapters.sqlalchemy.transports.engine import (
    EngineTransport,
    Sessions,
    engine_of,
    sqlite_file,
    tried,
)
from gatewright_adapters.sqlalchemy.transports.sqlite import SQLiteTransport, sqlite_dialect
from gatewright_adapters.sqlalchemy.transports.transport import RawRow, Transport
from gatewright_adapters.sqlalchemy.values import Dialected, values_for

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

__all__ = ("SQLAlchemyAdapter",)

R = TypeVar("R")

_DRIVER_ERRORS: tuple[type[Exception], ...] = (sqlite3.Error, SQLAlchemyError, OverflowError, OSError)


class SQLAlchemyAdapter:
    """Gatewright's rows in a SQL database.

    ``SQLAlchemyAdapter.sqlite("app.db")`` needs no driver and runs on asyncio and trio. ``SQLAlchemyAdapter(engine)``
    takes the application's own engine, on asyncio: SQLite through aiosqlite, PostgreSQL through asyncpg or psycopg,
    MariaDB and MySQL through aiomysql or asyncmy.

    Args:
        engine: The application opens and disposes it. Or its own session factory: each transaction is then one of its
            sessions, which hooks get from :meth:`session`.
        transport: ``auto`` goes around SQLAlchemy's execution where ``engine`` is one over a plain SQLite file, with
            connections of its own to that file; ``engine`` always uses the engine's connections.

    Raises:
        ConfigError: The engine's dialect is not known, or the session factory is not bound to one engine.
    """

    def __init__(self, engine: AsyncEngine | Sessions, *, transport: Literal["auto", "engine"] = "auto") -> None:
        sessions = engine if isinstance(engine, async_sessionmaker) else None
        bound = engine_of(engine) if isinstance(engine, async_sessionmaker) else engine
        path = sqlite_file(bound) if transport == "auto" and sessions is None else None
        values = values_for(bound.dialect.name)
        if path is None:
            self._set(EngineTransport(bound, sessions), Statements(bound.dialect, values), values)
        else:
            self._set(SQLiteTransport(path), Statements(sqlite_dialect(), values), values)

    @classmethod
    def sqlite(cls, path: str | Path) -> Self:
        """Over a SQLite file, created where it is missing; ``:memory:`` lives as long as the adapter."""
        values = values_for("sqlite")
        adapter = cls.__new__(cls)
        adapter._set(SQLiteTransport(str(path)), Statements(sqlite_dialect(), values), values)  # noqa: SLF001 (its own)
        return adapter

    def _set(self, transport: Transport, statements: Statements, values: Dialected) -> None:
        self._transport = transport
        self._features = Features(bounded=True, handed=isinstance(transport, EngineTransport))
        self._whole = True  # not inside of a transaction
        self._statements = statements
        self._values = values

    @property
    def transport(self) -> str:
        """How statements travel: ``sqlite`` (direct) or ``engine``."""
        return self._transport.name

    @property
    def features(self) -> Features:
        """Everything; every transport bounds its statements."""
        return self._features

    def connection(self) -> AsyncConnection:
        """The engine's connection that holds the transaction which this task is in; for hooks before a write.

        What is written with it takes effect with the write, or not at all. Committing, rolling back and closing it are
        the adapter's.

        Raises:
            RuntimeError: The task is in no transaction of this adapter, as in a hook after a write.
            ConfigError: Statements do not travel over the application's own engine.
        """
        return self._handed().connection()

    def session(self) -> AsyncSession:
        """The application's session that holds the transaction which this task is in; for hooks before a write.

        It is flushed and committed with the write, or rolled back with it; the adapter does so and closes it.

        Raises:
            RuntimeError: The task is in no transaction of this adapter, as in a hook after a write.
            ConfigError: The adapter was not given an ``async_sessionmaker``.
        """
        return self._handed().session()

    def _handed(self) -> EngineTransport:
        if not isinstance(self._transport, EngineTransport):
            raise ConfigError(
                f"the transport {self._transport.name!r} has no connection of the application's:"
                " give SQLAlchemyAdapter an async_sessionmaker, or transport='engine'"
            )
        return self._transport

    async def insert(self, query: Insert) -> Values:
        """Write one row and give it back as stored."""
        if not self._statements.returning:
            return await self._handing(query.table, lambda handing: handing.insert(query))
        bound = self._statements.insert(query)
        for row in await self._fetch(bound, query.table):
            return bound[0].rows.read(row)
        raise Unmet(query.table.name)

    async def select(self, query: Select) -> Sequence[Values]:
        """Rows that match, in the order asked for."""
        bound = self._statements.select(query)
        read = bound[0].rows.read
        return [read(row) for row in await self._fetch(bound, query.table)]

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        """The first row that matches, with its partner: one statement."""
        bound = self._statements.select(query if query.limit == 1 else replace(query, limit=1))
        statement = bound[0]
        partner = statement.partner
        if partner is None:
            raise ValueError("select_pair needs a join")
        for row in await self._fetch(bound, query.table):
            return statement.rows.read(row), partner.read(row[statement.rows.width :])
        return None

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        """The first row that matches, with the rows that it lists: one statement."""
        bound = self._statements.select_listed(query)
        statement, join = bound[0], query.join
        partner = statement.partner
        rows = await self._fetch(bound, query.table)
        if not rows or partner is None:
            return None
        first = statement.rows.read(rows[0])
        items = join.items(first)
        found = [partner.read(row[statement.rows.width :]) for row in rows]
        # A row that lists nothing comes with nulls; what SQL finds within a list may hold a comma itself.
        return first, [each for each in found if each[join.item] in items]

    async def count(self, query: Count) -> int:
        """How many rows match."""
        ((count,),) = await self._fetch(self._statements.count(query), query.table)
        return count

    async def update(self, query: Update) -> int:
        """Change every row that matches; how many there were."""
        return await self._execute(self._statements.update(replace(query, one=False)), query.table)

    async def update_one(self, query: Update) -> Values | None:
        """Change at most one row that matches; the row afterwards."""
        if not self._statements.returning:
            return await self._handing(query.table, lambda handing: handing.update_one(query))
        bound = self._statements.update(query if query.one else replace(query, one=True))
        for row in await self._fetch(bound, query.table):
            return bound[0].rows.read(row)
        return None

    async def delete(self, query: Delete) -> int:
        """Remove every row that matches; how many there were."""
        return await self._execute(self._statements.delete(replace(query, one=False)), query.table)

    async def take(self, query: Delete) -> Values | None:
        """Remove at most one row that matches and give it to exactly one caller."""
        if not self._statements.returning:
            return await self._handing(query.table, lambda handing: handing.take(query))
        bound = self._statements.delete(query if query.one else replace(query, one=True))
        for row in await self._fetch(bound, query.table):
            return bound[0].rows.read(row)
        return None

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[SQLAlchemyAdapter]:
        """Writes through the adapter that this yields take effect together when the block ends, or not at all."""
        manager = self._transport.transaction()
        inside = SQLAlchemyAdapter.__new__(SQLAlchemyAdapter)
        try:
            inside._set(await manager.__aenter__(), self._statements, self._values)  # noqa: SLF001 (its own)
            inside._whole = False  # noqa: SLF001 (likewise)
        except _DRIVER_ERRORS as error:
            raise translated(error, None) from None
        try:
            yield inside
        except BaseException:
            # What went wrong inside is what the caller hears of; a lost connection takes the writes back as well.
            with suppress(*_DRIVER_ERRORS):
                await manager.__aexit__(*sys.exc_info())
            raise
        try:
            await manager.__aexit__(None, None, None)
        except _DRIVER_ERRORS as error:
            raise translated(error, None) from None

    async def create_tables(self, schema: Schema, *, former: Former = NONE) -> None:
        """Create what is missing of ``schema``: tables, columns, indexes. Nothing is removed or changed.

        Args:
            schema: The tables.
            former: By model, what columns were called before, by wire name; one that still is gets its name of today.
        """
        await self.apply_plan(schema, former=former)

    async def apply_plan(
        self, schema: Schema, *, former: Former = NONE, applied: Callable[[Step], None] | None = None
    ) -> None:
        """``create_tables``, and ``applied`` hears of each statement once it has run.

        It is called at once, from whichever thread runs the statements. Where the database has transactions for
        definitions, what it heard of is there only when all of it is done.
        """
        metadata, known = metadata_of(schema, self._values), stored(schema, former)
        try:
            await self._transport.define(lambda connection: create_missing(connection, metadata, known, applied))
        except _DRIVER_ERRORS as error:
            raise translated(error, None) from None

    async def plan_tables(self, schema: Schema, *, former: Former = NONE) -> tuple[Step, ...]:
        """What ``create_tables`` would do now, in order; nothing is done."""
        metadata, known = metadata_of(schema, self._values), stored(schema, former)
        steps: list[Step] = []
        try:
            await self._transport.define(
                lambda connection: steps.extend(
                    lacking(metadata, inspected(connection, metadata, known), connection.dialect, known)
                )
            )
        except _DRIVER_ERRORS as error:
            raise translated(error, None) from None
        return tuple(steps)

    async def missing(self, schema: Schema) -> tuple[str, ...]:
        """Tables, and columns as ``table.column``, that are not there; one read, of names alone."""
        dialect = self._statements.dialect
        try:
            rows = await self._transport.fetch(present(schema, dialect), ())
        except _DRIVER_ERRORS as error:
            raise translated(error, None) from None
        return missing(schema, rows, dialect)

    async def open(self) -> None:
        """Connect, to learn early that the database is there."""
        try:
            await self._transport.open()
        except _DRIVER_ERRORS as error:
            raise translated(error, None) from None

    async def close(self) -> None:
        """Give back the connections that are the adapter's own."""
        await self._transport.close()

    async def _handing(self, table: Table, work: Callable[[HandingBack], Awaitable[R]]) -> R:
        """Statements that stand for one: inside a transaction as they are, otherwise in one of their own."""
        try:
            if not self._whole:
                return await work(HandingBack(self._transport, self._statements))

            async def once() -> R:
                async with self._transport.transaction() as inside:
                    return await work(HandingBack(inside, self._statements))

            return await tried(once)
        except _DRIVER_ERRORS as error:
            raise translated(error, table) from None

    async def _fetch(self, bound: Bound, table: Table) -> Sequence[RawRow]:
        try:
            return await self._transport.fetch(*bound)
        except _DRIVER_ERRORS as error:
            raise translated(error, table) from None

    async def _execute(self, bound: Bound, table: Table) -> int:
        try:
            return await self._transport.execute(*bound)
        except _DRIVER_ERRORS as error:
            raise translated(error, table) from None
