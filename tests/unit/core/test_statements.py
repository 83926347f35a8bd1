"""How many statements the hot operations need, counted on a SQLite file."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


class Counter:
    """Stands before a transport and keeps the text of what passes."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.texts: list[str] = []

    async def fetch(self, statement: Any, parameters: Any) -> Any:
        self.texts.append(statement.text)
        return await self._inner.fetch(statement, parameters)

    async def execute(self, statement: Any, parameters: Any) -> Any:
        self.texts.append(statement.text)
        return await self._inner.execute(statement, parameters)

    def transaction(self) -> Any:
        return _Counted(self._inner.transaction(), self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def verbs(self) -> list[str]:
        """The first word of each statement since the last look."""
        found = [text.split()[0].upper() for text in self.texts]
        self.texts.clear()
        return found


class _Counted:
    def __init__(self, manager: Any, counter: Counter) -> None:
        self._manager = manager
        self._counter = counter

    async def __aenter__(self) -> Any:
        inside = Counter(await self._manager.__aenter__())
        inside.texts = self._counter.texts
        return inside

    async def __aexit__(self, *error: object) -> Any:
        return await self._manager.__aexit__(*error)


@pytest.fixture
async def counted(tmp_path: Path, anyio_backend: str) -> AsyncGenerator[tuple[TestApp, Counter]]:
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
    await adapter.open()
    counter = Counter(adapter._transport)  # pyright: ignore[reportPrivateUsage]
    adapter._transport = counter  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
    app = make_app(adapter=adapter)
    await app.auth.create_tables()
    counter.verbs()
    yield app, counter
    await adapter.close()


async def test_reading_a_session_is_one_select(counted: tuple[TestApp, Counter]) -> None:
    app, counter = counted
    browser = await app.signed_up()
    counter.verbs()
    assert (await browser.get("/get-session")).json is not None
    assert len(counter.texts) == 1
    assert " JOIN " in counter.texts[0].upper()
    assert counter.verbs() == ["SELECT"]


async def test_a_caller_without_a_signed_cookie_costs_no_statement(counted: tuple[TestApp, Counter]) -> None:
    app, counter = counted
    browser: Browser = app.browser()
    browser.jar["better-auth.session_token"] = "forged.signature"
    assert (await browser.get("/get-session")).json is None
    assert counter.verbs() == []


async def test_extending_a_session_is_one_more_write(counted: tuple[TestApp, Counter]) -> None:
    app, counter = counted
    browser = await app.signed_up()
    app.clock.advance(days=2)
    counter.verbs()
    await browser.get("/get-session")
    assert counter.verbs() == ["SELECT", "UPDATE"]


async def test_signing_up_looks_once_and_writes_three_rows(counted: tuple[TestApp, Counter]) -> None:
    app, counter = counted
    await app.signed_up()
    assert counter.verbs() == ["SELECT", "INSERT", "INSERT", "INSERT"]


async def test_signing_in_is_two_reads_one_row_and_a_look_whether_the_password_is_still_the_same(
    counted: tuple[TestApp, Counter],
) -> None:
    app, counter = counted
    await app.signed_up()
    counter.verbs()
    await app.browser().post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert counter.verbs() == ["SELECT", "SELECT", "INSERT", "SELECT"]


async def test_signing_out_is_one_delete(counted: tuple[TestApp, Counter]) -> None:
    app, counter = counted
    browser = await app.signed_up()
    counter.verbs()
    await browser.post("/sign-out")
    assert counter.verbs() == ["DELETE"]
