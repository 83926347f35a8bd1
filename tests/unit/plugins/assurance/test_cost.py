"""What assurance costs: reading a session is one statement with it as without it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.core.test_statements import Counter
from tests.unit.plugins.assurance.ways import PASSWORD, World, world

from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[{}, {"policy": {"second_factor": False, "max_age": 600}}, {"roles": {"x": {"max_age": 5}}}])
async def counted(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncGenerator[tuple[World, Counter]]:
    """An instance on a SQLite file, and what counts its statements."""
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
    await adapter.open()
    place = world({"everywhere": True}, assurance=request.param, adapter=adapter)
    await place.app.auth.create_tables()
    inside: Any = adapter
    counter = Counter(inside._transport)
    inside._transport = counter
    yield place, counter
    await adapter.close()


async def test_reading_a_session_is_one_statement(counted: tuple[World, Counter]) -> None:
    place, counter = counted
    browser = await place.app.signed_up()
    counter.verbs()
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
    assert counter.verbs() == ["SELECT"]


async def test_signing_in_costs_nobody_a_statement_more_who_owes_nothing(counted: tuple[World, Counter]) -> None:
    place, counter = counted
    plain = world(adapter=place.app.adapter)
    for _ in range(10_000):
        plain.app.auth.services.random.bytes(1)
    await place.app.signed_up()
    body = {"email": "ada@example.com", "password": PASSWORD}
    counter.verbs()
    assert (await plain.app.browser().post("/sign-in/email", body)).status == 200
    without = counter.verbs()
    assert (await place.app.browser().post("/sign-in/email", body)).status == 200
    assert counter.verbs() == without
