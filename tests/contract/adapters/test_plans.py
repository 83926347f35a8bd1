"""Every shape of condition that the core asks about rows is served by an index, on SQLite and on PostgreSQL.

A list of all users is read by its order or counted, so it has no shape here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.contract.adapters import test_postgres as postgres

from gatewright.model.account import Account
from gatewright.model.query import Change, Delete, Join, Order, Select, Update
from gatewright.model.rate_limit import RateLimit
from gatewright.model.schema import Schema
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_adapters.sqlalchemy.statements import Bound, Statements
from gatewright_adapters.sqlalchemy.transports.sqlite import sqlite_dialect
from gatewright_adapters.sqlalchemy.values import values_for

SCHEMA = Schema.build((User, Session, Account, Verification, RateLimit))
USER, SESSION, ACCOUNT = SCHEMA[User], SCHEMA[Session], SCHEMA[Account]
VERIFICATION, RATE = SCHEMA[Verification], SCHEMA[RateLimit]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOUCH = (Change("updatedAt", "set", NOW),)

SHAPES: dict[str, Select | Update | Delete] = {
    "a session and its user by token": Select(
        SESSION, (Session.token.eq("t"), Session.expires_at.after(NOW)), join=Join(USER, "userId"), limit=1
    ),
    "a session by token": Select(SESSION, (Session.token.eq("t"),), limit=1),
    "the sessions of a user": Select(SESSION, (Session.user_id.eq("u"),), order=(Order("createdAt", "desc"),)),
    "the living sessions of a user": Select(SESSION, (Session.user_id.eq("u"), Session.expires_at.after(NOW))),
    "a session refreshed": Update(
        SESSION, (Session.token.eq("t"), Session.expires_at.eq(NOW)), (Change("expiresAt", "set", NOW),), one=True
    ),
    "a session of a user ended": Delete(SESSION, (Session.token.eq("t"), Session.user_id.eq("u")), one=True),
    "the other sessions of a user ended": Delete(SESSION, (Session.user_id.eq("u"), Session.token.ne("t"))),
    "a user by id": Select(USER, (User.id.eq("u"),), limit=1),
    "a user by address": Select(USER, (User.email.eq("a@example.com"),), limit=1),
    "a user changed where the address is still the same": Update(
        USER, (User.id.eq("u"), User.email.eq("a@example.com")), TOUCH, one=True
    ),
    "a user removed": Delete(USER, (User.id.eq("u"),)),
    "the accounts of a user": Select(ACCOUNT, (Account.user_id.eq("u"),)),
    "the password of a user": Select(ACCOUNT, (Account.user_id.eq("u"), Account.provider_id.eq("credential")), limit=1),
    "an identity": Select(ACCOUNT, (Account.issuer.eq("i"), Account.account_id.eq("a")), limit=1),
    "an account changed": Update(ACCOUNT, (Account.id.eq("a"), Account.password.eq("p")), TOUCH, one=True),
    "an account unlinked": Delete(ACCOUNT, (Account.id.eq("a"), Account.user_id.eq("u")), one=True),
    "a mailed value": Select(
        VERIFICATION, (Verification.identifier.eq("i"),), order=(Order("createdAt", "desc"),), limit=1
    ),
    "a mailed value taken once": Delete(
        VERIFICATION, (Verification.identifier.eq("i"), Verification.expires_at.after(NOW)), one=True
    ),
    "a counter": Select(RATE, (RateLimit.key.eq("k"),), limit=1),
    "a counter counted": Update(
        RATE, (RateLimit.key.eq("k"), RateLimit.count.before(9)), (Change("count", "add", 1),), one=True
    ),
}


def translated(statements: Statements, query: Select | Update | Delete) -> Bound:
    if isinstance(query, Select):
        return statements.select(query)
    return statements.update(query) if isinstance(query, Update) else statements.delete(query)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    import sqlite3  # noqa: PLC0415 (beside its only use)

    path: Path = tmp_path_factory.mktemp("plans") / "app.db"

    async def create() -> None:
        adapter = SQLAlchemyAdapter.sqlite(path)
        await adapter.create_tables(SCHEMA)
        await adapter.close()

    asyncio.run(create())
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


@pytest.mark.parametrize("shape", SHAPES)
def test_sqlite_scans_no_table(sqlite: Any, shape: str) -> None:
    statement, parameters = translated(Statements(sqlite_dialect(), values_for("sqlite")), SHAPES[shape])
    plan = [row[3] for row in sqlite.execute(f"EXPLAIN QUERY PLAN {statement.text}", parameters)]
    assert plan
    assert [step for step in plan if step.startswith("SCAN")] == []


@pytest.fixture(scope="module")
def server() -> str:
    refusal = asyncio.run(postgres.refusal())
    if refusal:
        pytest.skip(refusal)
    return postgres.URL


@pytest.fixture(scope="module")
def postgres_plans(server: str) -> dict[str, str]:
    """The plan of each shape as PostgreSQL makes it where a scan costs as much as in a table of many rows."""
    return asyncio.run(_postgres_plans(server))


async def _postgres_plans(server: str) -> dict[str, str]:
    async with postgres.engine_of_its_own(server) as engine:
        adapter = SQLAlchemyAdapter(engine)
        await adapter.create_tables(SCHEMA)
        statements = Statements(engine.dialect, values_for("postgresql"))
        plans: dict[str, str] = {}
        async with engine.begin() as connection:
            # With no rows a scan would always be cheapest.
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            for shape, query in SHAPES.items():
                statement, parameters = translated(statements, query)
                rows = await connection.exec_driver_sql(f"EXPLAIN {statement.text}", parameters)
                plans[shape] = "\n".join(row[0] for row in rows)
        return plans


@pytest.mark.parametrize("shape", SHAPES)
def test_postgresql_scans_no_table(postgres_plans: dict[str, str], shape: str) -> None:
    plan = postgres_plans[shape]
    assert "Index" in plan
    assert "Seq Scan" not in plan
