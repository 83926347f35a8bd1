"""SQLite without a driver in between: one thread over the standard library's sqlite3, on asyncio and on trio.

A read costs a queue, two thread switches and sqlite3 itself; many reads share the switches. Not for other databases.
"""

from __future__ import annotations

import weakref
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import sqlalchemy
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.pool import StaticPool

from gatewright.ports.adapter import StoreUnavailable
from gatewright_adapters.sqlalchemy.statement import Statement
from gatewright_adapters.sqlalchemy.transports.sqlite_worker import Job, Kind, SQLiteWorker
from gatewright_adapters.sqlalchemy.transports.transport import RawRow, Transport
from gatewright_adapters.sqlalchemy.transports.waiting import Loop, current

__all__ = ("SQLiteTransport", "sqlite_dialect")


def sqlite_dialect() -> Dialect:
    """What writes SQLite's text with ``?`` for parameters."""
    return dialect(paramstyle="qmark")


class SQLiteTransport:
    """A SQLite file, in WAL mode with foreign keys, or a database in memory.

    Statements outside transactions run in order; a transaction has its own connection, and other writes wait for its
    end, at most 5 s.

    Args:
        path: Of the file, or ``:memory:`` for a database that ends when it is closed.
    """

    name = "sqlite"

    def __init__(self, path: str) -> None:
        self._path = path
        self._start()

    def _start(self) -> None:
        self._worker = SQLiteWorker(self._path)
        self._calls = _Calls(self._worker, None)
        weakref.finalize(self, self._worker.stop)

    def _start_again(self) -> None:
        if self._worker.stopped:
            self._start()

    async def fetch(self, statement: Statement, parameters: tuple[Any, ...]) -> Sequence[RawRow]:
        """Run and give every row."""
        return await self._calls.fetch(statement, parameters)

    async def execute(self, statement: Statement, parameters: tuple[Any, ...]) -> int:
        """Run and give how many rows were touched."""
        return await self._calls.execute(statement, parameters)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transport]:
        """A transaction that writes from its start; the next one waits for its end."""
        owner, worker = object(), self._worker
        inside = _Calls(worker, owner)
        try:
            await self._calls.ask(Job(Kind.BEGIN, owner=owner, writes=True))
            yield inside
            await inside.ask(Job(Kind.COMMIT, owner=owner))
        except BaseException:
            # Jobs run in order, so whatever comes after sees this done: there is nothing to wait for, even when this
            # task is cancelled. It does nothing where the transaction has not begun or has ended.
            with suppress(StoreUnavailable):
                worker.submit(Job(Kind.ROLLBACK, owner=owner))
            raise

    async def define(self, work: Callable[[Connection], None]) -> None:
        """Run ``work`` in a transaction of its own, in the worker's thread; also before it is opened (again)."""
        self._start_again()
        await self._calls.define(work)

    async def open(self) -> None:
        """Connect, also after it was closed."""
        self._start_again()
        await self._calls.ask(Job(Kind.CALL, work=lambda _: None))

    async def close(self) -> None:
        """Close the connections."""
        job = Job(Kind.STOP)
        loop = current(job, {})
        if self._worker.stop(job):
            await loop.wait(job)


class _Calls:
    """Jobs of one transaction, or of none."""

    name = "sqlite"

    def __init__(self, worker: SQLiteWorker, owner: object) -> None:
        self._worker = worker
        self._owner = owner
        self._loops: dict[object, Loop] = {}

    async def ask(self, job: Job) -> Any:
        """The job's answer."""
        loop = current(job, self._loops)
        self._worker.submit(job)
        await loop.wait(job)
        if job.error is not None:
            raise job.error
        return job.result

    async def fetch(self, statement: Statement, parameters: tuple[Any, ...]) -> Sequence[RawRow]:
        return await self.ask(Job(Kind.FETCH, statement.text, parameters, owner=self._owner, writes=statement.writes))

    async def execute(self, statement: Statement, parameters: tuple[Any, ...]) -> int:
        return await self.ask(Job(Kind.EXECUTE, statement.text, parameters, owner=self._owner, writes=statement.writes))

    def transaction(self) -> Any:
        raise RuntimeError("transactions are never nested")

    async def define(self, work: Callable[[Connection], None]) -> None:
        def run(raw: Any) -> None:
            engine = sqlalchemy.create_engine(
                "sqlite://", creator=lambda: raw, poolclass=StaticPool, pool_reset_on_return=None
            )
            with engine.begin() as connection:
                # After SQLAlchemy's first look at the connection, which ends with a ROLLBACK, and before the work: where
                # another process writes, nothing is done yet and the job is tried again.
                raw.execute("BEGIN IMMEDIATE")
                work(connection)

        await self.ask(Job(Kind.CALL, owner=self._owner, writes=True, work=run))

    async def open(self) -> None:
        """Connected already."""

    async def close(self) -> None:
        """The owner of the worker closes it."""
