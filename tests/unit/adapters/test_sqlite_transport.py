"""The direct way to SQLite when things go wrong: locks, slow statements, broken files, cancelled tasks, closing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from gatewright.model.query import Select
from gatewright.ports.adapter import StoreUnavailable
from gatewright.testing.adapter_tables import PERSON, SUITE_SCHEMA, Person, add_person, found, how_many, update_one
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_adapters.sqlalchemy.statement import RowPlan, Statement
from gatewright_adapters.sqlalchemy.transports.sqlite import SQLiteTransport

pytestmark = pytest.mark.anyio

WORKER = "gatewright_adapters.sqlalchemy.transports.sqlite_worker"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
async def adapter(tmp_path: Path) -> AsyncIterator[SQLAlchemyAdapter]:
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
    await adapter.create_tables(SUITE_SCHEMA)
    yield adapter
    await adapter.close()


def other(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(tmp_path / "app.db", isolation_level=None)


async def test_a_file_is_in_wal_mode_with_its_references_checked(adapter: SQLAlchemyAdapter, tmp_path: Path) -> None:
    connection = other(tmp_path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_reads_go_on_while_another_process_writes(
    adapter: SQLAlchemyAdapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_person(adapter, 1)
    writer = other(tmp_path)
    writer.execute("BEGIN IMMEDIATE")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(add_person, adapter, 2)
        with anyio.fail_after(1):
            assert await found(adapter) == ["p1"]
        writer.execute("COMMIT")
    assert await found(adapter) == ["p1", "p2"]
    writer.close()


async def test_a_lock_that_is_never_given_back_makes_the_store_unavailable(
    adapter: SQLAlchemyAdapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{WORKER}.TIMEOUT_SECONDS", 0.05)
    writer = other(tmp_path)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="busy"):
        await add_person(adapter, 1)
    with pytest.raises(StoreUnavailable, match="busy"):
        async with adapter.transaction():
            pytest.fail("a transaction began")
    writer.execute("ROLLBACK")
    writer.close()
    await add_person(adapter, 1)


async def test_a_transaction_that_takes_too_long_makes_others_unavailable(
    adapter: SQLAlchemyAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{WORKER}.TIMEOUT_SECONDS", 0.05)
    async with adapter.transaction() as inside:
        await add_person(inside, 1)
        with pytest.raises(StoreUnavailable, match="busy"):
            await add_person(adapter, 2)
        assert await how_many(adapter) == 0
    assert await found(adapter) == ["p1"]


async def test_a_slow_statement_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{WORKER}.TIMEOUT_SECONDS", 0.05)
    transport = SQLiteTransport(str(tmp_path / "app.db"))
    started = time.monotonic()
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        await transport.fetch(Statement(ENDLESS, (), None, RowPlan(()), None, writes=False), ())
    assert time.monotonic() - started < 2
    await transport.close()


async def test_text_that_cannot_be_read_is_an_error_and_the_next_statement_goes_on(tmp_path: Path) -> None:
    transport = SQLiteTransport(str(tmp_path / "app.db"))

    async def fetch(text: str) -> object:
        with anyio.fail_after(5):
            return await transport.fetch(Statement(text, (), None, RowPlan(()), None, writes=False), ())

    with pytest.raises(sqlite3.OperationalError, match="UTF-8"):
        await fetch("SELECT CAST(x'ff' AS TEXT)")
    assert await fetch("SELECT 1") == [(1,)]
    await transport.close()


async def test_a_transaction_that_is_over_takes_nothing_more(adapter: SQLAlchemyAdapter) -> None:
    async with adapter.transaction() as inside:
        await add_person(inside, 1)
    with pytest.raises(StoreUnavailable, match="ended"):
        await add_person(inside, 2)
    assert await found(adapter) == ["p1"]


async def test_transactions_are_not_nested(adapter: SQLAlchemyAdapter) -> None:
    async with adapter.transaction() as inside:
        with pytest.raises(RuntimeError, match="nested"):
            async with inside.transaction():
                pytest.fail("a transaction began")


async def test_a_task_that_is_cancelled_while_it_waits_for_its_turn_leaves_nothing(adapter: SQLAlchemyAdapter) -> None:
    async def begin() -> None:
        async with adapter.transaction() as inside:
            await add_person(inside, 2)

    async with adapter.transaction() as inside:
        await add_person(inside, 1)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(begin)
            tasks.start_soon(add_person, adapter, 3)
            await anyio.lowlevel.checkpoint()
            await how_many(adapter)
            tasks.cancel_scope.cancel()
    with anyio.fail_after(2):
        assert await found(adapter) == ["p1"]
        assert await update_one(adapter, (Person.id.eq("p1"),), Person.visits.add(1)) is not None
        async with adapter.transaction() as again:
            await add_person(again, 4)


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be looked at" * 20, None])
async def test_a_path_that_is_no_database_is_told_without_its_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "secret" if content is None else tmp_path / "secret.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    adapter = SQLAlchemyAdapter.sqlite(path)
    with pytest.raises(StoreUnavailable) as gone:
        await adapter.open()
    assert "secret" not in str(gone.value)
    await adapter.close()


async def test_tables_that_were_not_created_make_the_store_unavailable(tmp_path: Path) -> None:
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "empty.db")
    with pytest.raises(StoreUnavailable, match="tables"):
        await adapter.select(Select(PERSON))
    await adapter.close()


async def test_a_closed_adapter_says_so(adapter: SQLAlchemyAdapter) -> None:
    await adapter.close()
    await adapter.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await found(adapter)


async def test_a_closed_adapter_is_opened_again(tmp_path: Path) -> None:
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
    for number in range(3):
        await adapter.create_tables(SUITE_SCHEMA)
        await adapter.open()
        await add_person(adapter, number)
        async with adapter.transaction() as inside:
            await add_person(inside, f"{number}-inside")
        await adapter.close()
        with pytest.raises(StoreUnavailable, match="closed"):
            await found(adapter)
    await adapter.open()
    assert await found(adapter) == ["p0", "p0-inside", "p1", "p1-inside", "p2", "p2-inside"]
    await adapter.close()


async def test_a_database_in_memory_ends_when_it_is_closed() -> None:
    adapter = SQLAlchemyAdapter.sqlite(":memory:")
    await adapter.create_tables(SUITE_SCHEMA)
    await adapter.open()
    await add_person(adapter, 1)
    await adapter.close()
    await adapter.open()
    assert sorted(await adapter.missing(SUITE_SCHEMA)) == ["order", "suiteBadge", "suitePerson"]
    await adapter.close()


async def test_an_adapter_that_was_never_used_closes(tmp_path: Path) -> None:
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "never.db")
    await adapter.close()
    assert not (tmp_path / "never.db").exists()


async def test_what_is_written_stays(tmp_path: Path) -> None:
    for number in range(2):
        adapter = SQLAlchemyAdapter.sqlite(tmp_path / "kept.db")
        await adapter.open()
        await adapter.create_tables(SUITE_SCHEMA)
        await add_person(adapter, number)
        await adapter.close()
        assert await reopened(tmp_path / "kept.db") == number + 1


async def reopened(path: Path) -> int:
    adapter = SQLAlchemyAdapter.sqlite(path)
    count = await how_many(adapter)
    await adapter.close()
    return count


async def test_many_tasks_are_answered_each_with_its_own(adapter: SQLAlchemyAdapter) -> None:
    for number in range(10):
        await add_person(adapter, number)
    wrong: list[str] = []
    answered: list[int] = []

    async def ask(number: int) -> None:
        for _ in range(5):
            rows = await found(adapter, Person.id.eq(f"p{number % 10}"))
            wrong.extend(row for row in rows if row != f"p{number % 10}")
            answered.append(len(rows))

    async with anyio.create_task_group() as tasks:
        for number in range(100):
            tasks.start_soon(ask, number)
    assert wrong == []
    assert answered == [1] * 500
