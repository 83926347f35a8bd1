"""The SQLAlchemy adapter over SQLite without a driver in between gives every guarantee of the port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gatewright.testing.adapter_suite import AdapterSuite
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter


class TestSQLiteFile(AdapterSuite):
    @pytest.fixture
    async def adapter(self, tmp_path: Path) -> AsyncIterator[SQLAlchemyAdapter]:
        adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
        await adapter.open()
        yield adapter
        await adapter.close()


class TestSQLiteInMemory(AdapterSuite):
    @pytest.fixture
    async def adapter(self) -> AsyncIterator[SQLAlchemyAdapter]:
        adapter = SQLAlchemyAdapter.sqlite(":memory:")
        await adapter.open()
        yield adapter
        await adapter.close()
