"""The SQLAlchemy adapter over the application's own aiosqlite engine gives every guarantee of the port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from gatewright.testing.adapter_suite import AdapterSuite
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy's asyncio extension runs on asyncio only."""
    return str(request.param)


class TestEngineOverFile(AdapterSuite):
    races = 3  # twenty, without SQLAlchemy in between: test_sqlite

    @pytest.fixture
    async def adapter(self, tmp_path: Path) -> AsyncIterator[SQLAlchemyAdapter]:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
        adapter = SQLAlchemyAdapter(engine, transport="engine")
        assert adapter.transport == "engine"
        await adapter.open()
        yield adapter
        await adapter.close()
        await engine.dispose()


class TestEngineInMemory(AdapterSuite):
    races = 3  # twenty, without SQLAlchemy in between: test_sqlite

    @pytest.fixture
    async def adapter(self) -> AsyncIterator[SQLAlchemyAdapter]:
        engine = create_async_engine("sqlite+aiosqlite://")
        adapter = SQLAlchemyAdapter(engine)
        assert adapter.transport == "engine"
        await adapter.open()
        yield adapter
        await adapter.close()
        await engine.dispose()


class TestSessionsOverFile(AdapterSuite):
    """Each transaction is a session of the application's own factory."""

    races = 2  # twenty, without SQLAlchemy in between: test_sqlite

    @pytest.fixture
    async def adapter(self, tmp_path: Path) -> AsyncIterator[SQLAlchemyAdapter]:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
        adapter = SQLAlchemyAdapter(async_sessionmaker(engine))
        assert adapter.transport == "engine"
        await adapter.open()
        yield adapter
        await adapter.close()
        await engine.dispose()
