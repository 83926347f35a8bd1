"""The control protocol's database operations on a memory adapter."""

import itertools
from typing import Any

import pytest
from tests.conformance.codec import JsonObject, Unsupported
from tests.conformance.dbdoor import DbDoor, where_of
from tests.conformance.world import ProtocolClock

from gatewright.model.account import Account
from gatewright.model.query import AnyOf, Condition
from gatewright.model.schema import Schema
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.wire.faults import ConfigError
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

SCHEMA = Schema.build([User, Session, Account, Verification])
EPOCH = {"$date": "1970-01-01T00:00:00.000Z"}


class Door:
    """A door with a database behind it, and users in it."""

    def __init__(self) -> None:
        clock = ProtocolClock()
        clock.set(0)
        numbers = itertools.count(1)
        self._door = DbDoor(SCHEMA, clock, lambda model: f"{model}-{next(numbers)}", 100)
        self._adapter = MemoryAdapter()

    async def __call__(self, op: str, **body: Any) -> JsonObject:
        """Run one operation on users."""
        return await self._door.run(op, self._adapter, {"model": "user", **body})

    async def fill(self, *names: str) -> None:
        """Create users."""
        await self._adapter.create_tables(SCHEMA)
        for name in names:
            await self("create", data={"name": name, "email": f"{name}@example.com"})

    async def names(self, *where: JsonObject) -> list[str]:
        """The names of the users that match."""
        found: Any = (await self("findMany", where=list(where), select=["name"], sortBy={"field": "name"}))["value"]
        return [row["name"] for row in found]


async def test_creating_fills_in_identifier_and_defaults() -> None:
    door = Door()
    await door.fill()
    created: Any = (await door("create", data={"name": "A", "email": "a@b.c", "id": "mine"}))["value"]
    assert created == {
        "id": "user-1",
        "name": "A",
        "email": "a@b.c",
        "emailVerified": False,
        "image": None,
        "createdAt": EPOCH,
        "updatedAt": EPOCH,
    }


async def test_an_identifier_is_kept_where_that_is_asked_for() -> None:
    door = Door()
    await door.fill()
    created: Any = await door("create", data={"name": "A", "email": "a@b.c", "id": "mine"}, forceAllowId=True)
    assert created["value"]["id"] == "mine"


def test_conditions_hold_together_and_alternatives_are_one_of_them() -> None:
    where: JsonObject = {
        "where": [
            {"field": "name", "value": "a"},
            {"field": "email", "operator": "contains", "value": "x", "connector": "OR"},
            {"field": "image", "operator": "ne", "value": None, "connector": "AND"},
            {"field": "id", "operator": "in", "value": ["1", "2"], "connector": "OR"},
        ]
    }
    assert where_of(SCHEMA["user"], where) == (
        Condition("name", "eq", "a"),
        Condition("image", "ne", None),
        AnyOf((Condition("email", "contains", "x"), Condition("id", "in", ("1", "2")))),
    )


async def test_operators_choose_rows() -> None:
    door = Door()
    await door.fill("ann", "bob", "cid")
    assert await door.names({"field": "name", "operator": "not_in", "value": ["bob"]}) == ["ann", "cid"]
    assert (
        await door.names({"field": "name", "value": "ann"}, {"field": "name", "value": "bob", "connector": "OR"}) == []
    )
    with pytest.raises(Unsupported):
        await door.names({"field": "name", "operator": "like", "value": "a"})


async def test_rows_are_changed_counted_and_removed() -> None:
    door = Door()
    await door.fill("ann", "bob", "cid")
    ann = {"field": "name", "value": "ann"}
    updated: Any = await door("update", where=[ann], data={"image": "x"})
    assert updated["value"]["image"] == "x"
    assert await door("updateMany", data={"image": "y"}) == {"value": 3}
    assert await door("delete", where=[ann]) == {}
    assert await door("findOne", where=[ann]) == {"value": None}
    consumed: Any = await door("consumeOne", where=[{"field": "name", "value": "bob"}])
    assert consumed["value"]["name"] == "bob"
    assert await door("count") == {"value": 1}
    assert await door("deleteMany") == {"value": 1}


async def test_what_there_is_not_is_refused() -> None:
    door = Door()
    with pytest.raises(Unsupported, match=r"db\.drop"):
        await door("drop")
    with pytest.raises(ConfigError):
        await door("findOne", model="nothing")
