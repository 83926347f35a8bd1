"""One of several processes that race for the same rows or keys; reports what it won as one line of JSON a round.

Run with the address of a store and a name; waits for a line before each round, and ends with its standard input.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from tests.contract.adapters.d1_engine import over_http

from gatewright.ports.adapter import Adapter, Conflict
from gatewright.ports.cache import Cache
from gatewright.testing.adapter_tables import Person, add_person, take, update_one
from gatewright_adapters.redis import RedisCache
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

__all__ = ("TASKS", "opened", "opened_cache")

TASKS = 25


@asynccontextmanager
async def opened(address: str) -> AsyncGenerator[SQLAlchemyAdapter]:
    """The adapter for a path of a SQLite file, for ``http://…#database`` of D1, or for an engine's address.

    An engine's ``search_path`` is PostgreSQL's schema.
    """
    place, _, database = address.partition("#")
    if not address.startswith(("postgresql", "mysql")):
        adapter = over_http(place, database) if database else SQLAlchemyAdapter.sqlite(address)
        await adapter.open()
        yield adapter
        await adapter.close()
        return
    url = make_url(address)
    schema = url.query.get("search_path")
    arguments: dict[str, Any] = {"server_settings": {"search_path": schema}} if schema else {}
    engine = create_async_engine(url.set(query={}), connect_args=arguments, pool_size=8, max_overflow=0)
    yield SQLAlchemyAdapter(engine)
    await engine.dispose()


@asynccontextmanager
async def opened_cache(address: str) -> AsyncGenerator[RedisCache]:
    """The cache for ``redis://…#prefix``."""
    import redis.asyncio  # noqa: PLC0415 (where it is needed)

    place, _, prefix = address.partition("#")
    client: Any = redis.asyncio.Redis.from_url(place)  # pyright: ignore[reportUnknownMemberType] (redis-py's own gap)
    yield RedisCache(client, prefix=prefix)
    await client.aclose()


class Round:
    """What ``TASKS`` callers won at the same time."""

    def __init__(self) -> None:
        self.won: dict[str, int] = {}

    async def count(self, label: str, work: Callable[[int], Awaitable[object]]) -> None:
        """Let every caller try; an answer that says nothing wins nothing."""
        self.won[label] = 0

        async def one(number: int) -> None:
            if await work(number):
                self.won[label] += 1

        async with anyio.create_task_group() as tasks:
            for number in range(TASKS):
                tasks.start_soon(one, number)


async def race(adapter: Adapter, name: str, number: int) -> dict[str, int]:
    """One round over the rows ``prize``, ``open`` and ``counter`` of this number."""

    async def insert(task: int) -> object:
        try:
            return await add_person(adapter, f"{name}{number}-{task}", email=f"same{number}@example.com")
        except Conflict:
            return None

    visit = (Person.id.eq(f"counter{number}"),)
    is_open = (Person.id.eq(f"open{number}"), Person.nickname.eq("open"))
    quota = (Person.id.eq(f"quota{number}"), Person.visits.after(0))

    async def together(_: int) -> object:
        async with adapter.transaction() as inside:
            await update_one(inside, visit, Person.visits.add(1))
            return await update_one(inside, visit, Person.visits.add(1))

    done = Round()
    await done.count("insert", insert)
    await done.count("take", lambda _: take(adapter, Person.id.eq(f"prize{number}")))
    await done.count("set", lambda task: update_one(adapter, is_open, Person.nickname.to(f"{name}{task}")))
    await done.count("add", lambda _: update_one(adapter, visit, Person.visits.add(1)))
    if number == 0:
        await done.count("quota", lambda _: update_one(adapter, quota, Person.visits.add(-1)))
        await done.count("transaction", together)
    return done.won


async def race_for_keys(cache: Cache, name: str, number: int) -> dict[str, int]:
    """One round over the keys ``prize``, ``open``, ``free`` and ``counter`` of this number."""
    done = Round()
    await done.count("insert", lambda task: cache.replace(f"free{number}", None, f"{name}{task}", 60))
    await done.count("take", lambda _: cache.take(f"prize{number}"))
    await done.count("set", lambda task: cache.replace(f"open{number}", "open", f"{name}{task}", 60))
    await done.count("add", lambda _: cache.increment(f"counter{number}", 60))
    return done.won


async def main(address: str, name: str) -> None:
    """Race until nobody asks any more."""
    opening = opened_cache(address) if address.startswith("redis") else opened(address)
    async with opening as store:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for line in sys.stdin:
            number = int(line)
            won = await (
                race_for_keys(store, name, number) if isinstance(store, RedisCache) else race(store, name, number)
            )
            sys.stdout.write(json.dumps(won) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], sys.argv[2])
