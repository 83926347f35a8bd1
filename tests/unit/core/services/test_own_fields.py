"""The application's own columns, names and identifiers, on every kind of store."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.testing.app import TestApp, make_app
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio

STORES = ("memory", "sqlite")


@asynccontextmanager
async def running(store: str, options: Mapping[str, Any], path: str = ":memory:") -> AsyncGenerator[TestApp]:
    """An instance on a store of this kind."""
    app = make_app(options, adapter=MemoryAdapter() if store == "memory" else SQLAlchemyAdapter.sqlite(path))
    async with app.auth:
        await app.auth.create_tables()
        yield app


def user_fields(**fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"user": {"additional_fields": fields}}


@pytest.mark.parametrize("store", STORES)
async def test_a_list_of_texts_comes_back_as_a_list(store: str) -> None:
    fields = user_fields(tags={"type": "string[]"}, scores={"type": "number[]", "required": False})
    async with running(store, fields) as app:
        browser = await app.signed_up(tags=["a", "b,c", '"d"'], scores=[1, 2.5])
        user = (await browser.get("/get-session")).json["user"]
        assert (user["tags"], user["scores"]) == (["a", "b,c", '"d"'], [1, 2.5])
        await browser.post("/update-user", {"tags": []})
        assert (await browser.get("/get-session")).json["user"]["tags"] == []


@pytest.mark.parametrize("store", STORES)
async def test_a_field_that_is_not_returned_can_still_be_written(store: str) -> None:
    async with running(store, user_fields(note={"type": "string", "required": False, "returned": False})) as app:
        browser = await app.signed_up(note="first")
        assert (await browser.post("/update-user", {"note": "second"})).json == {"status": True}
        assert "note" not in (await browser.get("/get-session")).json["user"]
        (user,) = await app.auth.services.database.find_many(User)
        assert user.get("note") == "second"


@pytest.mark.parametrize("store", STORES)
async def test_values_are_changed_on_their_way_in_and_out_once(store: str) -> None:
    def inward(value: object) -> str:
        return f"{value}-in"

    def outward(value: object) -> str:
        return f"{value}-out"

    field = {"type": "string", "required": False, "transform": {"input": inward, "output": outward}}
    async with running(store, user_fields(code=field)) as app:
        browser = await app.signed_up(code="a")
        (user,) = await app.auth.services.database.find_many(User)
        assert user.get("code") == "a-in"
        assert (await browser.get("/get-session")).json["user"]["code"] == "a-in-out"
        await browser.post("/update-user", {"code": "b"})
        assert (await browser.get("/get-session")).json["user"]["code"] == "b-in-out"


@pytest.mark.parametrize("store", STORES)
async def test_defaults_and_values_of_every_update_come_from_functions(store: str) -> None:
    fields = user_fields(
        joined={"type": "string", "required": False, "default_value": lambda: "made"},
        born={"type": "date", "default_value": "2020-01-01T00:00:00.000Z"},
        touched={"type": "string", "required": False, "input": False, "on_update": lambda: "updated"},
    )
    async with running(store, fields) as app:
        browser = await app.signed_up()
        user = (await browser.get("/get-session")).json["user"]
        assert (user["joined"], user["born"], user["touched"]) == ("made", "2020-01-01T00:00:00.000Z", None)
        await browser.post("/update-user", {"name": "B"})
        assert (await browser.get("/get-session")).json["user"]["touched"] == "updated"


async def test_a_validator_decides_what_a_request_may_set() -> None:
    def short(value: object) -> object:
        if not isinstance(value, str) or len(value) > 3:
            raise ValueError("three letters at most")
        return value.upper()

    async with running("memory", user_fields(nick={"type": "string", "validator": {"input": short}})) as app:
        browser = await app.signed_up(nick="al")
        assert (await browser.get("/get-session")).json["user"]["nick"] == "AL"
        refused = await browser.post("/update-user", {"nick": "alan"})
        assert (refused.status, refused.json["message"]) == (400, "three letters at most")


async def test_a_required_field_that_nobody_may_send_is_missed_and_not_invented() -> None:
    async with running("memory", user_fields(role={"type": "string", "input": False})) as app:
        body = {"name": "Ada", "email": "ada@example.com", "password": "password-1234", "role": "admin"}
        assert (await app.browser().post("/sign-up/email", body)).status == 400
        del body["role"]
        answer = await app.browser().post("/sign-up/email", body)
        assert (answer.status, answer.json) == (400, {"message": "role is required", "code": "MISSING_FIELD"})


async def test_an_enumeration_describes_and_does_not_refuse() -> None:
    async with running("memory", user_fields(plan={"type": ["free", "pro"], "default_value": "free"})) as app:
        browser = await app.signed_up()
        await browser.post("/update-user", {"plan": "gold"})
        assert (await browser.get("/get-session")).json["user"]["plan"] == "gold"
        assert app.auth.blueprint.plan.schema["user"].columns["plan"].choices == ("free", "pro")


@pytest.mark.parametrize("store", STORES)
async def test_every_core_table_takes_fields(store: str) -> None:
    field = {"type": "string", "required": False, "default_value": "own"}
    options = {model: {"additional_fields": {"own": field}} for model in ("session", "account", "verification")}
    async with running(store, options) as app:
        browser = await app.signed_up()
        assert (await browser.get("/get-session")).json["session"]["own"] == "own"
        db = app.auth.services.database
        (account,) = await db.find_many(Account)
        assert account.get("own") == "own"
        written = await db.insert(Verification(identifier="i", value="v", expires_at=app.clock.now()))
        assert written.get("own") == "own"


@pytest.mark.parametrize("store", STORES)
async def test_a_reference_of_ones_own_is_held(store: str) -> None:
    field = {"type": "string", "required": False, "references": {"model": "user", "on_delete": "set null"}}
    async with running(store, user_fields(invitedBy=field)) as app:
        await app.signed_up()
        (first,) = await app.auth.services.database.find_many(User)
        second = await app.signed_up("b@example.com", invitedBy=first.id)
        nobody = await second.post("/update-user", {"invitedBy": "nobody"})
        assert nobody.status == 400
        await app.auth.services.users.delete(app.auth.services.database, first.id)
        assert (await second.get("/get-session")).json["user"]["invitedBy"] is None


NAMES: dict[str, Any] = {
    "user": {"model_name": "people", "fields": {"id": "person_key", "email": "mail_address"}},
    "session": {"model_name": "logins", "fields": {"id": "login_key", "userId": "person", "expiresAt": "ends_at"}},
    "account": {"fields": {"userId": "owner", "accountId": "external_id"}},
}


@pytest.mark.parametrize("ids", [None, "serial", "uuid", "uuid7"])
@pytest.mark.parametrize("naming", ["camelCase", "snake_case"])
@pytest.mark.parametrize("store", STORES)
async def test_names_of_ones_own_never_break_a_join(store: str, naming: str, ids: str | None) -> None:
    options = {**NAMES, "advanced": {"database": {"naming": naming, "generate_id": ids}}}
    async with running(store, options) as app:
        browser = await app.signed_up()
        read = (await browser.get("/get-session")).json
        assert read["session"]["userId"] == read["user"]["id"]
        assert (await browser.post("/update-user", {"name": "B"})).status == 200
        assert (await browser.get("/get-session")).json["user"]["name"] == "B"
        assert len((await browser.get("/list-sessions")).json) == 1
        await browser.post("/sign-out")
        assert (await browser.get("/get-session")).json is None
        again = await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
        assert again.status == 200


@pytest.mark.parametrize("store", STORES)
async def test_serial_identifiers_are_counted_by_the_store_and_text_on_the_wire(store: str) -> None:
    async with running(store, {"advanced": {"database": {"generate_id": "serial"}}}) as app:
        first, second = await app.signed_up(), await app.signed_up("b@example.com")
        ids = [(await each.get("/get-session")).json["user"]["id"] for each in (first, second)]
        assert ids == ["1", "2"]
        services = app.auth.services
        db = services.database
        (account,) = await db.find_many(Account, Account.user_id.eq("2"))
        assert (account.id, account.user_id, account.account_id) == ("2", "2", "2")
        for nobody in ("01", "abc", "", "-1", "1 ", "9" * 30):
            assert await db.find_one(User, User.id.eq(nobody)) is None
        assert [user.id for user in await db.find_many(User, User.id.one_of(["1", "x"]))] == ["1"]
        assert [user.id for user in await db.find_many(User, User.id.ne("x"), order=[User.id.ascending()])] == ids


@pytest.mark.parametrize("store", STORES)
async def test_a_serial_identifier_is_never_given_out_twice(store: str) -> None:
    async with running(store, {"advanced": {"database": {"generate_id": "serial"}}}) as app:
        await app.signed_up()
        services = app.auth.services
        assert await services.users.delete(services.database, "1")
        again = await app.signed_up()
        assert (await again.get("/get-session")).json["user"]["id"] == "2"


async def test_serial_identifiers_are_numbers_in_sqlite(tmp_path: Path) -> None:
    path = str(tmp_path / "auth.db")
    async with running("sqlite", {"advanced": {"database": {"generate_id": "serial"}}}, path) as app:
        await app.signed_up()
    with sqlite3.connect(path) as connection:
        kinds = connection.execute('SELECT typeof(id), typeof("userId"), typeof("accountId") FROM account').fetchall()
    connection.close()
    assert kinds == [("integer", "integer", "text")]


@pytest.mark.parametrize(("strategy", "version"), [("uuid", 4), ("uuid7", 7)])
@pytest.mark.parametrize("store", STORES)
async def test_identifiers_may_be_uuids(store: str, strategy: str, version: int) -> None:
    async with running(store, {"advanced": {"database": {"generate_id": strategy}}}) as app:
        read = (await (await app.signed_up()).get("/get-session")).json
        assert [UUID(each).version for each in (read["user"]["id"], read["session"]["id"])] == [version, version]


@pytest.mark.parametrize("store", STORES)
async def test_identifiers_may_come_from_a_function(store: str) -> None:
    made: list[str] = []

    def make(model: str) -> str:
        made.append(model)
        return f"{model}-{len(made)}"

    async with running(store, {"advanced": {"database": {"generate_id": make}}}) as app:
        read = (await (await app.signed_up()).get("/get-session")).json
        assert (read["user"]["id"], read["session"]["id"]) == ("user-1", "session-3")
        assert made == ["user", "account", "session"]


async def test_a_database_whose_old_rows_have_no_updated_time_can_be_read(tmp_path: Path) -> None:
    path = str(tmp_path / "old.db")
    with sqlite3.connect(path) as connection:
        connection.execute(
            'CREATE TABLE "user" (id TEXT PRIMARY KEY, name TEXT, email TEXT UNIQUE, "emailVerified" INTEGER, '
            'image TEXT, "createdAt" DATE, "updatedAt" DATE)'
        )
        connection.execute(
            'CREATE TABLE session (id TEXT PRIMARY KEY, "expiresAt" DATE, token TEXT UNIQUE, "createdAt" DATE, '
            '"updatedAt" DATE, "ipAddress" TEXT, "userAgent" TEXT, "userId" TEXT)'
        )
    connection.close()
    async with running("sqlite", {}, path) as app:
        browser = await app.signed_up()
        with sqlite3.connect(path) as connection:
            connection.execute('UPDATE "user" SET "updatedAt" = NULL')
            connection.execute('UPDATE session SET "updatedAt" = NULL')
        connection.close()
        read = (await browser.get("/get-session")).json
        assert (read["user"]["updatedAt"], read["session"]["updatedAt"]) == (None, None)
        (session,) = await app.auth.services.database.find_many(Session)
        assert session.raw["updatedAt"] is None
        assert (await browser.post("/update-user", {"name": "B"})).status == 200
        assert (await browser.get("/get-session")).json["user"]["updatedAt"] is not None
