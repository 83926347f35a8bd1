"""An instance that is opened looks whether its database has the tables and columns that it needs."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.contract.adapters.d1_binding import Binding

from gatewright.auth import Auth
from gatewright.plugins.admin import Admin
from gatewright.ports.adapter import Adapter, StoreUnavailable
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET
from gatewright.wire.faults import ConfigError
from gatewright_adapters.d1 import D1Adapter
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


def instance(adapter: Adapter, missing: str | None = None, **options: Any) -> Auth[Any]:
    advanced = {} if missing is None else {"advanced": {"database": {"missing_tables": missing}}}
    plain = {"secret": SECRET, "base_url": "http://localhost:3000", "email_and_password": {"enabled": True}}
    given = {**plain, **advanced, **options}
    return Auth(Settings.load(given), adapter, plugins=[Admin()])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "app.db"


def changed(place: Path, *statements: str) -> None:
    with sqlite3.connect(place) as there:
        for statement in statements:
            there.execute(statement)
    there.close()


async def test_an_empty_database_is_refused_and_every_table_is_named(place: Path) -> None:
    auth = instance(SQLAlchemyAdapter.sqlite(place))
    with pytest.raises(ConfigError) as refused:
        async with auth:
            raise AssertionError("it was opened")
    assert str(refused.value) == (
        "the database lacks user, session, account, verification: run `gatewright migrate`, or let them be made at the start"
        " with advanced.database.missing_tables = 'create'"
    )
    with pytest.raises(StoreUnavailable, match="closed"):
        await auth.check_tables()
    await auth.adapter.open()
    with pytest.raises(ConfigError, match="lacks user"):
        await auth.check_tables()
    await auth.adapter.close()


async def test_a_database_that_lacks_a_column_or_a_table_is_refused_by_its_name(place: Path) -> None:
    auth = instance(SQLAlchemyAdapter.sqlite(place))
    await auth.create_tables()
    async with auth:
        pass
    changed(place, 'ALTER TABLE "user" DROP COLUMN "banReason"', 'DROP TABLE "account"')
    with pytest.raises(ConfigError, match=r"the database lacks user\.banReason, account: run"):
        async with auth:
            raise AssertionError("it was opened")
    async with auth.unchecked():
        await auth.create_tables()
    async with auth:
        pass


async def test_tables_that_were_made_before_the_start_are_enough(place: Path) -> None:
    auth = instance(SQLAlchemyAdapter.sqlite(place))
    await auth.create_tables()
    async with auth:
        assert (await auth.api.sign_up_email(name="Ada", email="ada@example.com", password="password-1234")).user


async def test_what_is_missing_is_made_at_the_start_where_the_settings_say_so(place: Path) -> None:
    for statement in ("SELECT 1", 'ALTER TABLE "user" DROP COLUMN "banReason"'):
        async with instance(SQLAlchemyAdapter.sqlite(place), "create") as auth:
            await auth.check_tables()
        changed(place, statement)
    async with instance(SQLAlchemyAdapter.sqlite(place), "create") as auth:
        assert (await auth.api.sign_up_email(name="Ada", email="ada@example.com", password="password-1234")).user


async def test_nothing_is_looked_at_where_the_settings_say_so(place: Path) -> None:
    async with instance(SQLAlchemyAdapter.sqlite(place), "ignore") as auth:
        with pytest.raises(ConfigError):
            await auth.check_tables()


async def test_other_names_more_columns_and_no_indexes_are_no_reason_to_refuse(place: Path) -> None:
    auth = instance(SQLAlchemyAdapter.sqlite(place), user={"model_name": "People", "fields": {"email": "mail address"}})
    await auth.create_tables()
    changed(
        place,
        'ALTER TABLE "People" ADD COLUMN "theirs" TEXT',
        'ALTER TABLE "People" RENAME TO "other"',
        'ALTER TABLE "other" RENAME TO "PEOPLE"',
        'DROP INDEX "session_userId_idx"',
        'ALTER TABLE "verification" RENAME TO "kept"',
        'CREATE VIEW "verification" AS SELECT * FROM "kept"',
        'CREATE VIEW "broken" AS SELECT * FROM "gone"',
    )
    async with auth:
        pass


async def test_an_adapter_that_cannot_tell_is_believed() -> None:
    async with instance(MemoryAdapter()) as auth:
        await auth.check_tables()


async def test_what_is_bound_within_a_request_does_not_look(place: Path) -> None:
    blueprint = instance(MemoryAdapter()).blueprint
    async with blueprint.bind(SQLAlchemyAdapter.sqlite(place)) as auth:
        with pytest.raises(ConfigError, match="lacks user"):
            await auth.check_tables()


async def test_looking_is_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    binding = Binding()
    auth = instance(D1Adapter.bound(binding))
    await auth.create_tables()
    asked: list[str] = []
    prepare = binding.prepare

    def heard(text: str) -> Any:
        asked.append(text)
        return prepare(text)

    monkeypatch.setattr(binding, "prepare", heard)
    async with auth:
        opened = len(asked)
        await auth.check_tables()
        assert (opened, len(asked)) == (2, 3)
    assert asked[0] == "SELECT 1"
    assert asked[1] == asked[2]
    binding.close()
