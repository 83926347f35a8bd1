"""The keys that were used last, as hints: what a key's row was when this process wrote it.

A hint saves a read and decides nothing: it makes a guarded write, and only a row that this write gives back counts.
Other processes change rows without a word here, so a hint may be wrong in anything. No clock and no store.
"""

from __future__ import annotations

from collections import OrderedDict

from gatewright.plugins.api_key.model import KeyRow

__all__ = ("Recent",)

MOST = 10_000
"""Keys that are remembered in each family; about a kilobyte each."""

_DECIDING = (
    "id",
    "configId",
    "referenceId",
    "enabled",
    "expiresAt",
    "permissions",
    "remaining",
    "refillAmount",
    "refillInterval",
    "lastRefillAt",
    "createdAt",
    "rateLimitEnabled",
    "rateLimitTimeWindow",
    "rateLimitMax",
    "requestCount",
    "lastRequest",
)
"""What a use is decided on. Not the secret, nor what the key carries along, which may be of any size."""


class Recent:
    """Hints by digest; the one that was kept longest ago goes first. Every step takes the same time, however many there are.

    Args:
        most: How many are kept.
    """

    __slots__ = ("_most", "_rows")

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._rows: OrderedDict[str, KeyRow] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, digest: str) -> KeyRow | None:
        """What was kept of a key last."""
        return self._rows.get(digest)

    def keep(self, digest: str, row: KeyRow) -> None:
        """Keep what a use of this key is decided on."""
        raw, rows = row.raw, self._rows
        # Taken out and put in, not moved: another thread may have dropped it in between.
        rows.pop(digest, None)
        rows[digest] = KeyRow.seen({name: raw[name] for name in _DECIDING if name in raw}, None)
        if len(rows) > self._most:
            rows.popitem(last=False)

    def forget(self, digest: str, row: KeyRow) -> None:
        """Forget a hint that was no good; one that was kept meanwhile stays."""
        if self._rows.get(digest) is row:
            self._rows.pop(digest, None)
