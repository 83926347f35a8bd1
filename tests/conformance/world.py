"""The ports of instances under the control protocol: one clock for all, egress to the scenario, a memory cache."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
from tests.conformance.codec import Unsupported
from tests.conformance.messages import pairs_of

from gatewright.ports.clock import Clock, SystemClock
from gatewright.ports.egress import EgressError, Outbound, Reply
from gatewright.wire.dates import from_millis

__all__ = ("FunctionCache", "MemoryCache", "ProtocolClock", "ProtocolEgress")


class ProtocolClock:
    """The machine's clock until it is frozen; shared by every instance, outlives them all."""

    def __init__(self) -> None:
        self._frozen: datetime | None = None
        self._real = SystemClock()

    def set(self, now: float | None) -> None:
        """Freeze the time at ``now`` milliseconds since the epoch; ``None`` lets it run again."""
        self._frozen = None if now is None else from_millis(now)

    def now(self) -> datetime:
        """The current moment."""
        return self._frozen or self._real.now()


class ProtocolEgress:
    """Hands each outbound request to the scenario, which answers in the other server's place.

    Args:
        client: Talks to the scenario.
        url: Where requests are sent.
    """

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self._client = client
        self._url = url

    async def send(self, request: Outbound, /) -> Reply:
        """The scenario's answer.

        Raises:
            EgressError: The scenario says that the network failed.
        """
        body = None if request.body is None else base64.b64encode(request.body).decode()
        answer = await self._client.post(
            self._url,
            json={
                "method": request.method,
                "url": request.url,
                "headers": [[name.lower(), value] for name, value in request.headers.items()],
                "body": body,
            },
        )
        if not answer.is_success:
            raise EgressError("the network failed")
        given: dict[str, Any] = answer.json()
        headers: dict[str, str] = {}
        for name, value in pairs_of(given.get("headers")):
            known = headers.get(name.lower())
            headers[name.lower()] = value if known is None else f"{known}, {value}"
        return Reply(int(given["status"]), headers, base64.b64decode(given.get("body") or ""))


class MemoryCache:
    """Secondary storage in a dictionary whose lifetimes follow the protocol's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[str, datetime | None]] = {}

    async def get(self, key: str) -> str | None:
        """The value, or ``None``."""
        entry = self._live(key)
        return None if entry is None else entry[0]

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        """Store ``value`` for ``ttl`` seconds, or until deleted."""
        self._entries[key] = (value, self._end(ttl))

    async def delete(self, key: str) -> None:
        """Forget the key."""
        self._entries.pop(key, None)

    async def take(self, key: str) -> str | None:
        """Remove the value and give it."""
        entry = self._live(key)
        self._entries.pop(key, None)
        return None if entry is None else entry[0]

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        """Store ``new`` if the value is ``old`` at that moment; ``None`` stands for no value."""
        entry = self._live(key)
        if (None if entry is None else entry[0]) != old:
            return False
        if new is None:
            self._entries.pop(key, None)
        else:
            self._entries[key] = (new, self._end(ttl))
        return True

    async def increment(self, key: str, ttl: int) -> int:
        """Add one; the first call opens the window."""
        value, end = self._live(key) or ("0", self._end(ttl))
        count = int(value) + 1
        self._entries[key] = (str(count), end)
        return count

    async def keys(self) -> list[str]:
        """Every key whose lifetime is not over."""
        return [key for key in tuple(self._entries) if self._live(key) is not None]

    def _end(self, ttl: int | None) -> datetime | None:
        return self._clock.now() + timedelta(seconds=ttl) if ttl else None

    def _live(self, key: str) -> tuple[str, datetime | None] | None:
        entry = self._entries.get(key)
        if entry is not None and entry[1] is not None and entry[1] <= self._clock.now():
            del self._entries[key]
            return None
        return entry


class FunctionCache:
    """Secondary storage that is made of the scenario's functions.

    Args:
        functions: By the protocol's names; ``getAndDelete`` and ``increment`` may be missing.

    Raises:
        Unsupported: A function that every storage has is missing.
    """

    def __init__(self, functions: dict[str, Callable[..., Any]]) -> None:
        for name in ("get", "set", "delete"):
            if name not in functions:
                raise Unsupported(f"secondaryStorage without {name}")
        self._functions = functions

    async def get(self, key: str) -> str | None:
        """The value, or ``None``."""
        return await self._functions["get"](key)

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        """Store ``value`` for ``ttl`` seconds, or until deleted."""
        await self._functions["set"](key, value, ttl)

    async def delete(self, key: str) -> None:
        """Forget the key."""
        await self._functions["delete"](key)

    async def take(self, key: str) -> str | None:
        """Remove the value and give it; two calls where the storage has no such function."""
        both = self._functions.get("getAndDelete")
        if both is not None:
            return await both(key)
        value = await self.get(key)
        await self.delete(key)
        return value

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        """Read, compare and write: such a storage has no function for it."""
        if await self.get(key) != old:
            return False
        if new is None:
            await self.delete(key)
        else:
            await self.set(key, new, ttl)
        return True

    async def increment(self, key: str, ttl: int) -> int:
        """Add one; read and write where the storage has no such function."""
        own = self._functions.get("increment")
        if own is not None:
            return int(await own(key, ttl))
        count = int(await self.get(key) or 0) + 1
        await self.set(key, str(count), ttl)
        return count
