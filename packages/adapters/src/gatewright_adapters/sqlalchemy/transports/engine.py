"""The application's own ``AsyncEngine``: any driver that SQLAlchemy's asyncio extension has, its pool, its settings.

On asyncio only. Costs several times what a direct transport does, because every call passes through SQLAlchemy's
execution; the text is the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Any, Literal, TypeAlias, TypeVar

import anyio
from sqlalchemy import event
from sqlalchemy.engine import Connection, CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.pool import StaticPool

from gatewright.wire.faults import ConfigError
from gatewright_adapters.sqlalchemy.errors import gave_up, translated
from gatewright_adapters.sqlalchemy.statement import Statement
from gatewright_adapters.sqlalchemy.transports.patience import given_back, on_asyncio, within
from gatewright_adapters.sqlalchemy.transports.transport import RawRow, Transport

__all__ = ("EngineTransport", "Sessions", "engine_of", "sqlite_file", "tried")

R = TypeVar("R")
Sessions: TypeAlias = "async_sessionmaker[Any]"
"""The application's own session factory."""

TIMEOUT_SECONDS = 5.0
_PAUSES_SECONDS = (0.0, 0.005, 0.02, 0.05, 0.1)


async def tried(work: Callable[[], Awaitable[R]]) -> R:
    """What ``work``, a whole transaction, gives; run again, six times at most, where the database gave it up."""
    for pause in _PAUSES_SECONDS:
        try:
            return await work()
        except SQLAlchemyError as error:
            if not gave_up(error):
                raise
        await anyio.sleep(pause)
    return await work()


def engine_of(sessions: Sessions) -> AsyncEngine:
    """The engine that the sessions of a factory use.

    Raises:
        ConfigError: They use none, or several.
    """
    bind: object = sessions.kw.get("bind")
    if not isinstance(bind, AsyncEngine) or sessions.kw.get("binds"):
        raise ConfigError("SQLAlchemyAdapter needs an async_sessionmaker that is bound to one AsyncEngine")
    return bind


def sqlite_file(engine: AsyncEngine) -> str | None:
    """The plain file that an aiosqlite engine opens; ``None`` for every other engine."""
    url = engine.url
    if url.get_driver_name() != "aiosqlite" or url.query or not url.database or url.database.startswith(("file:", ":")):
        return None
    return url.database


