"""Two processes that wait for a line, do what it says at the same time, and answer with a line; not what they race for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.contract.adapters import test_mariadb, test_postgres

__all__ = ("SHARED", "Race", "empty_store", "racing")

SHARED = ("sqlite", "postgres", "mariadb")
"""The stores that several processes may use."""


class Race:
    """The two processes."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def __call__(self, asked: object) -> list[Any]:
        """What each answers."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{json.dumps(asked)}\n")
            process.stdin.flush()
        return [json.loads(process.stdout.readline()) for process in self._processes if process.stdout is not None]


@contextmanager
def racing(script: str, address: str) -> Generator[Race]:
    """Run a script of this folder twice; it is given an address and its name, and says when it is ready."""
    processes = [
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name(script)), address, name],
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
        yield Race(processes)
    finally:
        for process in processes:
            process.communicate(timeout=20)
    assert [process.returncode for process in processes] == [0, 0]


@asynccontextmanager
async def empty_store(kind: str, folder: Path) -> AsyncGenerator[str]:
    """The address of an empty database, as ``racer.opened`` takes it; the test is skipped where there is no server."""
    if kind == "sqlite":
        yield str(folder / "app.db")
        return
    server = test_postgres if kind == "postgres" else test_mariadb
    if reason := await server.refusal():
        pytest.skip(reason)
    async with server.engine_of_its_own(server.URL) as engine:
        url = engine.url
        if kind == "postgres":
            async with engine.connect() as connection:
                schema = (await connection.exec_driver_sql("SELECT current_schema()")).scalar_one()
            url = url.update_query_dict({"search_path": schema})
        yield url.render_as_string(hide_password=False)
