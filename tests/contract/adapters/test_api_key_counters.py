"""Uses of API keys are counted exactly in this process's memory, in SQLite, and in both with copies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest
from tests.contract.adapters.api_key_counters import IN_CACHE, ApiKeyCounters

from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright_adapters.memory_cache import MemoryCache
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


class TestApiKeysInMemory(ApiKeyCounters):
    pass


class TestApiKeysInSQLite(ApiKeyCounters):
    @pytest.fixture
    async def adapter(self, tmp_path: Path) -> AsyncIterator[Adapter]:
        adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
        await adapter.open()
        yield adapter
        await adapter.close()


class TestApiKeysInACache(ApiKeyCounters):
    OPTIONS: ClassVar[dict[str, object]] = {**IN_CACHE}

    @pytest.fixture
    def key_cache(self) -> Cache | None:
        return MemoryCache()


class TestApiKeysWithCopies(TestApiKeysInSQLite):
    OPTIONS: ClassVar[dict[str, object]] = {**IN_CACHE, "fallbackToDatabase": True}

    @pytest.fixture
    def key_cache(self) -> Cache | None:
        return MemoryCache()
