"""Every kind of store, each opened for one test and removed again: what tests of races are run on; not those tests.

A class below gives a test class its fixtures ``adapter`` and ``cache``. Servers and engines that are not there are skipped.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.lowlevel
import pytest
from tests.contract.adapters import test_mariadb, test_postgres, test_redis
from tests.contract.adapters.d1_binding import Binding
from tests.contract.adapters.d1_engine import over_http

from gatewright.model.query import Count, Delete, Insert, Select, SelectListed, Update, Values
from gatewright.ports.adapter import Adapter, Features
from gatewright.ports.cache import Cache
from gatewright_adapters.d1 import D1Adapter
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

__all__ = (
    "InMemory",
    "InMemoryOverAWire",
    "OnD1OverABinding",
    "OnD1OverHttp",
    "OnMariaDB",
    "OnPostgreSQL",
    "OnSQLite",
    "WithACache",
    "WithRedis",
    "redis_cache",
)


class Store:
    """What all have: one event loop, and no secondary storage."""

    @pytest.fixture(params=["asyncio"])
    def anyio_backend(self, request: pytest.FixtureRequest) -> str:
        """What reaches a server runs on asyncio only."""
        return str(request.param)

    @pytest.fixture
    async def cache(self) -> Cache | None:
        return None


class InMemory(Store):
    """In this process."""

    @pytest.fixture
    async def adapter(self) -> Adapter:
        return MemoryAdapter()


class InMemoryOverAWire(Store):
    """In this process, without transactions, and with others in between any two statements, as over a network."""

    @pytest.fixture(params=range(2), ids=lambda seed: f"order {seed}")
    async def adapter(self, request: pytest.FixtureRequest) -> Adapter:
        return Interleaved(int(request.param))


class Interleaved(MemoryAdapter):
    """Each statement takes some while before it happens and some while afterwards, by chance.

    Args:
        seed: Of the chance.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._chance = random.Random(seed)

    @property
    def features(self) -> Features:
        return Features(transactions=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[MemoryAdapter]:
        yield self

    async def _while(self) -> None:
        for _ in range(self._chance.randrange(4)):
            await anyio.lowlevel.checkpoint()

    async def insert(self, query: Insert) -> Values:
        await self._while()
        done = await super().insert(query)
        await self._while()
        return done

    async def select(self, query: Select) -> Sequence[Values]:
        await self._while()
        done = await super().select(query)
        await self._while()
        return done

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        await self._while()
        done = await super().select_pair(query)
        await self._while()
        return done

    async def select_listed(self, query: SelectListed) -> tuple[Values, Sequence[Values]] | None:
        await self._while()
        done = await super().select_listed(query)
        await self._while()
        return done

    async def count(self, query: Count) -> int:
        await self._while()
        done = await super().count(query)
        await self._while()
        return done

    async def update(self, query: Update) -> int:
        await self._while()
        done = await super().update(query)
        await self._while()
        return done

    async def update_one(self, query: Update) -> Values | None:
        await self._while()
        done = await super().update_one(query)
        await self._while()
        return done

    async def take(self, query: Delete) -> Values | None:
        await self._while()
        done = await super().take(query)
        await self._while()
        return done

    async def delete(self, query: Delete) -> int:
        await self._while()
        done = await super().delete(query)
        await self._while()
        return done


class OnSQLite(Store):
    """A file."""

    @pytest.fixture
    async def adapter(self, tmp_path: Path) -> AsyncIterator[Adapter]:
        adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
        await adapter.open()
        yield adapter
        await adapter.close()


class OnPostgreSQL(Store):
    """A schema of its own."""

    @pytest.fixture
    async def adapter(self) -> AsyncIterator[Adapter]:
        if reason := await test_postgres.refusal():
            pytest.skip(reason)
        async with test_postgres.engine_of_its_own(test_postgres.URL) as engine:
            adapter = SQLAlchemyAdapter(engine)
            yield adapter
            await adapter.close()


class OnMariaDB(Store):
    """A database of its own, on MariaDB or MySQL."""

    @pytest.fixture
    async def adapter(self) -> AsyncIterator[Adapter]:
        if reason := await test_mariadb.refusal():
            pytest.skip(reason)
        async with test_mariadb.engine_of_its_own(test_mariadb.URL) as engine:
            adapter = SQLAlchemyAdapter(engine)
            yield adapter
            await adapter.close()


class OnD1OverABinding(Store):
    """The binding of a Worker."""

    @pytest.fixture
    async def adapter(self) -> AsyncIterator[Adapter]:
        binding = Binding()
        adapter = D1Adapter.bound(binding)
        yield adapter
        await adapter.close()
        binding.close()


class OnD1OverHttp(Store):
    """Cloudflare's own engine; each statement is a request."""

    @pytest.fixture
    async def adapter(self, address: str) -> AsyncIterator[Adapter]:
        adapter = over_http(address, f"db-{secrets.token_hex(6)}")
        await adapter.open()
        yield adapter
        await adapter.close()


class WithACache(InMemory):
    """A secondary storage in this process."""

    @pytest.fixture
    async def cache(self) -> Cache | None:
        return MemoryCache()


class WithRedis(InMemory):
    """Redis as the secondary storage."""

    @pytest.fixture
    async def cache(self) -> AsyncIterator[Cache | None]:
        if reason := await test_redis.refusal():
            pytest.skip(reason)
        async with redis_cache() as cache:
            yield cache


@asynccontextmanager
async def redis_cache() -> AsyncGenerator[Cache]:
    """Keys of its own; callers wait for one of eight connections, and how long they wait is not what is tested."""
    pool = test_redis.redis.asyncio.BlockingConnectionPool.from_url(test_redis.URL, max_connections=8, timeout=30)
    client = test_redis.Redis.from_pool(pool)
    prefix = f"gatewright-{secrets.token_hex(6)}:"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gatewright_adapters.redis.TIMEOUT_SECONDS", 60.0)
        yield test_redis.RedisCache(client, prefix=prefix)
    async for key in client.scan_iter(match=f"{prefix}*"):
        await client.delete(key)
    await client.aclose()
