"""The part of the adapter suite about counts as conditions: each side of each, on every write."""

# ruff: noqa: S101 (assertions are what this module is for; a test's name says what it tests)

from __future__ import annotations

from typing import Any

import pytest

from gatewright.model.query import AnyOf, Condition, Delete, Insert, Tally, Update
from gatewright.ports.adapter import Adapter, Conflict, Unmet
from gatewright.testing.adapter_tables import (
    BADGE,
    PERSON,
    Badge,
    Person,
    add_badge,
    add_person,
    found,
    how_many,
    moment,
    person,
    take,
    update,
    update_one,
)

__all__ = ("TallyTests",)


def _fewer(number: int, *where: Condition[Any]) -> Tally:
    return Tally(PERSON, where, "fewer_than", number)


def _least(number: int, *where: Condition[Any]) -> Tally:
    return Tally(PERSON, where, "at_least", number)


class TallyTests:
    """What a statement counts before it writes."""

    async def test_an_insert_is_made_where_its_counts_hold(self, store: Adapter) -> None:
        red, late = Person.team.eq("red"), Person.joined_at.after(moment(1))
        values = person(1, team="red", seat=1, notes={"a": [1]}, tags=["x"], leftAt=moment(2, 3))
        stored = await store.insert(Insert(PERSON, values, (_fewer(1, red), _fewer(1, late))))
        assert dict(stored) == values
        with pytest.raises(Unmet):
            await store.insert(Insert(PERSON, person(2, team="red", seat=2), (_fewer(1, red),)))
        await store.insert(Insert(PERSON, person(3, team="red", seat=3), (_fewer(2, red), _least(1, red))))
        with pytest.raises(Unmet):
            await store.insert(Insert(PERSON, person(4), (_fewer(9, red), _least(3, red))))
        assert await found(store) == ["p1", "p3"]

    async def test_a_key_that_is_taken_is_a_conflict_with_counts_as_well(self, store: Adapter) -> None:
        await add_person(store, 1)
        with pytest.raises(Conflict):
            await store.insert(Insert(PERSON, person(2, email="p1@example.com"), (_fewer(9),)))

    async def test_an_insert_counts_another_table(self, store: Adapter) -> None:
        await add_person(store, 1)
        mine = Tally(BADGE, (Badge.person_id.eq("p1"),), "fewer_than", 1)
        row = {"code": "a", "level": 1, "personId": "p1", "id": "b1"}
        assert dict(await store.insert(Insert(BADGE, row, (mine, _least(1, Person.id.eq("p1")))))) == row
        with pytest.raises(Unmet):
            await store.insert(Insert(BADGE, row | {"code": "b", "id": "b2"}, (mine,)))

    async def test_a_row_is_changed_and_taken_where_a_count_holds(self, store: Adapter) -> None:
        for number in (1, 2):
            await add_person(store, number, nickname="boss")
        others = (Person.nickname.eq("boss"), Person.id.ne("p1"))
        guard = _least(1, *others)
        assert await update_one(store, (Person.id.eq("p1"), _least(2, *others)), Person.nickname.to("x")) is None
        assert await take(store, Person.id.eq("p1"), _least(2, *others)) is None
        changed = await update_one(store, (Person.id.eq("p1"), guard), Person.nickname.to("former"))
        assert changed is not None
        assert changed["nickname"] == "former"
        last = (Person.nickname.eq("boss"), Person.id.ne("p2"))
        assert await take(store, Person.id.eq("p2"), _least(1, *last)) is None
        assert await update(store, (_fewer(1, *last),), Person.visits.add(1)) == 2
        assert await take(store, Person.id.eq("p1"), guard) is not None
        assert await found(store) == ["p2"]

    async def test_a_row_is_changed_and_taken_where_a_count_of_another_table_holds(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="ada")
        await add_badge(store, "a", "p1")
        now = moment(5)

        def welcome(*where: Condition[Any], id: str = "p1") -> tuple[Condition[Any], Tally]:  # noqa: A002
            named = Tally(PERSON, (Person.id.eq(id), AnyOf(where)), "at_least", 1)
            return Badge.code.eq("a"), named

        async def levelled(where: tuple[Condition[Any], Tally]) -> object:
            row = await store.update_one(Update(BADGE, where, (Badge.level.add(1),), one=True))
            return None if row is None else row["level"]

        free = (Person.verified.eq(False), Person.verified.eq(None), Person.left_at.until(now))
        assert await levelled(welcome(*free)) == 2
        assert await levelled(welcome(*free, id="p2")) is None
        for left_at, level in ((None, None), (moment(5, 1), None), (now, 3)):
            await update(store, (), Person.verified.to(True), Person.left_at.to(left_at))
            assert await levelled(welcome(*free)) == level
        await update(store, (), Person.verified.to(False), Person.left_at.to(None))
        assert await levelled(welcome(*free)) == 4
        assert await store.take(Delete(BADGE, welcome(Person.nickname.eq("bob")), one=True)) is None
        assert await store.take(Delete(BADGE, welcome(Person.nickname.eq("ada")), one=True)) is not None

    async def test_a_row_found_by_several_columns_is_taken_where_a_count_holds(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="boss")
        await add_badge(store, "a", "p1")
        worn = Tally(BADGE, (Badge.person_id.eq("p1"),), "at_least", 1)
        assert await take(store, Person.nickname.eq("boss"), _fewer(1)) is None
        assert await take(store, Person.nickname.eq("boss"), worn) is not None
        assert await how_many(store) == 0

    async def test_reads_count_as_well(self, store: Adapter) -> None:
        await add_person(store, 1)
        assert await found(store, _least(1)) == ["p1"]
        assert await found(store, _least(2)) == []
        assert await how_many(store, _fewer(1)) == 0
