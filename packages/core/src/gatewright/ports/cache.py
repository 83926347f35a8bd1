"""The secondary-storage port: a key-value store with lifetimes, such as Redis."""

from __future__ import annotations

from typing import Protocol

__all__ = ("Cache", "CacheUnavailable")


class CacheUnavailable(Exception):
    """The store refuses, is too slow or is gone."""


class Cache(Protocol):
    """Texts under keys, each with a lifetime in whole seconds.

    Every method may raise :class:`CacheUnavailable`. ``take``, ``replace`` and ``increment`` are atomic across processes
    that share the store; a store that cannot promise this is not one.
    """

    async def get(self, key: str) -> str | None:
        """The value, or ``None`` when there is none or its lifetime is over."""
        ...

    async def set(self, key: str, value: str, ttl: int | None = None) -> None:
        """Store ``value`` for ``ttl`` seconds, or until deleted."""
        ...

    async def delete(self, key: str) -> None:
        """Forget the key; unknown keys are fine."""
        ...

    async def take(self, key: str) -> str | None:
        """Remove the value and give it to exactly one caller."""
        ...

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        """Store ``new`` if the value is ``old`` at that moment; ``None`` stands for no value. Whether it was."""
        ...

    async def increment(self, key: str, ttl: int) -> int:
        """Add one and give the new count; the first call opens a window of ``ttl`` seconds that later ones do not extend."""
        ...
