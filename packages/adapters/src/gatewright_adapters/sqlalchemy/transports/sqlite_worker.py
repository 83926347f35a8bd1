"""The thread that owns a SQLite database's connections and runs one job after the other.

Statements outside transactions and those inside use different connections, so that nobody reads what is not committed;
while a transaction is open, other writes stand aside instead of blocking the thread, and so they do while another
process writes. Not the translation, not the waiting of tasks.
"""

from __future__ import annotations

import enum
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gatewright.ports.adapter import StoreUnavailable
from gatewright_adapters.sqlalchemy.transports.waiting import Waiter, settle

__all__ = ("Job", "Kind", "SQLiteWorker")

TIMEOUT_SECONDS = 5.0
_BATCH = 32  # answers handed to a loop at once
_BUSY_MILLISECONDS = 10  # inside SQLite; beyond, the job stands aside and others go on
_RETRY_SECONDS = 0.004
_STEPS = 200_000  # of SQLite's virtual machine between looks at the clock
_STATEMENTS = 256
_SQLITE_BUSY = 5
_SQLITE_READONLY = 8


class Kind(enum.Enum):
    """What a job does."""

    FETCH = enum.auto()
    EXECUTE = enum.auto()
    CALL = enum.auto()
    BEGIN = enum.auto()
    COMMIT = enum.auto()
    ROLLBACK = enum.auto()
    STOP = enum.auto()


class Job(Waiter):
    """One thing to do.

    Attributes:
        text, parameters: The statement, or nothing.
        work: The function of a ``CALL``, given the connection.
        owner: The transaction that it belongs to, if any.
        writes: Whether it must stand aside while a transaction is open.
        until: When it is too late for it, on the monotonic clock.
    """

    __slots__ = ("kind", "owner", "parameters", "text", "until", "work", "writes")

    def __init__(
        self,
        kind: Kind,
        text: str = "",
        parameters: tuple[Any, ...] = (),
        *,
        owner: object = None,
        writes: bool = False,
        work: Callable[[sqlite3.Connection], Any] | None = None,
    ) -> None:
        super().__init__()
        self.kind = kind
        self.text = text
        self.parameters = parameters
        self.owner = owner
        self.writes = writes
        self.work = work
        self.until = time.monotonic() + TIMEOUT_SECONDS


