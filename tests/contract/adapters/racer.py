"""One of several processes that race for the same rows: run with a database file; reports what it won as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio

from gatewright.ports.adapter import Conflict
from gatewright.testing.adapter_tables import Person, add_person, take, update_one
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

TASKS = 25


async def race(path: str, name: str) -> None:
    adapter = SQLAlchemyAdapter.sqlite(path)
    await adapter.open()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()

    async def insert(number: int) -> Any:
        try:
            return await add_person(adapter, f"{name}{number}", email="same@example.com")
        except Conflict:
            return None

    won: dict[str, int] = {}

    async def count(label: str, work: Callable[[int], Awaitable[Any]]) -> None:
        async def one(number: int) -> None:
            if await work(number) is not None:
                won[label] = won.get(label, 0) + 1

        async with anyio.create_task_group() as tasks:
            for number in range(TASKS):
                tasks.start_soon(one, number)

    visit = (Person.id.eq("counter"),)
    is_open = (Person.id.eq("open"), Person.nickname.eq("open"))
    await count("insert", insert)
    await count("take", lambda _: take(adapter, Person.id.eq("prize")))
    await count("set", lambda number: update_one(adapter, is_open, Person.nickname.to(f"{name}{number}")))
    await count("add", lambda _: update_one(adapter, visit, Person.visits.add(1)))

    async def together(_: int) -> Any:
        async with adapter.transaction() as inside:
            await update_one(inside, visit, Person.visits.add(1))
            return await update_one(inside, visit, Person.visits.add(1))

    await count("transaction", together)
    await adapter.close()
    sys.stdout.write(json.dumps(won) + "\n")


if __name__ == "__main__":
    anyio.run(race, sys.argv[1], sys.argv[2])
