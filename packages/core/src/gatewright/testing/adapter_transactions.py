"""The part of the adapter suite about transactions and the creation of tables."""

# ruff: noqa: S101 (assertions are what this module is for; a test's name says what it tests)

from __future__ import annotations

from typing import Any

import anyio
import pytest

from gatewright.model.query import Change, Condition, Delete, Insert, Order, Select, Update
from gatewright.ports.adapter import Adapter, Conflict, TellsMissing
from gatewright.testing.adapter_tables import (
    BADGE,
    SUITE_SCHEMA,
    WIDER_SCHEMA,
    WORDS_SCHEMA,
    Badge,
    Person,
    Words,
    add_badge,
    add_person,
    badge,
    found,
    how_many,
    remove,
    update_one,
)

__all__ = ("SchemaTests", "TransactionTests")


class TransactionTests:
    """Every guarantee about ``transaction``, where the backend has them."""

    async def test_writes_take_effect_together(self, store: Adapter) -> None:
        async with store.transaction() as inside:
            await add_person(inside, 1)
            await add_badge(inside, "x", "p1")
            assert await found(inside) == ["p1"]
            await update_one(inside, (Person.id.eq("p1"),), Person.visits.add(1))
        assert await found(store, Person.visits.eq(1)) == ["p1"]
        assert await how_many(store, table=BADGE) == 1

    async def test_an_exception_takes_every_write_back(self, store: Adapter) -> None:
        _needs_transactions(store)
        await add_person(store, 1)
        with pytest.raises(LookupError, match="on purpose"):
            await _fail_inside(store)
        assert await found(store, Person.visits.eq(0)) == ["p1"]
        await add_person(store, 2)
        assert await found(store) == ["p1", "p2"]

    async def test_a_conflict_inside_takes_every_write_back(self, store: Adapter) -> None:
        _needs_transactions(store)
        await add_person(store, 1)
        with pytest.raises(Conflict):
            await _conflict_inside(store)
        assert await found(store) == ["p1"]

    async def test_a_cancelled_transaction_is_taken_back(self, store: Adapter) -> None:
        _needs_transactions(store)
        ready = anyio.Event()

        async def never_finish() -> None:
            async with store.transaction() as inside:
                await add_person(inside, 1)
                ready.set()
                await anyio.sleep_forever()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(never_finish)
            await ready.wait()
            tasks.cancel_scope.cancel()
        assert await how_many(store) == 0
        with anyio.fail_after(5):
            await add_person(store, 1)
            async with store.transaction() as inside:
                await add_person(inside, 2)
        assert await found(store) == ["p1", "p2"]

    async def test_nobody_sees_what_is_not_committed(self, store: Adapter) -> None:
        _needs_transactions(store)
        written, looked = anyio.Event(), anyio.Event()
        seen: list[int] = []

        async def write() -> None:
            async with store.transaction() as inside:
                await add_person(inside, 1)
                written.set()
                with anyio.move_on_after(0.2):
                    await looked.wait()
                raise LookupError("on purpose")

        async def look() -> None:
            await written.wait()
            seen.append(await how_many(store))
            looked.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(look)
            with pytest.raises(LookupError):
                await write()
        assert seen == [0]

    async def test_transactions_at_the_same_time_all_count(self, store: Adapter) -> None:
        await add_person(store, 1)

        async def visit(number: int) -> None:
            async with store.transaction() as inside:
                await update_one(inside, (Person.id.eq("p1"),), Person.visits.add(1))
                await add_badge(inside, str(number), "p1")

        async with anyio.create_task_group() as tasks:
            for number in range(20):
                tasks.start_soon(visit, number)
        assert await found(store, Person.visits.eq(20)) == ["p1"]
        assert await how_many(store, table=BADGE) == 20


class SchemaTests:
    """Every guarantee about ``create_tables``, and about telling what is missing."""

    async def test_creating_tables_again_changes_nothing(self, store: Adapter) -> None:
        await add_person(store, 1)
        await store.create_tables(SUITE_SCHEMA)
        assert await found(store) == ["p1"]
        with pytest.raises(Conflict):
            await add_person(store, 1)

    async def test_columns_that_came_later_are_added(self, store: Adapter) -> None:
        await add_person(store, 1)
        await add_badge(store, "old", "p1")
        await store.create_tables(WIDER_SCHEMA)
        await store.create_tables(WIDER_SCHEMA)
        wider = WIDER_SCHEMA[Badge]
        (old,) = await store.select(Select(wider))
        assert dict(old) == badge("old", "p1") | {"colour": None, "worn": False}
        new = badge("new", "p1") | {"colour": "red", "worn": True}
        assert dict(await store.insert(Insert(wider, new))) == new
        with pytest.raises(Conflict):
            await store.insert(Insert(wider, new | {"id": "other"}))

    async def test_columns_may_be_called_what_sql_has_a_meaning_for(self, store: Adapter) -> None:
        await store.create_tables(WORDS_SCHEMA)
        await store.create_tables(WORDS_SCHEMA)
        table = WORDS_SCHEMA[Words]
        row = {name: f"a {name}" for name in table.columns}
        assert dict(await store.insert(Insert(table, row))) == row
        changes = tuple(Change(name, "set", f"another {name}") for name in table.columns if name != "id")
        changed = {name: value if name == "id" else f"another {name}" for name, value in row.items()}
        assert await store.update_one(Update(table, (Words.id.eq("a id"),), changes, one=True)) == changed
        order = tuple(Order(name) for name in table.columns)
        where: tuple[Condition[Any], ...] = tuple(Condition(name, "eq", value) for name, value in changed.items())
        assert [dict(found) for found in await store.select(Select(table, where, order=order))] == [changed]
        assert await store.take(Delete(table, where, one=True)) == changed

    async def test_what_is_missing_is_told_by_its_name(self, adapter: Adapter) -> None:
        if not isinstance(adapter, TellsMissing):
            pytest.skip("this backend cannot tell what it lacks")
        assert sorted(await adapter.missing(SUITE_SCHEMA)) == ["order", "suiteBadge", "suitePerson"]
        await adapter.create_tables(SUITE_SCHEMA)
        assert list(await adapter.missing(SUITE_SCHEMA)) == []
        assert sorted(await adapter.missing(WIDER_SCHEMA)) == ["suiteBadge.colour", "suiteBadge.worn"]
        await adapter.create_tables(WIDER_SCHEMA)
        assert list(await adapter.missing(WIDER_SCHEMA)) == []


def _needs_transactions(store: Adapter) -> None:
    if not store.features.transactions:
        pytest.skip("this backend has no transactions")


async def _fail_inside(store: Adapter) -> None:
    async with store.transaction() as inside:
        await add_person(inside, 2)
        await add_badge(inside, "x", "p2")
        await update_one(inside, (Person.id.eq("p1"),), Person.visits.add(1))
        await remove(inside, Person.id.eq("p1"))
        raise LookupError("on purpose")


async def _conflict_inside(store: Adapter) -> None:
    async with store.transaction() as inside:
        await add_person(inside, 2)
        await add_person(inside, 1)
