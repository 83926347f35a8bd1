"""The part of the adapter suite about rows that list others: a row with whatever its text names, in one read."""

# ruff: noqa: S101 (assertions are what this module is for; a test's name says what it tests)

from __future__ import annotations

from typing import Any

import pytest

from gatewright.model.query import AnyOf, Insert, ListJoin, Order, SelectListed, Where
from gatewright.ports.adapter import Adapter
from gatewright.testing.adapter_tables import (
    BADGE,
    PARCEL,
    PERSON,
    Parcel,
    Person,
    add_badge,
    add_person,
    badge,
    person,
)

__all__ = ("ListTests",)

_OWN = ListJoin(BADGE, "id", "personId", "nickname", "code")
"""A person's own badges, among which the nickname lists some by their codes."""


async def _codes(store: Adapter, *where: Where[Any], join: ListJoin = _OWN, order: tuple[Order[Any], ...] = ()) -> Any:
    """The identifier of the first person and what it lists, sorted; ``None`` where there is no person."""
    found = await store.select_listed(SelectListed(PERSON, where, join, order))
    return None if found is None else (found[0]["id"], sorted(row["code"] for row in found[1]))


class ListTests:
    """Every guarantee about ``select_listed``."""

    async def test_without_a_row_there_is_nothing(self, store: Adapter) -> None:
        assert await _codes(store, Person.id.eq("p1")) is None
        await add_person(store, 1, nickname="a")
        await add_badge(store, "a", "p1")
        assert await _codes(store, Person.id.eq("p2")) is None
        assert await _codes(store, Person.id.eq("p1\0")) is None

    async def test_a_row_comes_whole_with_what_it_lists_whole(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="a", tags=["x"], age=7)
        await add_badge(store, "a", "p1", level=3)
        found = await store.select_listed(SelectListed(PERSON, (Person.id.eq("p1"),), _OWN))
        assert found is not None
        assert dict(found[0]) == person(1, nickname="a", tags=["x"], age=7)
        assert [dict(row) for row in found[1]] == [badge("a", "p1", level=3)]

    @pytest.mark.parametrize("text", [None, "", ",", "nobody", "nobody,nothing"])
    async def test_a_row_that_lists_nothing_comes_alone(self, store: Adapter, text: str | None) -> None:
        await add_person(store, 1, nickname=text)
        await add_badge(store, "a", "p1")
        found = await store.select_listed(SelectListed(PERSON, (Person.id.eq("p1"),), _OWN))
        assert found is not None
        assert (dict(found[0]), list(found[1])) == (person(1, nickname=text), [])

    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("a", ["a"]),
            ("a,b", ["a", "b"]),
            ("c,nobody,a", ["a", "c"]),
            (",b,", ["b"]),
            ("a,a,b,a", ["a", "b"]),
            ("a,b,c", ["a", "b", "c"]),
        ],
    )
    async def test_everything_that_is_listed_and_there_comes_once(
        self, store: Adapter, text: str, codes: list[str]
    ) -> None:
        await add_person(store, 1, nickname=text)
        for code in ("a", "b", "c", "d"):
            await add_badge(store, code, "p1")
        assert await _codes(store, Person.id.eq("p1")) == ("p1", codes)

    async def test_only_rows_that_are_equal_in_the_other_column_come(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="a,b")
        await add_person(store, 2, nickname="a,b")
        await add_person(store, 3, nickname="a,b")
        await add_badge(store, "a", "p1")
        await add_badge(store, "b", "p2")
        assert await _codes(store, Person.id.eq("p1")) == ("p1", ["a"])
        assert await _codes(store, Person.id.eq("p2")) == ("p2", ["b"])
        assert await _codes(store, Person.id.eq("p3")) == ("p3", [])

    async def test_null_is_equal_to_nothing(self, store: Adapter) -> None:
        by_team = ListJoin(BADGE, "team", "personId", "nickname", "code")
        await add_person(store, 1, nickname="a")
        await add_person(store, 2, nickname="a", team="p1")
        await add_badge(store, "a", "p1")
        assert await _codes(store, Person.id.eq("p1"), join=by_team) == ("p1", [])
        assert await _codes(store, Person.id.eq("p2"), join=by_team) == ("p2", ["a"])

    @pytest.mark.parametrize(
        ("code", "others"),
        [
            ("ab", ("a", "b", "abc", "AB", "ab ", " ab", "Ab", "a b", "%b", "a_", "ab\\", "")),
            ("é😀", ("e😀", "É😀", "é")),
            ("a%", ("ab", "a", "a%%", "a\\%")),
            ("a_", ("ab", "a__", "a")),
            ("a b", ("a", "b", "ab")),
            ("'", ('"', "''")),
            ("a\\", ("a", "a\\\\")),
            ("{a}", ("a", "{", '"a"')),
        ],
    )
    async def test_what_is_listed_is_a_whole_text_literal_and_case_sensitive(
        self, store: Adapter, code: str, others: tuple[str, ...]
    ) -> None:
        await add_person(store, 1)
        await add_badge(store, code, "p1")
        for number, text in enumerate((code, f"x,{code}", f"{code},x", f"x,{code},y"), start=2):
            await add_person(store, number, nickname=text, team="p1", seat=number)
        for number, text in enumerate((*others, ",".join(others), f"x{code}", f"{code}x"), start=10):
            await add_person(store, number, nickname=text, team="p1", seat=number)
        by_team = ListJoin(BADGE, "team", "personId", "nickname", "code")
        for number in range(2, 6):
            assert await _codes(store, Person.id.eq(f"p{number}"), join=by_team) == (f"p{number}", [code])
        for number in range(10, 13 + len(others)):
            assert await _codes(store, Person.id.eq(f"p{number}"), join=by_team) == (f"p{number}", [])

    @pytest.mark.parametrize("code", ["a,b", "", ",", "a,", ",a"])
    async def test_a_text_with_a_comma_and_an_empty_one_are_never_listed(self, store: Adapter, code: str) -> None:
        await add_person(store, 1, nickname=f"x,{code},y")
        await add_badge(store, code, "p1")
        assert await _codes(store, Person.id.eq("p1")) == ("p1", [])
        await add_badge(store, "y", "p1")
        assert await _codes(store, Person.id.eq("p1")) == ("p1", ["y"])

    async def test_spaces_are_part_of_what_is_listed(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="a, b,c ")
        for code in ("a", "b", " b", "c"):
            await add_badge(store, code, "p1")
        assert await _codes(store, Person.id.eq("p1")) == ("p1", [" b", "a"])

    async def test_of_several_rows_the_first_in_order_comes_with_its_own(self, store: Adapter) -> None:
        for number, age in ((1, 2), (2, 3), (3, 1), (4, None)):
            await add_person(store, number, nickname=f"c{number},d{number}", age=age)
            for code in (f"c{number}", f"d{number}"):
                await add_badge(store, code, f"p{number}")
        up, down = (Person.age.ascending(),), (Person.age.descending(),)
        assert await _codes(store, order=up) == ("p4", ["c4", "d4"])
        assert await _codes(store, order=down) == ("p2", ["c2", "d2"])
        assert await _codes(store, Person.age.after(0), order=up) == ("p3", ["c3", "d3"])
        either = AnyOf((Person.id.eq("p1"), Person.id.eq("p3")))
        assert await _codes(store, either, order=down) == ("p1", ["c1", "d1"])
        assert await _codes(store, Person.id.one_of(["p1", "p9"]), order=down) == ("p1", ["c1", "d1"])
        assert await _codes(store, Person.id.one_of([]), order=down) is None

    async def test_the_answer_does_not_grow_with_the_other_table(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="c7,c77")
        for number in range(80):
            await add_badge(store, f"c{number}", "p1")
        found = await store.select_listed(SelectListed(PERSON, (Person.id.eq("p1"),), _OWN))
        assert found is not None
        assert sorted(row["code"] for row in found[1]) == ["c7", "c77"]

    async def test_a_list_may_be_long(self, store: Adapter) -> None:
        await add_person(store, 1, nickname=",".join(f"c{number}" for number in range(300)))
        for code in ("c0", "c299", "c300"):
            await add_badge(store, code, "p1")
        assert await _codes(store, Person.id.eq("p1")) == ("p1", ["c0", "c299"])

    async def test_tables_and_columns_may_have_other_names(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="here,there", visits=5)
        await add_badge(store, "x", "p1", level=5)
        here = {"to": "here", "weight": 5, "sentAt": None, "id": "q1"}
        there = {"to": "x,there", "weight": 5, "sentAt": None, "id": "q2"}
        for values in (here, there):
            await store.insert(Insert(PARCEL, values))
        to_parcel = ListJoin(PARCEL, "visits", "weight", "nickname", "to")
        found = await store.select_listed(SelectListed(PERSON, (Person.id.eq("p1"),), to_parcel))
        assert found is not None
        assert [dict(row) for row in found[1]] == [here]
        from_parcel = ListJoin(BADGE, "weight", "level", "to", "code")
        back = await store.select_listed(SelectListed(PARCEL, (Parcel.id.eq("q2"),), from_parcel))
        assert back is not None
        assert (dict(back[0]), [dict(row) for row in back[1]]) == (there, [badge("x", "p1", level=5)])

    async def test_a_row_may_list_rows_of_its_own_table(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="p2,p3", age=1)
        await add_person(store, 2, age=1)
        await add_person(store, 3, age=2)
        friends = ListJoin(PERSON, "age", "age", "nickname", "id")
        found = await store.select_listed(SelectListed(PERSON, (Person.id.eq("p1"),), friends))
        assert found is not None
        assert (found[0]["id"], [dict(row) for row in found[1]]) == ("p1", [person(2, age=1)])

    async def test_a_transaction_sees_what_it_has_written(self, store: Adapter) -> None:
        async with store.transaction() as inside:
            await add_person(inside, 1, nickname="a")
            await add_badge(inside, "a", "p1")
            assert await _codes(inside, Person.id.eq("p1")) == ("p1", ["a"])
        assert await _codes(store, Person.id.eq("p1")) == ("p1", ["a"])
