"""The Redis cache gives every guarantee of the port, also when Redis is gone; needs a server.

``GATEWRIGHT_REDIS`` names another than the one on this machine. Each test has a key prefix of its own.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, ClassVar

import anyio
import pytest
from tests.contract.adapters.api_key_counters import IN_CACHE, ApiKeyCounters

from gatewright.ports.cache import Cache, CacheUnavailable
from gatewright.testing.cache_suite import CacheSuite
from gatewright.wire.faults import ConfigError

redis: Any = pytest.importorskip("redis", reason="redis-py is not installed")

from gatewright_adapters.redis import RedisCache  # noqa: E402 (after the look for redis-py)

# redis-py's own types leave too much open.
Redis: Any = redis.asyncio.Redis
URL = os.environ.get("GATEWRIGHT_REDIS", "redis://127.0.0.1:6379/0")


async def refusal() -> str:
    client = Redis.from_url(URL, socket_connect_timeout=10)
    try:
        await client.ping()
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the reason shown for skipping)
        return f"no Redis answers: {type(error).__name__}"
    finally:
        await client.aclose()
    return ""


@pytest.fixture(scope="module")
def server() -> str:
    """The server's address, where there is one."""
    reason = asyncio.run(refusal())
    if reason:
        pytest.skip(reason)
    return URL


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """redis-py's asyncio client runs on asyncio only."""
    return str(request.param)


@pytest.fixture(params=[False, True], ids=["bytes", "decoded"])
async def client(server: str, request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    client = Redis.from_url(server, decode_responses=request.param)
    yield client
    await client.aclose()


@pytest.fixture
def prefix() -> str:
    return f"gatewright-{secrets.token_hex(6)}:"


@pytest.fixture
async def cache(client: Any, prefix: str) -> AsyncIterator[RedisCache]:
    yield RedisCache(client, prefix=prefix)
    async for key in client.scan_iter(match=f"{prefix}*"):
        await client.delete(key)


class TestRedisCache(CacheSuite):
    @pytest.fixture
    def pass_time(self, client: Any, prefix: str) -> Callable[[float], Awaitable[None]]:
        # Lifetimes are the server's, so they are made shorter instead of waited for.
        async def pass_time(seconds: float) -> None:
            async for key in client.scan_iter(match=f"{prefix}*"):
                left = await client.pttl(key)
                if left >= 0:
                    await client.pexpire(key, left - round(seconds * 1000))

        return pass_time


pytestmark = pytest.mark.anyio


async def test_keys_stand_behind_the_prefix(client: Any, cache: RedisCache, prefix: str) -> None:
    await cache.set("key", "value")
    assert await client.get(f"{prefix}key") in ("value", b"value")


async def test_scripts_are_learnt_again_after_a_restart(client: Any, cache: RedisCache) -> None:
    assert await cache.increment("count", 60) == 1
    await client.script_flush()
    assert await cache.increment("count", 60) == 2
    assert await cache.increment("count", 60) == 3


async def test_another_kind_of_value_is_an_unavailable_cache(client: Any, cache: RedisCache, prefix: str) -> None:
    await client.rpush(f"{prefix}key", "item")
    with pytest.raises(CacheUnavailable):
        await cache.get("key")
    with pytest.raises(CacheUnavailable):
        await cache.increment("key", 60)
    assert not await cache.replace("key", None, "mine")


async def test_a_refusing_server_is_an_unavailable_cache() -> None:
    client = Redis.from_url("redis://user:secret@127.0.0.1:1/0")
    cache = RedisCache(client)
    with pytest.raises(CacheUnavailable) as refused:
        await cache.get("key")
    assert "secret" not in str(refused.value)
    await client.aclose()


async def test_a_silent_server_is_an_unavailable_cache_within_two_seconds() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    client = Redis(host="127.0.0.1", port=server.sockets[0].getsockname()[1])
    cache = RedisCache(client)
    calls = (cache.get("a"), cache.set("a", "b"), cache.take("a"), cache.increment("a", 1), cache.delete("a"))
    started = time.monotonic()

    async def fails(call: Awaitable[object]) -> None:
        with pytest.raises(CacheUnavailable, match="too long"):
            await call

    async with anyio.create_task_group() as tasks:
        for call in calls:
            tasks.start_soon(fails, call)
    assert time.monotonic() - started < 3
    await client.aclose()
    server.close()


def test_a_client_that_blocks_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"redis\.asyncio"):
        RedisCache(redis.Redis())


@pytest.mark.anyio
class TestApiKeys(ApiKeyCounters):
    OPTIONS: ClassVar[dict[str, object]] = {**IN_CACHE}

    @pytest.fixture
    def key_cache(self, cache: RedisCache) -> Cache | None:
        return cache
