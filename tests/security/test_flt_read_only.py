"""FLT-27: a database that cannot be written to is still read, and nobody is signed in by it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine
from tests.contract.adapters import test_postgres as postgres
from tests.security.attacker import SIGN_IN, SIGN_UP, QuickPasswords, app_on

from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.ports.random import SystemRandom
from gatewright.testing.app import make_app
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_adapters.sqlalchemy.transports.sqlite_worker import SQLiteWorker

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy's asyncio extension runs on asyncio only."""
    return str(request.param)


@asynccontextmanager
async def both(kind: str, path: Path) -> AsyncGenerator[tuple[Adapter, Adapter]]:
    """A database as it is, and the same one as if it could not be written to."""
    if kind == "sqlite":
        yield SQLAlchemyAdapter.sqlite(path), SQLAlchemyAdapter.sqlite(path)
        return
    if reason := await postgres.refusal():
        pytest.skip(reason)
    async with postgres.engine_of_its_own(postgres.URL) as engine:
        async with engine.connect() as connection:
            schema = str((await connection.exec_driver_sql("SELECT current_schema()")).scalar_one())
        settings = {"search_path": schema, "default_transaction_read_only": "on"}
        reading = create_async_engine(postgres.URL, connect_args={"server_settings": settings})
        yield SQLAlchemyAdapter(engine), SQLAlchemyAdapter(reading)
        await reading.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_flt_27_a_database_that_cannot_be_written_to_signs_nobody_in(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatewright.testing.app.SeededRandom", SystemRandom)
    async with both(kind, tmp_path / "app.db") as (writing, reading):
        app = await app_on(writing)
        browser = await app.signed_up()
        await app.adapter.close()
        connect = SQLiteWorker._connect  # pyright: ignore[reportPrivateUsage]

        def connected(worker: SQLiteWorker) -> sqlite3.Connection:
            connection = connect(worker)
            connection.execute("PRAGMA query_only = ON")
            return connection

        monkeypatch.setattr(SQLiteWorker, "_connect", connected)
        later = make_app({"email_and_password": QuickPasswords.options()}, adapter=reading)
        async with later.auth:
            known = later.browser()
            known.jar.update(browser.jar)
            assert (await known.get("/get-session")).json["user"]["email"] == SIGN_UP["email"]
            answers = [
                await later.browser().post("/sign-in/email", SIGN_IN),
                await later.browser().post("/sign-up/email", {**SIGN_UP, "email": "new@example.com"}),
                await known.post("/sign-out"),
            ]
            for answer in answers:
                assert (answer.status, answer.json["code"]) == (503, "SERVICE_UNAVAILABLE"), answer
                assert not [line for line in answer.cookies if "session_token=" in line and "Max-Age=0" not in line]
            # What was to end has not ended, and is not said to have.
            known.jar.update(browser.jar)
            assert (await known.get("/get-session")).json["user"]["email"] == SIGN_UP["email"]
            assert await later.auth.services.database.count(User) == 1
