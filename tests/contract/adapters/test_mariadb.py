"""The SQLAlchemy adapter over MariaDB or MySQL gives every guarantee of the port; needs a server.

``GATEWRIGHT_MYSQL`` names another than the one on this machine. Each test has a database of its own.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from tests.contract.adapters.api_key_counters import ApiKeyCounters

from gatewright.model.query import ListJoin, SelectListed, Update
from gatewright.testing.adapter_suite import AdapterSuite
from gatewright.testing.adapter_tables import BADGE, PERSON, SUITE_SCHEMA, Badge, Person, add_badge, add_person
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytest.importorskip("aiomysql", reason="aiomysql is not installed")

URL = os.environ.get("GATEWRIGHT_MYSQL", "mysql+aiomysql://root@127.0.0.1:3306")


async def refusal() -> str:
    engine = create_async_engine(URL, poolclass=NullPool, connect_args={"connect_timeout": 10})
    try:
        async with engine.connect():
            return ""
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the reason shown for skipping)
        return f"no MariaDB or MySQL answers: {type(error).__name__}"


@pytest.fixture(scope="module")
def server() -> str:
    """The server's address, where there is one."""
    reason = asyncio.run(refusal())
    if reason:
        pytest.skip(reason)
    return URL


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy's asyncio extension runs on asyncio only."""
    return str(request.param)


@asynccontextmanager
async def engine_of_its_own(server: str, driver: str = "aiomysql") -> AsyncGenerator[AsyncEngine]:
    """Over an empty database, which is dropped afterwards."""
    name = f"gatewright_{secrets.token_hex(6)}"
    admin = create_async_engine(server, poolclass=NullPool)
    async with admin.begin() as connection:
        # The server's usual collation, which is blind to case: the tables have to bring their own.
        await connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci"))
    address = make_url(server).set(database=name, drivername=f"mysql+{driver}")
    engine = create_async_engine(address, pool_size=8, max_overflow=0)
    yield engine
    await engine.dispose()
    async with admin.begin() as connection:
        await connection.execute(text(f"DROP DATABASE {name}"))
    await admin.dispose()


class TestMariaDB(AdapterSuite):
    """Over aiomysql."""

    races = 5  # twenty, with two processes: test_processes

    @pytest.fixture
    async def adapter(self, server: str) -> AsyncIterator[SQLAlchemyAdapter]:
        async with engine_of_its_own(server) as engine:
            adapter = SQLAlchemyAdapter(engine)
            await adapter.open()
            yield adapter
            await adapter.close()


class TestAsyncmy(AdapterSuite):
    """Over asyncmy."""

    races = 2  # twenty, with two processes: test_processes

    @pytest.fixture
    async def adapter(self, server: str) -> AsyncIterator[SQLAlchemyAdapter]:
        pytest.importorskip("asyncmy", reason="asyncmy is not installed")
        async with engine_of_its_own(server, "asyncmy") as engine:
            adapter = SQLAlchemyAdapter(engine)
            await adapter.open()
            yield adapter
            await adapter.close()


@pytest.mark.anyio
class TestApiKeys(ApiKeyCounters):
    adapter = TestMariaDB.adapter


@pytest.mark.anyio
@pytest.mark.parametrize("characters", ["utf8mb4", "utf8mb3", "latin1"])
async def test_what_a_row_lists_is_exact_in_tables_of_anothers_making(server: str, characters: str) -> None:
    async with engine_of_its_own(server) as engine:
        adapter = SQLAlchemyAdapter(engine)
        await adapter.create_tables(SUITE_SCHEMA)
        async with engine.begin() as connection:
            await connection.execute(text("ALTER TABLE suiteBadge DROP FOREIGN KEY suiteBadge_ibfk_1"))
            for table in (PERSON, BADGE):
                change = f"CONVERT TO CHARACTER SET {characters} COLLATE {characters}_general_ci"
                await connection.execute(text(f"ALTER TABLE {table.db_name} {change}"))
        await add_person(adapter, 1, nickname="Ab,é")
        for code in ("ab", "e"):
            await add_badge(adapter, code, "p1")
        query = SelectListed(PERSON, (Person.id.eq("p1"),), ListJoin(BADGE, "id", "personId", "nickname", "code"))
        alone = await adapter.select_listed(query)
        assert alone is not None
        assert list(alone[1]) == []
        await adapter.update(Update(BADGE, (Badge.code.eq("ab"),), (Badge.code.to("Ab"),)))
        await adapter.update(Update(BADGE, (Badge.code.eq("e"),), (Badge.code.to("é"),)))
        both = await adapter.select_listed(query)
        assert both is not None
        assert sorted(row["code"] for row in both[1]) == ["Ab", "é"]
