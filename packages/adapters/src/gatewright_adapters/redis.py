"""A secondary storage in Redis (or Valkey): sessions, one-time values and rate limits that many processes share.

What must be atomic is one command or one script over one key, so that Redis Cluster serves it as it is. On asyncio, with
redis-py. Source: Redis command reference.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar, cast

import anyio
from redis.exceptions import NoScriptError, RedisError

from gatewright.ports.cache import CacheUnavailable
from gatewright.wire.faults import ConfigError

__all__ = ("RedisCache",)

R = TypeVar("R")

TIMEOUT_SECONDS = 2.0

_INCREMENT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""
# A value of another's making never equals what was expected, and is left alone.
_REPLACE = """
local kind = redis.call('TYPE', KEYS[1]).ok
local have = false
if kind == 'string' then have = redis.call('GET', KEYS[1]) elseif kind ~= 'none' then return 0 end
if ARGV[1] == '0' then
  if have then return 0 end
elseif have ~= ARGV[2] then
  return 0
end
if ARGV[3] == '0' then
  redis.call('DEL', KEYS[1])
elseif ARGV[5] == '' then
  redis.call('SET', KEYS[1], ARGV[4])
else
  redis.call('SET', KEYS[1], ARGV[4], 'EX', ARGV[5])
end
return 1
"""


class _Client(Protocol):
    """What is used of ``redis.asyncio.Redis`` and ``RedisCluster``."""

    async def execute_command(self, *args: Any) -> Any: ...


class RedisCache:
    """Texts in Redis; satisfies ``gatewright.ports.cache.Cache``.

    Args:
        client: The application's own ``redis.asyncio.Redis`` or ``RedisCluster``; it opens and closes it.
        prefix: Stands before every key, so that applications can share a database.

    Raises:
        ConfigError: ``client`` is not one of redis-py's asyncio clients.
    """

    def __init__(self, client: object, *, prefix: str = "gatewright:") -> None:
        if not inspect.iscoroutinefunction(getattr(client, "execute_command", None)):
            raise ConfigError("RedisCache needs a client of redis.asyncio")
        self._client = cast("_Client", client)
        self._prefix = prefix
        self._scripts: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """The value, or ``None`` when there is none or its lifetime is over."""
        return _text(await _bounded(self._client.execute_command("GET", self._prefix + key)))

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        """Store ``value`` for ``ttl`` seconds, or until deleted."""
        lifetime = () if ttl is None else ("EX", ttl)
        await _bounded(self._client.execute_command("SET", self._prefix + key, value.encode(), *lifetime))

    async def delete(self, key: str) -> None:
        """Forget the key; unknown keys are fine."""
        await _bounded(self._client.execute_command("DEL", self._prefix + key))

    async def take(self, key: str) -> str | None:
        """Remove the value and give it to exactly one caller."""
        return _text(await _bounded(self._client.execute_command("GETDEL", self._prefix + key)))

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        """Store ``new`` if the value is ``old`` at that moment; ``None`` stands for no value. Whether it was."""
        return bool(
            await self._script(
                _REPLACE,
                key,
                int(old is not None),
                (old or "").encode(),
                int(new is not None),
                (new or "").encode(),
                "" if ttl is None else ttl,
            )
        )

    async def increment(self, key: str, ttl: int) -> int:
        """Add one; the first call opens a window of ``ttl`` seconds that later ones do not extend."""
        return int(await self._script(_INCREMENT, key, ttl))

    async def _script(self, script: str, key: str, *arguments: str | bytes | int) -> Any:
        return await _bounded(self._evaluated(script, self._prefix + key, arguments))

    async def _evaluated(self, script: str, key: str, arguments: tuple[str | bytes | int, ...]) -> Any:
        digest = self._scripts.get(script)
        if digest is not None:
            try:
                return await self._client.execute_command("EVALSHA", digest, 1, key, *arguments)
            except NoScriptError:
                # Restarted, or another node: it learns the script again.
                del self._scripts[script]
        answer = await self._client.execute_command("EVAL", script, 1, key, *arguments)
        self._scripts[script] = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
        return answer


async def _bounded(call: Awaitable[R]) -> R:
    """What ``call`` gives, within 2 s.

    Raises:
        CacheUnavailable: It does not, or Redis refuses.
    """
    try:
        with anyio.fail_after(TIMEOUT_SECONDS):
            return await call
    except TimeoutError:
        raise CacheUnavailable("Redis takes too long") from None
    except (RedisError, OSError) as error:
        raise CacheUnavailable(f"Redis is not available: {type(error).__name__}") from None


def _text(value: Any) -> str | None:
    """A reply of a client that decodes, or one that does not.

    Raises:
        CacheUnavailable: The value is no text.
    """
    if value is None or isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise CacheUnavailable("Redis holds something under a key that is no text") from None