class EngineTransport:
    """Runs statements through an engine that the application made and closes itself.

    A statement outside a transaction is its own: the connection is in autocommit meanwhile. On SQLite, connections that
    the engine opens from now on check foreign keys.

    Args:
        engine: From ``sqlalchemy.ext.asyncio.create_async_engine``.
        sessions: Makes the session of each transaction; without it a transaction has a connection only.
    """

    name = "engine"

    def __init__(self, engine: AsyncEngine, sessions: Sessions | None = None) -> None:
        self._engine = engine
        self._sessions = sessions
        # MySQL is asked for its isolation over the wire, which may fail: then only a connection that is at hand can be
        # given back, so the engine's own options, which are set while it is made, do not do.
        self._asks = engine.dialect.name in ("mysql", "mariadb")
        self._single = engine if self._asks else engine.execution_options(isolation_level="AUTOCOMMIT")
        # One connection for everybody, as for a database in memory: then everybody takes turns.
        self._turns = asyncio.Lock() if isinstance(engine.pool, StaticPool) else None
        if engine.dialect.name == "sqlite":
            event.listen(engine.sync_engine, "connect", _check_references)

    async def fetch(self, statement: Statement, parameters: tuple[Any, ...]) -> Sequence[RawRow]:
        """Run and give every row; again where the database gave it up for others."""

        async def once() -> Sequence[RawRow]:
            until = _now() + TIMEOUT_SECONDS
            async with (
                self._connection(self._single, isolation="AUTOCOMMIT") as connection,
                within(until - _now(), connection),
            ):
                return (await _run(connection, statement, parameters)).fetchall()

        return await tried(once)

    async def execute(self, statement: Statement, parameters: tuple[Any, ...]) -> int:
        """Run and give how many rows were touched; again where the database gave it up for others."""

        async def once() -> int:
            until = _now() + TIMEOUT_SECONDS
            async with (
                self._connection(self._single, isolation="AUTOCOMMIT") as connection,
                within(until - _now(), connection),
            ):
                return (await _run(connection, statement, parameters)).rowcount

        return await tried(once)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transport]:
        """A transaction of the engine's own isolation level; ``READ COMMITTED`` on MySQL and MariaDB."""
        # What MySQL does otherwise locks the gaps between rows as well, and shows a waiter the row of before.
        if self._sessions is None:
            manager = self._connection(self._engine, isolation="READ COMMITTED")
        else:
            manager = self._session(self._sessions)
        outer = _open.get()
        try:
            # A connection that is given back rolls back what was not committed.
            async with manager as held:
                session = held if isinstance(held, AsyncSession) else None
                connection = await held.connection() if isinstance(held, AsyncSession) else held
                async with _within(connection):
                    if not connection.in_transaction():
                        await connection.begin()
                _open.set(_Open(self, connection, session))
                yield _Inside(connection)
                async with _within(connection):
                    await held.commit()
        finally:
            _open.set(outer)

    def connection(self) -> AsyncConnection:
        """The connection of the transaction that this task is in.

        Raises:
            RuntimeError: It is in none.
        """
        return self._current().connection

    def session(self) -> AsyncSession:
        """The session of the transaction that this task is in.

        Raises:
            RuntimeError: It is in none.
            ConfigError: The adapter was given an engine, so that there are no sessions.
        """
        session = self._current().session
        if session is None:
            raise ConfigError("give SQLAlchemyAdapter an async_sessionmaker to have sessions, or use connection()")
        return session

    def _current(self) -> _Open:
        current = _open.get()
        if current is None or current.transport is not self:
            raise RuntimeError("no transaction of this adapter is open here; hooks before a write run in one")
        return current

    async def define(self, work: Callable[[Connection], None]) -> None:
        """Run ``work`` in a transaction."""
        on_asyncio()
        with anyio.CancelScope(shield=True):
            async with self._connection(self._engine) as connection, connection.begin():
                await connection.run_sync(work)

    async def open(self) -> None:
        """Connect once, to learn early that the database is there."""
        async with self._connection(self._single, isolation="AUTOCOMMIT"):
            return

    async def close(self) -> None:
        """Nothing: the engine is the application's."""

    @asynccontextmanager
    async def _session(self, sessions: Sessions) -> AsyncGenerator[AsyncSession]:
        async with AsyncExitStack() as stack:
            async with _within():
                if self._turns is not None:
                    await stack.enter_async_context(self._turns)
                session: AsyncSession = sessions()
                stack.push_async_callback(given_back, session, TIMEOUT_SECONDS)
                options = {"isolation_level": "READ COMMITTED"} if self._asks else {}
                try:
                    await session.connection(execution_options=options)
                except (SQLAlchemyError, OSError):
                    raise
                except Exception as error:  # noqa: BLE001 (as in _connection)
                    raise translated(error, None) from None
            yield session

    @asynccontextmanager
    async def _connection(
        self, engine: AsyncEngine, *, isolation: Literal["AUTOCOMMIT", "READ COMMITTED"] | None = None
    ) -> AsyncGenerator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            async with _within():
                if self._turns is not None:
                    await stack.enter_async_context(self._turns)
                try:
                    connection = await engine.connect()
                    stack.push_async_callback(given_back, connection, TIMEOUT_SECONDS)
                    if self._asks and isolation is not None:
                        await connection.execution_options(isolation_level=isolation)
                except (SQLAlchemyError, OSError):
                    raise
                except Exception as error:  # noqa: BLE001 (drivers raise errors of their own while they connect)
                    raise translated(error, None) from None
            yield connection


class _Open:
    """What a transaction holds."""

    __slots__ = ("connection", "session", "transport")

    def __init__(self, transport: EngineTransport, connection: AsyncConnection, session: AsyncSession | None) -> None:
        self.transport = transport
        self.connection = connection
        self.session = session


_open: ContextVar[_Open | None] = ContextVar("gatewright_transaction", default=None)


class _Inside:
    """Statements of one transaction."""

    name = "engine"

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def fetch(self, statement: Statement, parameters: tuple[Any, ...]) -> Sequence[RawRow]:
        async with _within(self._connection):
            return (await _run(self._connection, statement, parameters)).fetchall()

    async def execute(self, statement: Statement, parameters: tuple[Any, ...]) -> int:
        async with _within(self._connection):
            return (await _run(self._connection, statement, parameters)).rowcount

    def transaction(self) -> Any:
        raise RuntimeError("transactions are never nested")

    async def define(self, work: Callable[[Connection], None]) -> None:
        await self._connection.run_sync(work)

    async def open(self) -> None:
        """Connected already."""

    async def close(self) -> None:
        """The transaction's block closes."""


async def _run(connection: AsyncConnection, statement: Statement, parameters: tuple[Any, ...]) -> CursorResult[Any]:
    if statement.names is None:
        return await connection.exec_driver_sql(statement.text, parameters)
    return await connection.exec_driver_sql(statement.text, dict(zip(statement.names, parameters, strict=True)))


def _within(connection: AsyncConnection | None = None) -> AbstractAsyncContextManager[None]:
    return within(TIMEOUT_SECONDS, connection)


def _now() -> float:
    on_asyncio()
    return asyncio.get_running_loop().time()


def _check_references(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
