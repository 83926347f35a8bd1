"""Organizations under fifty callers at once, on SQLite, PostgreSQL, MariaDB and D1; each where it is there."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contract.adapters import test_mariadb, test_postgres
from tests.contract.adapters.d1_binding import Binding
from tests.contract.adapters.organization_races import OrganizationRaces
from tests.contract.adapters.stores import on_mariadb, on_postgres
from tests.contract.adapters.test_d1 import address, over_http

from gatewright.ports import egress
from gatewright_adapters.d1 import D1Adapter, http
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
        async with on_postgres(postgres) as adapter:
            yield adapter


class TestMariaDB(OrganizationRaces):
    @pytest.fixture
    async def adapter(self, mariadb: str) -> AsyncIterator[SQLAlchemyAdapter]:
        async with on_mariadb(mariadb) as adapter:
            yield adapter


class TestD1OverABinding(OrganizationRaces):
    @pytest.fixture
    async def adapter(self) -> AsyncIterator[D1Adapter]:
        binding = Binding()
        adapter = D1Adapter.bound(binding)
        yield adapter
        await adapter.close()
        binding.close()


class TestD1OverHttp(OrganizationRaces):
    @pytest.fixture
    async def adapter(self, address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[D1Adapter]:
        # A statement that is given up may have been executed. How long a busy machine takes is not what is tested.
        for module in (http, egress):
            monkeypatch.setattr(module, "TIMEOUT_SECONDS", 60.0)
        adapter = over_http(address, f"db-{secrets.token_hex(6)}")
        await adapter.open()
        yield adapter
        await adapter.close()
