"""Two processes on one SQLite file: one winner, exact counters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gatewright.model.query import Select
from gatewright.testing.adapter_tables import PERSON, SUITE_SCHEMA, Person, add_person
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio

TASKS = 25


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The racing processes choose their own loop."""
    return str(request.param)


async def test_two_processes_have_one_winner(tmp_path: Path) -> None:
    path = str(tmp_path / "app.db")
    adapter = SQLAlchemyAdapter.sqlite(path)
    await adapter.create_tables(SUITE_SCHEMA)
    await add_person(adapter, "prize", id="prize")
    await add_person(adapter, "open", id="open", nickname="open")
    await add_person(adapter, "counter", id="counter")

    won = _race(path)
    for label in ("insert", "take", "set"):
        assert sum(each.get(label, 0) for each in won) == 1, label
    for label in ("add", "transaction"):
        assert [each[label] for each in won] == [TASKS, TASKS]
    (counter,) = await adapter.select(Select(PERSON, (Person.id.eq("counter"),)))
    assert counter["visits"] == 2 * TASKS + 2 * 2 * TASKS
    await adapter.close()


def _race(path: str) -> list[dict[str, int]]:
    first, second = (
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("racer.py")), path, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for name in ("a", "b")
    )
    for process in (first, second):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in (first, second):
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    won: list[dict[str, int]] = [json.loads(process.communicate(timeout=60)[0]) for process in (first, second)]

    assert [process.returncode for process in (first, second)] == [0, 0]
    return won
