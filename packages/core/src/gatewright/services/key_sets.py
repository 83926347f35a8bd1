"""The public keys of token issuers, fetched when needed and kept by address; not the checks made with them.

Each address has its own entry, so that no key of one issuer can vouch for another. A key that is not known leads to
one more fetch, but not more often than every half minute: a flood of made-up key identifiers asks no issuer anything.
Source: OpenID Connect Core §10.1.1 (rotation); RFC 7517 §5.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from gatewright.ports.clock import Clock
from gatewright.ports.egress import Egress, EgressError, Outbound
from gatewright.protocols.oidc.id_token import TokenHeader, read_key_set, select_key
from gatewright.services.keyed_locks import KeyedLocks

__all__ = ("KeySets",)

LIFETIME = timedelta(hours=1)
"""How long keys are used without asking again."""

LONGEST_LIFETIME = timedelta(hours=24)
"""How long keys are used while the issuer does not answer."""

FLOOR = timedelta(seconds=30)
"""Shortest time between two fetches of one address."""

RETRY = timedelta(seconds=5)
"""Shortest time between two fetches while there are no keys at all."""

Keys: TypeAlias = Collection[Mapping[str, object]]


@dataclass(slots=True)
class _Entry:
    keys: Keys = ()
    fetched: datetime | None = None
    asked: datetime | None = None

    def usable(self, now: datetime, header: TokenHeader) -> bool:
        """Whether there is no need to ask."""
        return self.fetched is not None and now - self.fetched < LIFETIME and select_key(header, self.keys) is not None

    def may_ask(self, now: datetime) -> bool:
        """Whether asking again is not too soon."""
        return self.asked is None or now - self.asked >= (FLOOR if self.fetched is not None else RETRY)

    def kept(self, now: datetime) -> Keys:
        """The keys, unless they are too old even for an issuer that does not answer."""
        return self.keys if self.fetched is not None and now - self.fetched < LONGEST_LIFETIME else ()


class KeySets:
    """Key sets by address."""

    __slots__ = ("_entries", "_locks")

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._locks = KeyedLocks()

    async def find(
        self, url: str, header: TokenHeader, *, egress: Egress, clock: Clock, accept: str | None = None
    ) -> Keys:
        """The keys of an address; none where they cannot be had.

        Concurrent callers share one fetch.

        Args:
            url: From configuration or checked metadata, never from a token.
            header: Of the token; it decides whether the kept keys will do.
            egress: Fetches.
            clock: For ages.
            accept: Media types to ask for.
        """
        entry = self._entries.setdefault(url, _Entry())
        if entry.usable(clock.now(), header):
            return entry.keys
        async with self._locks.hold(url):
            now = clock.now()
            if not entry.usable(now, header) and entry.may_ask(now):
                entry.asked = now
                keys = await _fetch(url, egress, accept)
                if keys is not None:
                    entry.keys, entry.fetched = keys, now
            return entry.kept(now)


async def _fetch(url: str, egress: Egress, accept: str | None) -> Keys | None:
    try:
        reply = await egress.send(Outbound("GET", url, {} if accept is None else {"accept": accept}))
    except EgressError:
        return None
    return read_key_set(reply.body) if reply.ok else None
