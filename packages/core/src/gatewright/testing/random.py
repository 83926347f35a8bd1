"""Randomness that repeats itself."""

from __future__ import annotations

import hashlib

__all__ = ("SeededRandom",)


class SeededRandom:
    """The same bytes for the same seed, in the same order; satisfies ``gatewright.ports.random.Random``."""

    __slots__ = ("_count", "_seed")

    def __init__(self, seed: str = "gatewright") -> None:
        self._seed = seed.encode()
        self._count = 0

    def bytes(self, count: int) -> bytes:
        """``count`` bytes that look random."""
        self._count += 1
        return hashlib.shake_256(self._seed + self._count.to_bytes(8, "big")).digest(count)
