"""Organizations under fifty callers at once, on SQLite, PostgreSQL, MariaDB and D1; each where it is there."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from tests.contract.adapters import test_mariadb, test_postgres
from tests.contract.adapters.d1_binding import Binding
from tests.contract.adapters.organization_races import OrganizationRaces, PromiseRaces
from tests.contract.adapters.test_d1 import address, over_http

from gatewright_adapters.d1 import D1Adapter
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

__all__ = ("address",)


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """What reaches a server runs on asyncio only."""
    return str(request.param)


@pytest.fixture(scope="module")
def postgres() -> str:
    """The server's address, where there is one."""
    reason = asyncio.run(test_postgres.refusal())
    if reason:
        pytest.skip(reason)
    return test_postgres.URL


@pytest.fixture(scope="module")
def mariadb() -> str:
    """The server's address, where there is one."""
    reason = asyncio.run(test_mariadb.refusal())
    if reason:
        pytest.skip(reason)
    return test_mariadb.URL


class TestInMemory(OrganizationRaces):
    @pytest.fixture
    async def adapter(self) -> MemoryAdapter:
        return MemoryAdapter()


class TestSQLite(OrganizationRaces):
    @pytest.fixture
    async def adapter(self, tmp_path: Path) -> AsyncIterator[SQLAlchemyAdapter]:
        adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
        await adapter.open()
        yield adapter
        await adapter.close()


class TestPostgreSQL(OrganizationRaces):
    @pytest.fixture
    async def adapter(self, postgres: str) -> AsyncIterator[SQLAlchemyAdapter]:
        async with test_postgres.engine_of_its_own(postgres) as engine:
            adapter = SQLAlchemyAdapter(engine)
            yield adapter
            await adapter.close()


class TestMariaDB(OrganizationRaces):
    @pytest.fixture
    async def adapter(self, mariadb: str) -> AsyncIterator[SQLAlchemyAdapter]:
        name = f"gatewright_{secrets.token_hex(6)}"
        admin = create_async_engine(mariadb, poolclass=NullPool)
        async with admin.begin() as connection:
            await connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
        engine = create_async_engine(make_url(mariadb).set(database=name), pool_size=8, max_overflow=0)
        adapter = SQLAlchemyAdapter(engine)
        yield adapter
        await adapter.close()
        await engine.dispose()
        async with admin.begin() as connection:
            await connection.execute(text(f"DROP DATABASE {name}"))
        await admin.dispose()


class TestD1OverABinding(OrganizationRaces):
    @pytest.fixture
    async def adapter(self) -> AsyncIterator[D1Adapter]:
        binding = Binding()
        adapter = D1Adapter.bound(binding)
        yield adapter
        await adapter.close()
        binding.close()


class TestD1OverHttp(PromiseRaces):
    """The engine itself decides as the binding's does, and each statement takes its time: the promises are enough."""

    @pytest.fixture
    async def adapter(self, address: str) -> AsyncIterator[D1Adapter]:
        adapter = over_http(address, f"db-{secrets.token_hex(6)}")
        await adapter.open()
        yield adapter
        await adapter.close()
