"""How many there are beside a page: exact for few, kept for a minute for many."""

import pytest

from gatewright.model.query import Count
from gatewright.model.user import User
from gatewright.services.database import Database
from gatewright.services.totals import Totals
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ConfigError
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


class Counting(MemoryAdapter):
    """Notes how often it counts, and may refuse to."""

    counted = 0
    fails = False

    async def count(self, query: Count) -> int:
        self.counted += 1
        if self.fails:
            raise ConfigError("no")
        return await super().count(query)


async def people(app: TestApp, *numbers: int) -> Database:
    db = app.auth.services.database
    for number in numbers:
        await db.insert(User(name="Ada", email=f"ada{number}@example.com"))
    return db


async def test_few_rows_are_counted_for_every_page() -> None:
    app = make_app()
    db, totals = await people(app, 1, 2), Totals(many=3)
    assert await totals.of(db, User) == 2
    await people(app, 3)
    assert await totals.of(db, User) == 3


async def test_many_rows_are_counted_again_after_a_minute() -> None:
    app = make_app(adapter=(store := Counting()))
    db, totals = await people(app, 1, 2), Totals(many=2)
    assert await totals.of(db, User) == 2
    await people(app, 3)
    assert await totals.of(db, User) == 2
    app.clock.advance(seconds=59)
    assert await totals.of(db, User) == 2
    assert store.counted == 1
    app.clock.advance(seconds=1)
    assert await totals.of(db, User) == 3


async def test_each_search_has_a_count_of_its_own() -> None:
    app = make_app()
    db, totals = await people(app, 1, 2), Totals(many=1)
    assert await totals.of(db, User) == 2
    assert await totals.of(db, User, User.email.eq("ada1@example.com")) == 1
    assert await totals.of(db, User, User.email.eq("ada2@example.com"), User.name.eq("Bob")) == 0


async def test_a_count_that_fails_is_not_kept() -> None:
    app = make_app(adapter=(store := Counting()))
    db, totals = await people(app, 1), Totals(many=1)
    await totals.of(db, User)
    app.clock.advance(seconds=60)
    store.fails = True
    with pytest.raises(ConfigError):
        await totals.of(db, User)
    store.fails = False
    await people(app, 2)
    assert await totals.of(db, User) == 2


async def test_only_so_many_searches_are_kept() -> None:
    app = make_app(adapter=(store := Counting()))
    db, totals = await people(app, 1), Totals(many=0)
    await totals.of(db, User)
    for number in range(256):
        await totals.of(db, User, User.name.eq(str(number)))
    store.counted = 0
    await totals.of(db, User, User.name.eq("255"))
    assert store.counted == 0
    await totals.of(db, User)
    assert store.counted == 1
