"""FLT-28: a database that gives a statement up for others is asked again a few times, and what it did counts once."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.security.attacker import SIGN_IN, SIGN_UP, app_on
from tests.security.test_flt_services import Serve, anyio_backend, serve, unavailable

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

__all__ = ("anyio_backend", "serve")

pytestmark = pytest.mark.anyio

POSTGRES = (
    "CREATE SEQUENCE tries",
    """CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF nextval('tries') <= {times} THEN RAISE EXCEPTION 'gave up' USING ERRCODE = '{state}'; END IF;
       RETURN NEW; END $$""",
    'CREATE TRIGGER gives_up BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION give_up()',
)
MYSQL = (
    "CREATE TABLE tries (number INTEGER) ENGINE = MyISAM",
    "INSERT INTO tries VALUES (0)",
    """CREATE TRIGGER gives_up BEFORE {event} ON `{table}` FOR EACH ROW BEGIN
       UPDATE tries SET number = number + 1;
       IF (SELECT number FROM tries) <= {times} THEN SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213; END IF; END""",
)
"""Triggers that count what is rolled back too: a sequence, and a table of an engine without transactions."""


async def gives_up(engine: AsyncEngine, event: str, table: str, *, times: int, state: str = "40001") -> None:
    """From now on the database gives up the first ``times`` writes of a kind."""
    statements = POSTGRES if engine.dialect.name == "postgresql" else MYSQL
    async with engine.begin() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement.format(event=event, table=table, times=times, state=state))


async def tries(engine: AsyncEngine) -> int:
    """How often such a write was tried."""
    ask = "SELECT nextval('tries')" if engine.dialect.name == "postgresql" else "SELECT number + 1 FROM tries"
    async with engine.begin() as connection:
        return int((await connection.exec_driver_sql(ask)).scalar_one()) - 1


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_flt_28_a_write_that_was_given_up_is_tried_again_and_counts_once(serve: Serve, state: str) -> None:
    async with serve() as served:
        app = await app_on(SQLAlchemyAdapter(served.engine))
        await app.signed_up()
        await gives_up(served.engine, "INSERT", "session", times=2, state=state)
        browser = app.browser()
        assert (await browser.post("/sign-in/email", SIGN_IN)).status == 200
        assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
        assert await app.auth.services.database.count(Session) == 2
        assert await tries(served.engine) == 3
        assert served.lent() == 0


async def test_flt_28_a_write_that_is_always_given_up_is_a_503_soon(serve: Serve) -> None:
    async with serve() as served:
        app = await app_on(SQLAlchemyAdapter(served.engine))
        browser = await app.signed_up()
        await gives_up(served.engine, "UPDATE", "user", times=1000)
        unavailable(await browser.post("/update-user", {"name": "Ada L."}))
        assert await tries(served.engine) == 6
        assert (await browser.get("/get-session")).json["user"]["name"] == "Ada"
        assert served.lent() == 0


async def test_flt_28_a_transaction_that_was_given_up_leaves_nothing_behind(serve: Serve) -> None:
    async with serve() as served:
        app = await app_on(SQLAlchemyAdapter(served.engine))
        await app.signed_up()
        await gives_up(served.engine, "INSERT", "account", times=1)
        new = {**SIGN_UP, "email": "new@example.com"}
        database = app.auth.services.database
        unavailable(await app.browser().post("/sign-up/email", new))
        assert [user.email for user in await database.find_many(User)] == ["ada@example.com"]
        assert (await app.browser().post("/sign-up/email", new)).status == 200
        assert await database.count(User) == await database.count(Account) == await database.count(Session) == 2
        assert served.lent() == 0
