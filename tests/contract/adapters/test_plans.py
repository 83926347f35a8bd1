"""Every statement that the flows of the core and of the plugins make is served by an index, on SQLite and on PostgreSQL.

The statements are those of a whole run of the flows' own tests, written down by ``recording``, and are explained over tables
that have rows.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.contract.adapters import test_postgres as postgres
from tests.contract.adapters.recording import FILE, Asked

ROOT = Path(__file__).parents[3]
FLOWS = ("plugins", "core/endpoints", "core/services", "core/pipeline", "core/flows")

WHOLE = {
    r"select jwks order": "a handful of keys, all of which are used",
    r"count user( where email contains| where role ne|$)": "how many an administrator's list has; kept above 10,000",
    r"delete rateLimit where lastRequest lt": "a sweep beside the requests; an index would be written at every request",
}
"""What may read a whole table or index, and why."""
PAGE = re.compile(r"select user .*order .* limited")
"""A page of an administrator's list: read in the order of an index, until it is full, so what it leaves out may be read."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """What the flows' tests asked, without inserts that have no condition."""
    path: Path = tmp_path_factory.mktemp("plans") / "queries"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"),
            *("-p", "tests.contract.adapters.recording", "-k", "not trio"),
            *(f"tests/unit/{each}" for each in FLOWS),
        ],
        cwd=ROOT,
        env={**os.environ, FILE: str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    found: list[Asked] = pickle.loads(path.read_bytes())
    return [each for each in found if not each.name.startswith("insert") or " where " in each.name]


def test_the_run_reaches_every_table(asked: list[Asked]) -> None:
    tables = {"user", "session", "account", "verification", "rateLimit", "apikey", "deviceCode", "invitation", "jwks"}
    tables |= {
        "member",
        "organization",
        "organizationRole",
        "passkey",
        "team",
        "teamMember",
        "twoFactor",
        "walletAddress",
    }
    assert {re.sub(r"^\w+ (one )?(\w+).*", r"\2", each.name) for each in asked} >= tables
    assert len(asked) > 100


def test_sqlite_scans_no_table(asked: list[Asked]) -> None:
    databases: dict[tuple[str, ...], sqlite3.Connection] = {}
    wrong: dict[str, Sequence[str]] = {}
    for each in asked:
        database = databases.get(each.sqlite.tables)
        if database is None:
            database = databases[each.sqlite.tables] = sqlite3.connect(":memory:")
            for statement in each.sqlite.tables:
                database.execute(statement)
        plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {each.sqlite.text}", each.sqlite.parameters)]
        # Of a page, rows that are equal in the first column are sorted by the next.
        ordered = any("USING INDEX" in step for step in plan) and "USE TEMP B-TREE FOR ORDER BY" not in plan
        scans = [step for step in plan if step.startswith("SCAN") and step not in ("SCAN CONSTANT ROW", "SCAN one")]
        if scans and not (PAGE.match(each.name) and ordered) and not _may(each.name):
            wrong[f"{each.name} ({each.test})"] = plan
    for database in databases.values():
        database.close()
    assert wrong == {}


def test_postgresql_scans_no_table(asked: list[Asked]) -> None:
    reason = asyncio.run(postgres.refusal())
    if reason:
        pytest.skip(reason)
    wrong: dict[str, Sequence[str]] = {}
    for each, plan in zip(asked, asyncio.run(_postgres_plans(asked)), strict=True):
        steps = [re.split(r"^ *(?:-> +)?", line)[-1] for line in plan]
        ordered = not any(step.startswith("Sort  (") for step in steps)
        if _scans(steps) and not (PAGE.match(each.name) and ordered) and not _may(each.name):
            wrong[f"{each.name} ({each.test})"] = plan
    assert wrong == {}


def _may(name: str) -> bool:
    return any(re.match(each, name) for each in WHOLE)


def _scans(steps: Sequence[str]) -> bool:
    """Whether a plan reads a table, or an index from end to end."""
    indexes = sum(bool(re.search(r"(?:^|Bitmap )Index (?:Only )?Scan", step)) for step in steps)
    return any("Seq Scan" in step for step in steps) or indexes > sum(step.startswith("Index Cond") for step in steps)


async def _postgres_plans(asked: list[Asked]) -> list[list[str]]:
    groups: dict[tuple[str, ...], list[int]] = {}
    for at, each in enumerate(asked):
        groups.setdefault(each.postgresql.tables, []).append(at)
    plans: dict[int, list[str]] = {}
    for tables, numbers in groups.items():
        async with postgres.engine_of_its_own(postgres.URL) as engine, engine.begin() as connection:
            for statement in tables:
                await connection.exec_driver_sql(statement)
            # A scan costs as much as in a table of many rows.
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            for at in numbers:
                written = asked[at].postgresql
                rows = await connection.exec_driver_sql(f"EXPLAIN {written.text}", written.parameters)
                plans[at] = [row[0] for row in rows]
    return [plans[at] for at in range(len(asked))]
