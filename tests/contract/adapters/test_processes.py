"""Two processes with 25 callers each on one store, 20 times: one winner each time, exact counters."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.contract.adapters import test_mariadb as mariadb
from tests.contract.adapters import test_postgres as postgres
from tests.contract.adapters import test_redis as redis
from tests.contract.adapters.d1_engine import bridge
from tests.contract.adapters.racer import TASKS, opened, opened_cache

from gatewright.model.query import Select
from gatewright.testing.adapter_tables import PERSON, SUITE_SCHEMA, Person, add_person

pytestmark = pytest.mark.anyio

ROUNDS = 20
QUOTA = 7


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The racing processes choose their own loop."""
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgres", "mariadb", "d1"])
async def address(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncIterator[str]:
    """Of an empty database."""
    if request.param == "sqlite":
        yield str(tmp_path / "app.db")
        return
    if request.param == "d1":
        with bridge() as place:
            yield f"{place}#racing"
        return
    server = postgres if request.param == "postgres" else mariadb
    if reason := await server.refusal():
        pytest.skip(reason)
    async with server.engine_of_its_own(server.URL) as engine:
        url = engine.url
        if request.param == "postgres":
            async with engine.connect() as connection:
                schema = (await connection.exec_driver_sql("SELECT current_schema()")).scalar_one()
            url = url.update_query_dict({"search_path": schema})
        yield url.render_as_string(hide_password=False)


async def test_two_processes_have_one_winner_for_each_row(address: str) -> None:
    async with opened(address) as adapter:
        await adapter.create_tables(SUITE_SCHEMA)
        for number in range(ROUNDS):
            for name in ("prize", "open", "counter", *(["quota"] if number == 0 else [])):
                key = f"{name}{number}"
                await add_person(adapter, key, id=key, nickname="open", visits=QUOTA if name == "quota" else 0)
        with racing(address) as race:
            for number in range(ROUNDS):
                won = await asyncio.to_thread(race, number)
                for label in ("insert", "take", "set"):
                    assert sum(each[label] for each in won) == 1, (label, number, won)
                assert [each["add"] for each in won] == [TASKS, TASKS]
                together = sum(each.get("transaction", 0) for each in won)
                assert together == (2 * TASKS if number == 0 else 0)
                (counter,) = await adapter.select(Select(PERSON, (Person.id.eq(f"counter{number}"),)))
                assert counter["visits"] == 2 * TASKS + 2 * together
                if number == 0:
                    assert sum(each["quota"] for each in won) == QUOTA
            (quota,) = await adapter.select(Select(PERSON, (Person.id.eq("quota0"),)))
            assert quota["visits"] == 0


async def test_two_processes_have_one_winner_for_each_key_in_redis() -> None:
    if reason := await redis.refusal():
        pytest.skip(reason)
    address = f"{redis.URL}#gatewright-{secrets.token_hex(6)}:"
    async with opened_cache(address) as cache:
        with racing(address) as race:
            for number in range(ROUNDS):
                await cache.set(f"prize{number}", "prize", 60)
                await cache.set(f"open{number}", "open", 60)
                won = await asyncio.to_thread(race, number)
                for label in ("insert", "take", "set"):
                    assert sum(each[label] for each in won) == 1, (label, number, won)
                assert [each["add"] for each in won] == [TASKS, TASKS]
                assert await cache.increment(f"counter{number}", 60) == 2 * TASKS + 1


class _Race:
    """Two processes that wait for a number, and answer it at the same time."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def __call__(self, number: int) -> list[dict[str, int]]:
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{number}\n")
            process.stdin.flush()
        return [json.loads(process.stdout.readline()) for process in self._processes if process.stdout is not None]


@contextmanager
def racing(address: str) -> Generator[_Race]:
    processes = [
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("racer.py")), address, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for name in ("a", "b")
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield _Race(processes)
    finally:
        for process in processes:
            process.communicate(timeout=20)
    assert [process.returncode for process in processes] == [0, 0]
