"""The tables, rows and short-hands that the adapter suite works with; not the tests themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gatewright.model.column import Column, Reference, column
from gatewright.model.query import Change, Condition, Count, Delete, Insert, Order, Select, Update, Where
from gatewright.model.row import Row
from gatewright.model.schema import Schema, Table, TableOptions
from gatewright.ports.adapter import Adapter

__all__ = (
    "BADGE",
    "PARCEL",
    "PERSON",
    "SUITE_SCHEMA",
    "WIDER_SCHEMA",
    "WORDS_SCHEMA",
    "Badge",
    "Parcel",
    "Person",
    "Words",
    "add_badge",
    "add_person",
    "badge",
    "found",
    "how_many",
    "moment",
    "person",
    "remove",
    "take",
    "update",
    "update_one",
)


class Person(Row, table="suitePerson", unique_together=(("team", "seat"),)):
    """A row with a column of every type."""

    email: Column[str] = column(unique=True)
    name: Column[str] = column(index=True)
    nickname: Column[str | None] = column(default=None)
    age: Column[int | None] = column(default=None)
    score: Column[float | None] = column(default=None)
    visits: Column[int] = column(default=0)
    last_seen: Column[int | None] = column(default=None, bigint=True)
    active: Column[bool] = column(default=True)
    verified: Column[bool | None] = column(default=None)
    notes: Column[dict[str, object] | None] = column(default=None, json=True)
    tags: Column[list[str] | None] = column(default=None)
    marks: Column[list[float] | None] = column(default=None)
    joined_at: Column[datetime] = column()
    left_at: Column[datetime | None] = column(default=None)
    team: Column[str | None] = column(default=None)
    seat: Column[int | None] = column(default=None)
    id: Column[str] = column(input=False)


class Badge(Row, table="suiteBadge"):
    """A row that belongs to a person and goes with it."""

    code: Column[str] = column(unique=True)
    level: Column[int] = column(default=1)
    person_id: Column[str] = column(index=True, references=Reference("suitePerson"))
    id: Column[str] = column(input=False)


class Parcel(Row, table="suiteParcel"):
    """A row whose table and columns have names of the application's choice, reserved words among them."""

    to: Column[str] = column(unique=True)
    weight: Column[int] = column(default=0)
    sent_at: Column[datetime | None] = column(default=None)
    id: Column[str] = column(input=False)


class Words(Row, table="suiteWords"):
    """A row whose columns are called what one database or the other reserves."""

    collation: Column[str] = column(unique=True)
    concurrently: Column[str] = column()
    current_date: Column[str] = column()
    group: Column[str] = column()
    lateral: Column[str] = column()
    nothing: Column[str] = column(index=True)
    offset: Column[str] = column()
    portion: Column[str] = column()
    returning: Column[str] = column(index=True)
    tablesample: Column[str] = column()
    value: Column[str] = column()
    id: Column[str] = column(input=False)


class WiderBadge(Badge):
    """A badge with columns that came later."""

    colour: Column[str | None] = column(default=None, index=True)
    worn: Column[bool] = column(default=False)


_CUSTOM = {
    "suiteParcel": TableOptions(db_name="order", fields={"id": "parcel key", "to": "select", "sentAt": "sent_at"}),
}

SUITE_SCHEMA = Schema.build((Person, Badge, Parcel), _CUSTOM)
"""What :class:`~gatewright.testing.adapter_suite.AdapterSuite` creates before each test."""

WIDER_SCHEMA = Schema.build((Person, Badge, Parcel, WiderBadge), _CUSTOM)
"""The same after an upgrade that adds columns to a table."""

WORDS_SCHEMA = Schema.build((Words,))
"""A table of its own, made by the test that is about it."""

PERSON: Table = SUITE_SCHEMA[Person]
BADGE: Table = SUITE_SCHEMA[Badge]
PARCEL: Table = SUITE_SCHEMA[Parcel]


def moment(second: int = 0, millisecond: int = 0) -> datetime:
    """A fixed minute's ``second`` and ``millisecond``."""
    return datetime(2026, 1, 2, 3, 4, second, millisecond * 1000, tzinfo=UTC)


def person(number: int | str, **values: object) -> dict[str, object]:
    """A whole person; ``values`` go by wire name and replace the defaults."""
    filled: dict[str, object] = {**dict.fromkeys(PERSON.columns)}
    filled |= {
        "email": f"p{number}@example.com",
        "name": f"Person {number}",
        "visits": 0,
        "active": True,
        "joinedAt": moment(),
        "id": f"p{number}",
    }
    return filled | values


def badge(code: str, person_id: str, **values: object) -> dict[str, object]:
    """A whole badge of a person."""
    return {"code": code, "level": 1, "personId": person_id, "id": f"b-{code}"} | values


async def add_person(store: Adapter, number: int | str, **values: object) -> Mapping[str, Any]:
    """Insert a person; as stored."""
    return await store.insert(Insert(PERSON, person(number, **values)))


async def add_badge(store: Adapter, code: str, person_id: str, **values: object) -> Mapping[str, Any]:
    """Insert a badge; as stored."""
    return await store.insert(Insert(BADGE, badge(code, person_id, **values)))


async def found(store: Adapter, *where: Where[Any], order: str = "id") -> list[str]:
    """Ids of the persons that match, sorted by the column ``order``."""
    rows = await store.select(Select(PERSON, where, order=(Order(order),)))
    return [str(row["id"]) for row in rows]


async def how_many(store: Adapter, *where: Where[Any], table: Table = PERSON) -> int:
    """How many rows match."""
    return await store.count(Count(table, where))


async def update(store: Adapter, where: tuple[Where[Any], ...], *changes: Change[Any]) -> int:
    """Change every person that matches."""
    return await store.update(Update(PERSON, where, changes))


async def update_one(store: Adapter, where: tuple[Where[Any], ...], *changes: Change[Any]) -> Mapping[str, Any] | None:
    """Change at most one person that matches."""
    return await store.update_one(Update(PERSON, where, changes, one=True))


async def take(store: Adapter, *where: Where[Any]) -> Mapping[str, Any] | None:
    """Remove at most one person that matches and give it back."""
    return await store.take(Delete(PERSON, where, one=True))


async def remove(store: Adapter, *where: Condition[Any]) -> int:
    """Remove every person that matches."""
    return await store.delete(Delete(PERSON, where))