class SQLiteWorker:
    """Runs jobs in a daemon thread that starts with the first.

    Args:
        path: Of the file, or ``:memory:`` for a database of one connection that ends with the worker.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._alone = path in (":memory:", "")
        self._queue: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()
        self._stopped = False
        self._outside: sqlite3.Connection | None = None
        self._inside: sqlite3.Connection | None = None
        self._owner: object = None
        self._aside: deque[Job] = deque()
        self._until = 0.0

    @property
    def stopped(self) -> bool:
        """Whether it takes no more jobs; another worker then opens the database again."""
        return self._stopped

    def submit(self, job: Job) -> None:
        """Queue a job; its waiter is woken when it is done.

        Raises:
            StoreUnavailable: The worker was stopped.
        """
        if self._thread is None:
            with self._guard:
                if self._thread is None and not self._stopped:
                    self._thread = threading.Thread(target=self._serve, name="gatewright-sqlite", daemon=True)
                    self._thread.start()
        if self._stopped:
            raise StoreUnavailable("the database is closed")
        self._queue.put(job)

    def stop(self, job: Job | None = None) -> bool:
        """Close the connections when everything queued is done; ``job``, a ``STOP``, is answered then.

        Returns:
            Whether there was anything to stop.
        """
        with self._guard:
            running = self._thread is not None and not self._stopped
            self._stopped = True
        if running:
            self._queue.put(job or Job(Kind.STOP))
        return running

    def _serve(self) -> None:
        get = self._queue.get
        while True:
            try:
                job = get(timeout=self._pause()) if self._aside else get()
            except queue.Empty:
                self._retry()
                continue
            done: list[Waiter] = []
            while True:
                if job.kind is Kind.STOP:
                    self._finish(job, done)
                    return
                if self._run(job):
                    done.append(job)
                if len(done) >= _BATCH:
                    break
                try:
                    job = self._queue.get_nowait()
                except queue.Empty:
                    break
            if done:
                settle(done)
            if self._aside:
                self._retry()

    def _finish(self, stop: Job, done: list[Waiter]) -> None:
        for job in self._aside:
            job.error = StoreUnavailable("the database is closed")
            done.append(job)
        self._aside.clear()
        for connection in {id(each): each for each in (self._inside, self._outside) if each is not None}.values():
            # What was not committed is rolled back.
            with suppress(sqlite3.Error):
                connection.close()
        done.append(stop)
        settle(done)

    def _pause(self) -> float:
        """How long until something that stands aside may be tried or is late."""
        if self._owner is None:
            return _RETRY_SECONDS
        return max(0.0, min(job.until for job in self._aside) - time.monotonic())

    def _retry(self) -> None:
        """Try again, in order, what stands aside."""
        waiting, self._aside = self._aside, deque()
        done: list[Waiter] = []
        while waiting:
            job = waiting.popleft()
            if self._run(job):
                done.append(job)
            elif self._owner is None:
                # Another process writes: it is in the way of the rest as well.
                self._aside.extend(waiting)
                break
        if done:
            settle(done)

    def _run(self, job: Job) -> bool:
        """Do a job; whether it is answered, as opposed to standing aside."""
        if job.kind is Kind.ROLLBACK:
            if self._owner is job.owner:
                self._give_up()
            return True
        if job.abandoned:
            return True
        now = time.monotonic()
        if now > job.until:
            job.error = StoreUnavailable("the database is busy")
            return True
        if self._must_wait(job):
            self._aside.append(job)
            return False
        self._until = now + TIMEOUT_SECONDS
        try:
            self._do(job)
        except sqlite3.OperationalError as error:
            busy = _code(error) == _SQLITE_BUSY
            if busy and job.kind is not Kind.COMMIT and self._of(job) is None:
                self._aside.append(job)
                return False
            job.error = error
        except Exception as error:  # noqa: BLE001 (the error belongs to the task that waits)
            job.error = error
        return True

    def _of(self, job: Job) -> object:
        return None if job.kind is Kind.BEGIN else job.owner

    def _must_wait(self, job: Job) -> bool:
        if self._of(job) is not None or self._owner is None:
            return False
        return job.writes or self._alone

    def _do(self, job: Job) -> None:
        kind = job.kind
        if kind is Kind.FETCH:
            job.result = self._connection(job).execute(job.text, job.parameters).fetchall()
        elif kind is Kind.EXECUTE:
            job.result = self._connection(job).execute(job.text, job.parameters).rowcount
        elif kind is Kind.BEGIN:
            self._open_inside().execute("BEGIN IMMEDIATE")
            self._owner = job.owner
        elif kind is Kind.COMMIT:
            self._connection(job)
            self._end(commit=True)
        elif job.work is not None:
            job.result = job.work(self._connection(job))

    def _connection(self, job: Job) -> sqlite3.Connection:
        if job.owner is None:
            return self._open_outside()
        inside = self._open_inside()
        if job.owner is not self._owner or not inside.in_transaction:
            # SQLite ends a transaction itself where it cannot go on, as on a full disk.
            raise StoreUnavailable("the transaction has ended")
        return inside

    def _end(self, *, commit: bool) -> None:
        inside, self._owner = self._open_inside(), None
        try:
            if commit:
                inside.execute("COMMIT")
        finally:
            if inside.in_transaction:
                inside.execute("ROLLBACK")

    def _give_up(self) -> None:
        try:
            self._end(commit=False)
        except sqlite3.Error:
            # A connection that cannot roll back is closed, which does it.
            if self._inside is not None:
                self._inside.close()
                self._inside = None

    def _open_outside(self) -> sqlite3.Connection:
        if self._outside is None:
            self._outside = self._connect()
        return self._outside

    def _open_inside(self) -> sqlite3.Connection:
        if self._alone:
            return self._open_outside()
        if self._inside is None:
            self._inside = self._connect()
        return self._inside

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=TIMEOUT_SECONDS, isolation_level=None, cached_statements=_STATEMENTS
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if not self._alone:
                try:
                    connection.execute("PRAGMA journal_mode = WAL")
                except sqlite3.OperationalError as error:
                    # A database that cannot be written to can still be read.
                    if _code(error) != _SQLITE_READONLY:
                        raise
                connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        except BaseException:
            connection.close()
            raise
        connection.set_progress_handler(self._late, _STEPS)
        return connection

    def _late(self) -> bool:
        return time.monotonic() > self._until


def _code(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code; ``None`` for what Python's module raises itself, as for text that is not UTF-8."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
