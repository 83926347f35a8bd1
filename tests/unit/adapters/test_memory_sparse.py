"""Sparse rows: what was never given is not there, what was set to null is."""

import pytest

from gatewright.model.query import ListJoin, SelectListed, Update
from gatewright.model.user import User
from gatewright.testing.adapter_tables import BADGE, PERSON, SUITE_SCHEMA, Person, add_badge, add_person, badge, person
from gatewright.testing.app import make_app
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


async def test_a_column_that_was_never_given_is_not_there() -> None:
    app = make_app(adapter=MemoryAdapter(sparse=True))
    browser = await app.signed_up()
    user = (await browser.get("/get-session")).json["user"]
    assert set(user) == {"id", "name", "email", "emailVerified", "createdAt", "updatedAt"}


async def test_a_column_that_was_cleared_is_null() -> None:
    app = make_app(adapter=MemoryAdapter(sparse=True))
    browser = await app.signed_up(image="https://a.example/i.png")
    await browser.post("/update-user", {"image": None})
    assert (await browser.get("/get-session")).json["user"]["image"] is None


async def test_otherwise_it_is_null() -> None:
    browser = await make_app(adapter=MemoryAdapter()).signed_up()
    assert (await browser.get("/get-session")).json["user"]["image"] is None


async def test_enu_a_made_up_user_looks_like_a_stored_one() -> None:
    app = make_app({"email_and_password": {"enabled": True, "auto_sign_in": False}}, adapter=MemoryAdapter(sparse=True))
    browser = app.browser()
    said = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
    new, known = [(await browser.post("/sign-up/email", said)).json["user"] for _ in "12"]
    assert list(new) == list(known)


async def test_rows_are_found_by_columns_that_are_not_there() -> None:
    app = make_app(adapter=MemoryAdapter(sparse=True))
    await app.signed_up()
    db = app.auth.services.database
    assert await db.count(User, User.image.eq(None)) == 1
    assert await db.count(User, User.image.eq("x")) == 0


async def test_a_row_whose_list_was_never_given_lists_nothing() -> None:
    store = MemoryAdapter(sparse=True)
    await store.create_tables(SUITE_SCHEMA)
    listing = ListJoin(BADGE, "id", "personId", "nickname", "code")
    whole = {name: value for name, value in person(1).items() if value is not None}
    await add_person(store, 1)
    await add_badge(store, "a", "p1")
    assert await store.select_listed(SelectListed(PERSON, (Person.id.eq("p1"),), listing)) == (whole, [])
    await store.update_one(Update(PERSON, (Person.id.eq("p1"),), (Person.nickname.to("a"),), one=True))
    found = await store.select_listed(SelectListed(PERSON, (Person.id.eq("p1"),), listing))
    assert found == (whole | {"nickname": "a"}, [badge("a", "p1")])
    by_team = ListJoin(BADGE, "team", "personId", "nickname", "code")
    alone = await store.select_listed(SelectListed(PERSON, (Person.id.eq("p1"),), by_team))
    assert alone == (whole | {"nickname": "a"}, [])
