"""The part of the adapter suite about races: many tasks at once, one winner, exact counters."""

# ruff: noqa: S101 (assertions are what this module is for; a test's name says what it tests)

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import anyio.lowlevel

from gatewright.ports.adapter import Adapter, Conflict
from gatewright.testing.adapter_tables import Person, add_person, found, how_many, take, update, update_one

__all__ = ("RaceTests",)

R = TypeVar("R")

TASKS = 50


class RaceTests:
    """What holds when many tasks do the same thing at the same time.

    Attributes:
        races: How often the races of ``test_every_race_has_one_winner_every_time`` are run.
    """

    races = 20

    async def test_every_race_has_one_winner_every_time(self, store: Adapter) -> None:
        for number in range(self.races):
            await _race(store, number)

    async def test_one_of_many_takes_the_row(self, store: Adapter) -> None:
        await add_person(store, 1)
        rows = await _at_once(lambda _: take(store, Person.email.eq("p1@example.com")))
        assert [row["id"] for row in rows if row is not None] == ["p1"]
        assert await how_many(store) == 0

    async def test_several_rows_go_to_as_many_takers(self, store: Adapter) -> None:
        for number in range(10):
            await add_person(store, number, nickname="free")
        rows = await _at_once(lambda _: take(store, Person.nickname.eq("free")))
        got = [row["id"] for row in rows if row is not None]
        assert len(set(got)) == len(got)
        assert await how_many(store) == 10 - len(got)

    async def test_one_of_many_compares_and_sets(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="open")
        rows = await _at_once(
            lambda number: update_one(
                store,
                (Person.id.eq("p1"), Person.nickname.eq("open")),
                Person.nickname.to(f"mine {number}"),
                Person.visits.add(1),
            )
        )
        (winner,) = [row for row in rows if row is not None]
        assert await found(store, Person.nickname.eq(winner["nickname"]), Person.visits.eq(1)) == ["p1"]

    async def test_a_row_found_by_anything_is_changed_once(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="open")
        rows = await _at_once(
            lambda number: update_one(store, (Person.nickname.eq("open"),), Person.nickname.to(f"mine {number}"))
        )
        assert len([row for row in rows if row is not None]) == 1

    async def test_one_of_many_inserts_a_key(self, store: Adapter) -> None:
        async def insert(number: int) -> bool:
            try:
                await add_person(store, number, email="same@example.com")
            except Conflict:
                return False
            return True

        assert (await _at_once(insert)).count(True) == 1
        assert await how_many(store) == 1

    async def test_one_of_many_inserts_a_key_of_two_columns(self, store: Adapter) -> None:
        async def insert(number: int) -> bool:
            try:
                await add_person(store, number, team="red", seat=1)
            except Conflict:
                return False
            return True

        assert (await _at_once(insert)).count(True) == 1

    async def test_every_addition_counts(self, store: Adapter) -> None:
        await add_person(store, 1)
        rows = await _at_once(lambda _: update_one(store, (Person.id.eq("p1"),), Person.visits.add(1)))
        assert sorted(row["visits"] for row in rows if row is not None) == list(range(1, TASKS + 1))

    async def test_every_addition_to_many_rows_counts(self, store: Adapter) -> None:
        for number in range(3):
            await add_person(store, number)
        assert await _at_once(lambda _: update(store, (), Person.visits.add(1))) == [3] * TASKS
        assert await how_many(store, Person.visits.eq(TASKS)) == 3

    async def test_a_quota_is_spent_exactly(self, store: Adapter) -> None:
        await add_person(store, 1, visits=7)
        rows = await _at_once(
            lambda _: update_one(store, (Person.id.eq("p1"), Person.visits.after(0)), Person.visits.add(-1))
        )
        assert sorted(row["visits"] for row in rows if row is not None) == list(range(7))
        assert await found(store, Person.visits.eq(0)) == ["p1"]

    async def test_a_quota_found_by_its_guard_alone_is_spent_exactly(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="pool", visits=TASKS)
        rows = await _at_once(
            lambda _: update_one(store, (Person.nickname.eq("pool"), Person.visits.after(0)), Person.visits.add(-1))
        )
        assert sorted(row["visits"] for row in rows if row is not None) == list(range(TASKS))

    async def test_cancelled_callers_leave_the_store_usable(self, store: Adapter) -> None:
        await add_person(store, 1)

        async def endless() -> None:
            while True:
                await update_one(store, (Person.id.eq("p1"),), Person.visits.add(1))
                await found(store)
                await anyio.lowlevel.checkpoint()

        async with anyio.create_task_group() as tasks:
            for _ in range(10):
                tasks.start_soon(endless)
            for _ in range(5):
                await found(store)
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        with anyio.fail_after(5):
            assert await found(store) == ["p1"]
            assert await update_one(store, (Person.id.eq("p1"),), Person.visits.to(0)) is not None


async def _at_once(work: Callable[[int], Awaitable[R]]) -> list[R]:
    """What ``work`` gives for each number below ``TASKS``, all started before any may go on."""
    results: list[R] = []
    start = anyio.Event()

    async def one(number: int) -> None:
        await start.wait()
        results.append(await work(number))

    async with anyio.create_task_group() as tasks:
        for number in range(TASKS):
            tasks.start_soon(one, number)
        await anyio.lowlevel.checkpoint()
        start.set()
    return results


async def _race(store: Adapter, number: int) -> None:
    await add_person(store, f"prize{number}")
    await add_person(store, f"open{number}", nickname="open", visits=7)

    async def insert(task: int) -> bool:
        try:
            await add_person(store, f"{number}-{task}", email=f"same{number}@example.com")
        except Conflict:
            return False
        return True

    it, free = Person.id.eq(f"popen{number}"), Person.nickname.eq("open")
    assert (await _at_once(insert)).count(True) == 1
    taken = await _at_once(lambda _: take(store, Person.id.eq(f"pprize{number}")))
    assert [row["id"] for row in taken if row is not None] == [f"pprize{number}"]
    spent = await _at_once(lambda _: update_one(store, (it, Person.visits.after(0)), Person.visits.add(-1)))
    assert sorted(row["visits"] for row in spent if row is not None) == list(range(7))
    won = await _at_once(lambda task: update_one(store, (it, free), Person.nickname.to(f"mine {task}")))
    assert len([row for row in won if row is not None]) == 1
