"""The part of the adapter suite about writing: insert, update, delete, round trips of values."""

# ruff: noqa: S101 (assertions are what this module is for; a test's name says what it tests)

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from gatewright.model.query import Change, Count, Delete, Insert, Select, Update
from gatewright.ports.adapter import Adapter, Conflict
from gatewright.testing.adapter_tables import (
    BADGE,
    PARCEL,
    PERSON,
    Badge,
    Parcel,
    Person,
    add_badge,
    add_person,
    found,
    how_many,
    moment,
    person,
    remove,
    take,
    update,
    update_one,
)

__all__ = ("ValueTests", "WriteTests")


class WriteTests:
    """Every guarantee about ``insert``, ``update``, ``update_one``, ``delete`` and ``take``."""

    async def test_insert_gives_the_row_back_as_stored(self, store: Adapter) -> None:
        stored = await add_person(store, 1, age=3)
        assert dict(stored) == person(1, age=3)

    async def test_columns_that_an_insert_leaves_out_are_null(self, store: Adapter) -> None:
        values = {name: value for name, value in person(1).items() if value is not None}
        assert dict(await store.insert(Insert(PERSON, values))) == person(1)

    async def test_a_taken_key_is_a_conflict_and_writes_nothing(self, store: Adapter) -> None:
        await add_person(store, 1)
        with pytest.raises(Conflict) as refused:
            await add_person(store, 2, email="p1@example.com")
        assert refused.value.table == "suitePerson"
        assert refused.value.columns in (("email",), ())
        with pytest.raises(Conflict) as refused:
            await add_person(store, 3, id="p1")
        assert refused.value.columns in (("id",), ())
        assert await found(store) == ["p1"]

    async def test_a_conflict_does_not_tell_values(self, store: Adapter) -> None:
        await add_person(store, 1)
        with pytest.raises(Conflict) as refused:
            await add_person(store, 2, email="p1@example.com")
        assert "p1@" not in str(refused.value)

    async def test_a_key_of_two_columns_is_taken_as_a_whole(self, store: Adapter) -> None:
        await add_person(store, 1, team="red", seat=1)
        await add_person(store, 2, team="red", seat=2)
        await add_person(store, 3, team="blue", seat=1)
        with pytest.raises(Conflict) as refused:
            await add_person(store, 4, team="red", seat=1)
        assert refused.value.columns in (("team", "seat"), ())

    async def test_null_never_takes_a_key(self, store: Adapter) -> None:
        for number in range(2):
            await add_person(store, number, team="red")
        assert await how_many(store) == 2

    async def test_keys_are_case_sensitive(self, store: Adapter) -> None:
        await add_person(store, 1, email="a@example.com")
        await add_person(store, 2, email="A@example.com")
        assert await how_many(store) == 2

    async def test_a_missing_value_of_a_required_column_is_refused(self, store: Adapter) -> None:
        with pytest.raises(ValueError, match="suitePerson"):
            await add_person(store, 1, name=None)
        assert await how_many(store) == 0

    async def test_a_reference_to_a_row_that_is_not_there_is_refused(self, store: Adapter) -> None:
        with pytest.raises(ValueError, match="suiteBadge"):
            await add_badge(store, "x", "nobody")
        assert await how_many(store, table=BADGE) == 0

    async def test_what_a_caller_does_with_its_values_does_not_reach_the_store(self, store: Adapter) -> None:
        notes: dict[str, object] = {"list": [1]}
        values = person(1, notes=notes)
        stored = await store.insert(Insert(PERSON, values))
        notes["list"] = "changed"
        values["name"] = "changed"
        stored["notes"]["list"].append(2)
        (row,) = await store.select(Select(PERSON))
        row["notes"]["list"].append(3)
        (row,) = await store.select(Select(PERSON))
        assert dict(row) == person(1, notes={"list": [1]})

    async def test_update_changes_every_row_that_matches(self, store: Adapter) -> None:
        for number in range(3):
            await add_person(store, number, age=number, visits=10)
        changed = await update(store, (Person.age.since(1),), Person.nickname.to("old"), Person.visits.add(5))
        assert changed == 2
        assert await found(store, Person.nickname.eq("old"), Person.visits.eq(15)) == ["p1", "p2"]
        assert await found(store, Person.visits.eq(10)) == ["p0"]
        assert await update(store, (Person.age.since(99),), Person.nickname.to("x")) == 0

    async def test_an_update_that_breaks_a_key_changes_nothing(self, store: Adapter) -> None:
        for number in range(3):
            await add_person(store, number)
        with pytest.raises(Conflict):
            await update(store, (), Person.email.to("same@example.com"))
        with pytest.raises(Conflict):
            await update_one(store, (Person.id.eq("p1"),), Person.email.to("p2@example.com"))
        assert await how_many(store, Person.email.starts_with("p")) == 3

    async def test_a_row_may_keep_its_own_key(self, store: Adapter) -> None:
        await add_person(store, 1)
        row = await update_one(store, (Person.id.eq("p1"),), Person.email.to("p1@example.com"), Person.nickname.to("n"))
        assert row == person(1, nickname="n")

    async def test_update_one_hands_back_the_row_afterwards(self, store: Adapter) -> None:
        await add_person(store, 1, visits=4)
        await add_person(store, 2, visits=4)
        row = await update_one(
            store, (Person.id.eq("p2"), Person.visits.after(0)), Person.visits.add(-1), Person.left_at.to(moment(5))
        )
        assert row is not None
        assert dict(row) == person(2, visits=3, leftAt=moment(5))
        assert await found(store, Person.visits.eq(4)) == ["p1"]

    async def test_update_one_guards(self, store: Adapter) -> None:
        await add_person(store, 1, visits=1)
        spend = (Person.id.eq("p1"), Person.visits.after(0))
        assert await update_one(store, spend, Person.visits.add(-1)) == person(1, visits=0)
        assert await update_one(store, spend, Person.visits.add(-1)) is None
        assert await found(store, Person.visits.eq(0)) == ["p1"]

    async def test_update_one_changes_one_of_several(self, store: Adapter) -> None:
        for number in range(3):
            await add_person(store, number)
        row = await update_one(store, (Person.nickname.eq(None),), Person.nickname.to("mine"))
        assert row is not None
        assert row["nickname"] == "mine"
        assert await how_many(store, Person.nickname.eq("mine")) == 1

    async def test_update_one_sees_the_guard_before_its_own_change(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="old")
        guard = (Person.id.eq("p1"), Person.nickname.eq("old"))
        assert await update_one(store, guard, Person.nickname.to("new")) == person(1, nickname="new")
        assert await update_one(store, guard, Person.nickname.to("newer")) is None

    async def test_adding_to_null_leaves_null(self, store: Adapter) -> None:
        await add_person(store, 1)
        assert await update_one(store, (Person.id.eq("p1"),), Person.age.add(1)) == person(1)

    async def test_take_removes_the_row_and_gives_it_back_once(self, store: Adapter) -> None:
        await add_person(store, 1, notes={"a": 1})
        await add_person(store, 2)
        assert await take(store, Person.email.eq("p1@example.com")) == person(1, notes={"a": 1})
        assert await take(store, Person.email.eq("p1@example.com")) is None
        assert await found(store) == ["p2"]

    async def test_take_removes_one_of_several(self, store: Adapter) -> None:
        for number in range(3):
            await add_person(store, number)
        taken = {(await take(store, Person.active.eq(True)) or {}).get("id") for _ in range(3)}
        assert taken == {"p0", "p1", "p2"}
        assert await take(store, Person.active.eq(True)) is None

    async def test_take_guards(self, store: Adapter) -> None:
        await add_person(store, 1, leftAt=moment(5))
        assert await take(store, Person.id.eq("p1"), Person.left_at.after(moment(5))) is None
        assert await found(store) == ["p1"]

    async def test_delete_removes_every_row_that_matches(self, store: Adapter) -> None:
        for number in range(4):
            await add_person(store, number, age=number)
        assert await remove(store, Person.age.before(2)) == 2
        assert await remove(store, Person.age.before(2)) == 0
        assert await found(store) == ["p2", "p3"]
        assert await remove(store) == 2
        assert await how_many(store) == 0

    async def test_rows_that_refer_go_with_their_row(self, store: Adapter) -> None:
        for number in range(3):
            await add_person(store, number)
            await add_badge(store, f"c{number}", f"p{number}")
        assert await remove(store, Person.id.eq("p0")) == 1
        assert await take(store, Person.id.eq("p1")) is not None
        assert await how_many(store, table=BADGE) == 1
        assert await how_many(store, Badge.person_id.eq("p2"), table=BADGE) == 1

    async def test_a_deleted_key_is_free_again(self, store: Adapter) -> None:
        await add_person(store, 1)
        await remove(store, Person.id.eq("p1"))
        assert dict(await add_person(store, 1)) == person(1)


