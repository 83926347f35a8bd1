"""The randomness port."""

from __future__ import annotations

import os
from typing import Protocol

__all__ = ("Random", "SystemRandom")


class Random(Protocol):
    """Draws random bytes."""

    def bytes(self, count: int) -> bytes:
        """``count`` unpredictable bytes."""
        ...


class SystemRandom:
    """The operating system's cryptographic source."""

    __slots__ = ()

    def bytes(self, count: int) -> bytes:
        """``count`` unpredictable bytes."""
        return os.urandom(count)
