"""The stores that attacks are tried on: in memory, and a SQLite file."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from gatewright.ports.adapter import Adapter
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncGenerator[Adapter]:
    """A database, open; tables are created by whoever builds an instance on it."""
    if request.param == "memory":
        yield MemoryAdapter()
        return
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
    await adapter.open()
    yield adapter
    await adapter.close()


@pytest.fixture
async def sqlite(tmp_path: Path, anyio_backend: str) -> AsyncGenerator[SQLAlchemyAdapter]:
    """A SQLite file, open."""
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
    await adapter.open()
    yield adapter
    await adapter.close()