class ValueTests:
    """Every type of column keeps what it is given."""

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("nickname", ""),
            ("nickname", "Zoë 😀 ﷽ \u200d e\u0301 \x7f \n\t\r '\"`\\%_;--"),
            ("nickname", "0123"),
            ("nickname", "null"),
            ("nickname", "x" * 20000),
            ("age", 0),
            ("age", -(2**31)),
            ("age", 2**31 - 1),
            ("lastSeen", 1_767_322_980_123),
            ("lastSeen", 2**63 - 1),
            ("lastSeen", -(2**63)),
            ("verified", True),
            ("verified", False),
            ("notes", {}),
            ("notes", {"deep": [{"a": [1, 2.5, None, True, "é\\\"'"]}, {}], "": []}),
            ("notes", []),
            ("notes", [1, "two"]),
            ("notes", "a text"),
            ("notes", 17),
            ("notes", False),
            ("tags", []),
            ("tags", ["", "a,b", '"quoted"', "é"]),
            ("marks", [1, 2.5, -3]),
            ("leftAt", datetime(1970, 1, 1, tzinfo=UTC)),
            ("leftAt", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
            ("leftAt", datetime(2000, 2, 29, 23, 59, 59, 1000, tzinfo=UTC)),
            ("leftAt", datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ],
    )
    async def test_a_value_comes_back_as_it_went_in(self, store: Adapter, name: str, value: Any) -> None:
        stored = await add_person(store, 1, **{name: value})
        (read,) = await store.select(Select(PERSON))
        assert dict(stored) == dict(read) == person(1, **{name: value})
        assert type(read[name]) is type(value)
        await add_person(store, 2)
        changed = await store.update_one(Update(PERSON, (Person.id.eq("p2"),), (_to(name, value),), one=True))
        assert changed == person(2, **{name: value})
        cleared = await store.update_one(Update(PERSON, (Person.id.eq("p2"),), (_to(name, None),), one=True))
        assert cleared == person(2)

    async def test_a_date_is_utc_and_cut_to_milliseconds(self, store: Adapter) -> None:
        given = datetime(2026, 7, 1, 1, 30, 0, 123999, tzinfo=timezone(timedelta(hours=2)))
        stored = await add_person(store, 1, leftAt=given)
        assert stored["leftAt"] == datetime(2026, 6, 30, 23, 30, 0, 123000, tzinfo=UTC)
        assert stored["leftAt"].tzinfo is UTC
        assert await found(store, Person.left_at.eq(given)) == ["p1"]

    async def test_a_date_without_zone_is_refused(self, store: Adapter) -> None:
        with pytest.raises(ValueError, match="zone"):
            await add_person(store, 1, leftAt=datetime(2026, 1, 1))  # noqa: DTZ001 (the point of the test)
        assert await how_many(store) == 0

    @pytest.mark.parametrize("value", [0.5, -1.25, 1e100])
    async def test_a_fraction_is_kept_or_refused_but_never_rounded(self, store: Adapter, value: float) -> None:
        try:
            await add_person(store, 1, score=value)
        except ValueError:
            assert await how_many(store) == 0
        else:
            (read,) = await store.select(Select(PERSON))
            assert read["score"] == value

    @pytest.mark.parametrize("value", [float("nan"), 2**63, -(2**63) - 1])
    async def test_a_number_that_no_store_keeps_is_refused(self, store: Adapter, value: float) -> None:
        with pytest.raises(ValueError, match="number"):
            await add_person(store, 1, lastSeen=value)
        assert await how_many(store) == 0

    @pytest.mark.parametrize("text", ["\0", "a\0b", "tail\0"])
    async def test_nul_is_kept_or_refused_but_never_cut(self, store: Adapter, text: str) -> None:
        try:
            await add_person(store, 1, nickname=text, notes={"text": text}, tags=[text])
        except ValueError:
            assert await how_many(store) == 0
        else:
            (read,) = await store.select(Select(PERSON))
            assert dict(read) == person(1, nickname=text, notes={"text": text}, tags=[text])
            assert await found(store, Person.nickname.eq(text)) == ["p1"]
            assert await found(store, Person.nickname.contains(text)) == ["p1"]
            assert await found(store, Person.nickname.starts_with(text)) == ["p1"]
            assert await found(store, Person.nickname.ends_with(text)) == ["p1"]

    async def test_tables_and_columns_may_have_any_name(self, store: Adapter) -> None:
        sent = {"to": "Ada", "weight": 3, "sentAt": moment(1), "id": "k1"}
        assert dict(await store.insert(Insert(PARCEL, sent))) == sent
        with pytest.raises(Conflict) as refused:
            await store.insert(Insert(PARCEL, sent | {"id": "k2"}))
        assert refused.value.table == "suiteParcel"
        assert refused.value.columns in (("to",), ())
        query = Update(PARCEL, (Parcel.to.eq("Ada"),), (Parcel.weight.add(2),), one=True)
        assert await store.update_one(query) == sent | {"weight": 5}
        assert [dict(row) for row in await store.select(Select(PARCEL, (Parcel.weight.eq(5),)))] == [
            sent | {"weight": 5}
        ]
        assert await store.take(Delete(PARCEL, (Parcel.id.eq("k1"),), one=True)) == sent | {"weight": 5}
        assert await store.count(Count(PARCEL)) == 0


def _to(name: str, value: object) -> Change[Any]:
    return Change(name, "set", value)
