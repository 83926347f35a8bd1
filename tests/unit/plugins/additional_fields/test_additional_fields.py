"""The application's own columns, declared as classes: in the tables, in requests, in results."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TypedDict

import pytest

from gatewright.model.column import Column, column
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.additional_fields import AdditionalFields
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ApiError, ConfigError
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


class AppUser(User):
    """A user of the application."""

    favourite_tea: Column[str] = column(default="assam")
    level: Column[int] = column(default=1, input=False)
    note: Column[str | None] = column(default=None, returned=False)


class AppSession(Session):
    """A session of the application."""

    theme: Column[str | None] = column(default=None)


class NewUser(TypedDict, total=False):
    favourite_tea: str
    note: str


class Look(TypedDict):
    theme: str


def plugin() -> AdditionalFields[AppUser, AppSession, NewUser, Look]:
    return AdditionalFields(AppUser, AppSession, given=NewUser, session_given=Look)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncGenerator[Adapter]:
    if request.param == "memory":
        yield MemoryAdapter()
        return
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
    await adapter.open()
    yield adapter
    await adapter.close()


ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


async def test_what_is_given_comes_back_typed(store: Adapter) -> None:
    fields = plugin()
    app = make_app(plugins=[fields], adapter=store)
    await app.auth.create_tables()
    api = app.auth.of(fields)
    signed = await api.sign_up_email(**ADA, fields={"favourite_tea": "darjeeling", "note": "quiet"})
    assert (signed.user.favourite_tea, signed.user.level, signed.user.note) == ("darjeeling", 1, "quiet")
    again = await api.sign_in_email(email=ADA["email"], password=ADA["password"])
    assert (again.user.id, again.user.favourite_tea) == (signed.user.id, "darjeeling")


async def test_defaults_are_the_class_s_and_what_is_not_returned_stays_inside(store: Adapter) -> None:
    fields = plugin()
    app = make_app(plugins=[fields], adapter=store)
    await app.auth.create_tables()
    browser = await app.signed_up()
    told = (await browser.get("/get-session")).json
    assert (told["user"]["favouriteTea"], told["user"]["level"], "note" in told["user"]) == ("assam", 1, False)
    assert told["session"]["theme"] is None


async def test_whoever_is_acted_for_changes_their_own(store: Adapter) -> None:
    fields = plugin()
    app = make_app(plugins=[fields], adapter=store)
    await app.auth.create_tables()
    browser = await app.signed_up()
    mine = app.auth.of(fields).on({"cookie": browser.cookie_header()})
    await mine.update_user({"favourite_tea": "oolong"})
    await mine.update_session({"theme": "dark"})
    found = await mine.get_session()
    assert found is not None
    assert (found.user.favourite_tea, found.session.theme) == ("oolong", "dark")
    assert await app.auth.of(fields).get_session() is None


async def test_what_requests_may_not_set_is_refused() -> None:
    fields = plugin()
    app: TestApp = make_app(plugins=[fields])
    browser = await app.signed_up()
    answer = await browser.post("/update-user", {"level": 9})
    assert (answer.status, answer.json["code"]) == (400, "FIELD_NOT_ALLOWED")
    with pytest.raises(ApiError):
        await app.auth.of(fields).on({"cookie": browser.cookie_header()}).update_user({"level": 9})  # pyright: ignore[reportArgumentType]


class Level(TypedDict):
    level: int


class Nothing(TypedDict):
    nothing: str


@pytest.mark.parametrize("given", [Level, Nothing])
def test_a_field_that_is_no_column_that_requests_may_set_is_a_mistake(given: type[Level | Nothing]) -> None:
    with pytest.raises(ConfigError, match="that a request may set"):
        AdditionalFields(AppUser, given=given)


async def test_without_classes_nothing_changes() -> None:
    fields = AdditionalFields()
    app = make_app(plugins=[fields])
    browser = await app.signed_up()
    found = await app.auth.of(fields).on({"cookie": browser.cookie_header()}).get_session()
    assert found is not None
    assert found.user.email == "ada@example.com"
