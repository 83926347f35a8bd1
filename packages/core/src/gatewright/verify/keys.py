"""The public keys of another server: fetched once, kept, and fetched again for a key that is not known.

Source: RFC 7517 §5; contract ``/jwks``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

import anyio

from gatewright.crypto.jwk import find_jwk
from gatewright.ports.clock import Clock, SystemClock
from gatewright.ports.egress import Egress, EgressError, Outbound
from gatewright.wire.json import JsonError, decode

__all__ = ("RemoteKeys",)

LIFETIME = timedelta(minutes=10)
"""After that keys are fetched again, so that a withdrawn key stops to count."""

FLOOR = timedelta(seconds=30)
"""Between two fetches, whatever key names callers make up and however often a fetch fails."""

KEPT = timedelta(hours=24)
"""Keys count that long while the other server does not answer."""


class RemoteKeys:
    """A key set behind an address. Callers that come at once share one fetch.

    Args:
        url: Address of the key set; the application's own choice, never taken from a token.
        egress: Sends the request.
        clock: Tells the time.
        lifetime: How long keys are taken from memory.
        floor: Least time between two fetches.
        kept: How long keys count while they cannot be fetched.
    """

    __slots__ = ("_clock", "_egress", "_fetched", "_floor", "_kept", "_keys", "_lifetime", "_lock", "_tried", "url")

    def __init__(
        self,
        url: str,
        *,
        egress: Egress,
        clock: Clock | None = None,
        lifetime: timedelta = LIFETIME,
        floor: timedelta = FLOOR,
        kept: timedelta = KEPT,
    ) -> None:
        self.url = url
        self._egress = egress
        self._clock = clock or SystemClock()
        self._lifetime = lifetime
        self._floor = floor
        self._kept = kept
        self._keys: Mapping[str, object] | None = None
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._lock: anyio.Lock | None = None

    async def find(self, kid: str) -> Mapping[str, object] | None:
        """The public JWK of this name, untrusted in its form; ``None`` when the server has no such key.

        Raises:
            EgressError: The keys cannot be fetched, and none that count are known.
        """
        known = self._lookup(kid)
        if known is not None and not self._due():
            return known
        if self._lock is None:
            self._lock = anyio.Lock()
        async with self._lock:
            # Whoever waited finds what the one before has fetched.
            known = self._lookup(kid)
            if known is None or self._due():
                await self._refresh()
                known = self._lookup(kid)
        if known is None and self._keys is None:
            raise EgressError("the public keys of the authentication server are not available")
        return known

    def _lookup(self, kid: str) -> Mapping[str, object] | None:
        return None if self._keys is None else find_jwk(self._keys, kid)

    def _due(self) -> bool:
        return self._fetched is None or self._clock.now() - self._fetched >= self._lifetime

    async def _refresh(self) -> None:
        now = self._clock.now()
        if self._tried is None or now - self._tried >= self._floor:
            self._tried = now
            try:
                self._keys = await self._fetch()
                self._fetched = now
            except EgressError:
                if self._fetched is None:
                    raise
        if self._fetched is not None and now - self._fetched >= self._kept:
            self._keys = None

    async def _fetch(self) -> Mapping[str, object]:
        reply = await self._egress.send(Outbound("GET", self.url, {"accept": "application/json"}))
        if reply.status != 200:
            raise EgressError(f"the key set answers {reply.status}")
        try:
            value = decode(reply.body)
        except JsonError:
            value = None
        if not isinstance(value, dict) or not isinstance(value.get("keys"), list):
            raise EgressError("the key set is none")
        return cast("Mapping[str, object]", value)
