"""The part of the adapter suite about reading: operators, order, paging, columns, pairs, counts."""

# ruff: noqa: S101 (assertions are what this module is for; a test's name says what it tests)

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from gatewright.model.query import AnyOf, Condition, Join, Operator, Order, Select
from gatewright.ports.adapter import Adapter
from gatewright.testing.adapter_tables import (
    BADGE,
    PERSON,
    Badge,
    Person,
    add_badge,
    add_person,
    badge,
    found,
    how_many,
    moment,
    person,
)

__all__ = ("ReadTests",)

_TEXTS = (
    "",
    "plain",
    "Plain",
    "50% off",
    "50 off",
    "a_b",
    "axb",
    "back\\slash",
    "back%slash",
    "é😀ß",
    "[a]*?",
    "%",
    "_",
)


class ReadTests:
    """Every guarantee about ``select``, ``select_pair`` and ``count``."""

    async def test_a_select_without_conditions_reads_every_row_whole(self, store: Adapter) -> None:
        await add_person(store, 1)
        await add_person(store, 2, nickname="two", age=2)
        rows = await store.select(Select(PERSON, order=(Order("id"),)))
        assert [dict(row) for row in rows] == [person(1), person(2, nickname="two", age=2)]

    async def test_an_empty_table_reads_as_nothing(self, store: Adapter) -> None:
        assert list(await store.select(Select(PERSON))) == []
        assert await how_many(store) == 0

    async def test_eq_is_exact_and_case_sensitive(self, store: Adapter) -> None:
        await add_person(store, 1, name="Ada")
        await add_person(store, 2, name="ada")
        await add_person(store, 3, name="Ada ")
        assert await found(store, Person.name.eq("Ada")) == ["p1"]

    async def test_eq_none_finds_null_and_ne_none_the_others(self, store: Adapter) -> None:
        await add_person(store, 1)
        await add_person(store, 2, nickname="")
        await add_person(store, 3, nickname="three")
        assert await found(store, Person.nickname.eq(None)) == ["p1"]
        assert await found(store, Person.nickname.ne(None)) == ["p2", "p3"]

    async def test_ne_with_a_value_leaves_null_out(self, store: Adapter) -> None:
        await add_person(store, 1)
        await add_person(store, 2, nickname="two")
        await add_person(store, 3, nickname="three")
        assert await found(store, Person.nickname.ne("two")) == ["p3"]

    @pytest.mark.parametrize(
        ("make", "expected"),
        [
            (Person.age.before, ["p1"]),
            (Person.age.until, ["p1", "p2"]),
            (Person.age.after, ["p3"]),
            (Person.age.since, ["p2", "p3"]),
            (Person.age.eq, ["p2"]),
            (Person.age.ne, ["p1", "p3"]),
        ],
    )
    async def test_numbers_compare_and_null_never_does(
        self, store: Adapter, make: Callable[[int], Condition[Person]], expected: list[str]
    ) -> None:
        for number, age in ((1, 9), (2, 10), (3, 100), (4, None)):
            await add_person(store, number, age=age)
        assert await found(store, make(10)) == expected

    @pytest.mark.parametrize(
        ("make", "expected"),
        [
            (Person.left_at.before, ["p1"]),
            (Person.left_at.until, ["p1", "p2"]),
            (Person.left_at.after, ["p3"]),
            (Person.left_at.since, ["p2", "p3"]),
            (Person.left_at.eq, ["p2"]),
        ],
    )
    async def test_dates_compare_to_the_millisecond(
        self, store: Adapter, make: Callable[[object], Condition[Person]], expected: list[str]
    ) -> None:
        for number, left in ((1, moment(9, 999)), (2, moment(10)), (3, moment(10, 1)), (4, None)):
            await add_person(store, number, leftAt=left)
        assert await found(store, make(moment(10))) == expected

    async def test_booleans_are_found_by_value(self, store: Adapter) -> None:
        await add_person(store, 1, active=True, verified=True)
        await add_person(store, 2, active=False, verified=False)
        await add_person(store, 3, active=False)
        assert await found(store, Person.active.eq(False)) == ["p2", "p3"]
        assert await found(store, Person.verified.eq(False)) == ["p2"]
        assert await found(store, Person.verified.eq(True)) == ["p1"]

    @pytest.mark.parametrize("text", _TEXTS)
    @pytest.mark.parametrize(
        ("op", "holds"),
        [
            ("contains", str.__contains__),
            ("starts_with", str.startswith),
            ("ends_with", str.endswith),
        ],
    )
    async def test_text_search_is_literal_and_case_sensitive(
        self, store: Adapter, op: Operator, holds: Callable[[str, str], bool], text: str
    ) -> None:
        have = (*_TEXTS, f"before{text}", f"{text}after", f"before{text}after")
        for number, nickname in enumerate(have):
            await add_person(store, f"{number:02}", nickname=nickname)
        await add_person(store, "null")
        expected = [f"p{number:02}" for number, nickname in enumerate(have) if holds(nickname, text)]
        assert await found(store, Condition("nickname", op, text)) == expected

    @pytest.mark.parametrize(
        ("values", "inside", "outside"),
        [
            ((), [], ["p1", "p2", "p3", "p4"]),
            (("one",), ["p1"], ["p2", "p3"]),
            (("one", "two", "nobody"), ["p1", "p2"], ["p3"]),
            (("one", "one", "two", "three", "four"), ["p1", "p2", "p3"], []),
            (("one", None), ["p1"], ["p2", "p3"]),
            ((None,), [], ["p1", "p2", "p3", "p4"]),
        ],
    )
    async def test_in_and_not_in_ignore_none_and_may_be_empty(
        self, store: Adapter, values: Sequence[str | None], inside: list[str], outside: list[str]
    ) -> None:
        for number, nickname in enumerate(("one", "two", "three", None), start=1):
            await add_person(store, number, nickname=nickname)
        assert await found(store, Person.nickname.one_of(values)) == inside
        assert await found(store, Person.nickname.none_of(values)) == outside

    async def test_in_reads_dates_and_booleans_too(self, store: Adapter) -> None:
        for number in range(3):
            await add_person(store, number, joinedAt=moment(number), active=number != 1)
        assert await found(store, Person.joined_at.one_of([moment(0), moment(2)])) == ["p0", "p2"]
        assert await found(store, Person.active.one_of([False])) == ["p1"]

    async def test_conditions_are_joined_by_and(self, store: Adapter) -> None:
        await add_person(store, 1, age=1, nickname="x")
        await add_person(store, 2, age=1, nickname="y")
        await add_person(store, 3, age=2, nickname="x")
        assert await found(store, Person.age.eq(1), Person.nickname.eq("x")) == ["p1"]
        assert await found(store, Person.age.eq(1), Person.age.eq(2)) == []

    async def test_any_of_is_or_and_stands_beside_and(self, store: Adapter) -> None:
        await add_person(store, 1, age=1)
        await add_person(store, 2, age=2)
        await add_person(store, 3, age=3, active=False)
        await add_person(store, 4)
        either = AnyOf((Person.age.eq(1), Person.age.eq(3), Person.age.eq(None)))
        assert await found(store, either) == ["p1", "p3", "p4"]
        assert await found(store, either, Person.active.eq(True)) == ["p1", "p4"]
        assert await found(store, AnyOf(())) == []

    async def test_order_goes_by_the_columns_in_turn(self, store: Adapter) -> None:
        for number, (age, name) in enumerate(((2, "b"), (1, "b"), (2, "a"), (1, "a"))):
            await add_person(store, number, age=age, name=name)

        async def ids(*order: Order[Person]) -> list[str]:
            return [row["id"] for row in await store.select(Select(PERSON, order=order))]

        assert await ids(Person.age.ascending(), Person.name.ascending()) == ["p3", "p1", "p2", "p0"]
        assert await ids(Person.age.descending(), Person.name.ascending()) == ["p2", "p0", "p3", "p1"]

    async def test_null_sorts_below_every_value(self, store: Adapter) -> None:
        await add_person(store, 1, age=0)
        await add_person(store, 2)
        await add_person(store, 3, age=-5)
        up = await store.select(Select(PERSON, order=(Person.age.ascending(),)))
        down = await store.select(Select(PERSON, order=(Person.age.descending(),)))
        assert [row["id"] for row in up] == ["p2", "p3", "p1"]
        assert [row["id"] for row in down] == ["p1", "p3", "p2"]

    @pytest.mark.parametrize(
        ("limit", "offset", "expected"),
        [
            (None, None, ["p0", "p1", "p2", "p3"]),
            (2, None, ["p0", "p1"]),
            (2, 1, ["p1", "p2"]),
            (2, 3, ["p3"]),
            (None, 3, ["p3"]),
            (2, 9, []),
            (0, None, []),
            (99, 0, ["p0", "p1", "p2", "p3"]),
        ],
    )
    async def test_limit_and_offset_page(
        self, store: Adapter, limit: int | None, offset: int | None, expected: list[str]
    ) -> None:
        for number in range(4):
            await add_person(store, number)
        rows = await store.select(Select(PERSON, order=(Order("id"),), limit=limit, offset=offset))
        assert [row["id"] for row in rows] == expected

    async def test_only_the_columns_asked_for_are_read(self, store: Adapter) -> None:
        await add_person(store, 1, age=7)
        (row,) = await store.select(Select(PERSON, columns=("age", "joinedAt")))
        assert dict(row) == {"age": 7, "joinedAt": moment()}

    async def test_a_pair_is_the_row_and_its_partner(self, store: Adapter) -> None:
        await add_person(store, 1)
        await add_person(store, 2, nickname="two", tags=["a"])
        await add_badge(store, "x", "p2", level=3)
        pair = await store.select_pair(Select(BADGE, (Badge.code.eq("x"),), join=Join(PERSON, "personId")))
        assert pair is not None
        assert (dict(pair[0]), dict(pair[1])) == (
            badge("x", "p2", level=3),
            person(2, nickname="two", tags=["a"]),
        )

    async def test_a_pair_obeys_conditions_and_order(self, store: Adapter) -> None:
        await add_person(store, 1)
        for level in (1, 2, 3):
            await add_badge(store, f"c{level}", "p1", level=level)
        join = Join(PERSON, "personId")
        assert await store.select_pair(Select(BADGE, (Badge.code.eq("none"),), join=join)) is None
        pair = await store.select_pair(
            Select(BADGE, (Badge.level.before(3),), join=join, order=(Badge.level.descending(),))
        )
        assert pair is not None
        assert pair[0]["code"] == "c2"

    async def test_a_pair_needs_a_partner(self, store: Adapter) -> None:
        await add_person(store, 1, nickname="p9")
        query = Select(PERSON, (Person.id.eq("p1"),), join=Join(PERSON, "nickname"))
        assert await store.select_pair(query) is None
        await add_person(store, 9)
        pair = await store.select_pair(query)
        assert pair is not None
        assert (pair[0]["id"], pair[1]["id"]) == ("p1", "p9")

    async def test_count_counts_what_matches(self, store: Adapter) -> None:
        for number in range(5):
            await add_person(store, number, age=number)
        assert await how_many(store) == 5
        assert await how_many(store, Person.age.after(2)) == 2
        assert await how_many(store, Person.age.after(99)) == 0

    async def test_hostile_text_is_only_a_value(self, store: Adapter) -> None:
        await add_person(store, 1)
        for text in ("' OR '1'='1", '" OR ""="', "p1'; DROP TABLE suitePerson; --", "%s", ":p0", "?", "$1", "{0}"):
            assert await found(store, Person.id.eq(text)) == []
            assert await found(store, Person.id.contains(text)) == []
        assert await how_many(store) == 1

    async def test_text_that_cannot_be_stored_finds_nothing(self, store: Adapter) -> None:
        await add_person(store, 1)
        for text in ("p1\0", "\ud800"):
            assert await found(store, Person.id.eq(text)) == []
            assert await found(store, Person.id.one_of([text, "p1"])) == ["p1"]
            assert await found(store, Person.id.starts_with(text)) == []
