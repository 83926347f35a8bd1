"""Identifiers of new rows: random text, UUIDs, the store's own numbers, or a function of the application's.

Source: contract, options.json ``advanced.database.generateId``; crypto.json for the text form.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from gatewright.crypto.random_text import ID_ALPHABET, random_text
from gatewright.ports.clock import Clock
from gatewright.ports.random import Random
from gatewright.wire.dates import millis

__all__ = ("ID_LENGTH", "id_source")

ID_LENGTH = 32
"""Characters of an identifier in text form (contract)."""


def id_source(strategy: object, random: Random, clock: Clock) -> Callable[[str], str | None]:
    """How a new row of a model gets its identifier; ``None`` leaves it to the store.

    Args:
        strategy: ``"uuid"``, ``"uuid7"``, ``"serial"``, ``False`` (the store's default), a function of the model's
            name, or ``None`` for random text.
        random: Where randomness comes from.
        clock: Where the time in a UUID of version 7 comes from.
    """
    if callable(strategy):
        made: Callable[[str], object] = strategy

        def custom(model: str) -> str | None:
            value = made(model)
            return None if value is None or value is False else str(value)

        return custom
    if strategy == "uuid":
        return lambda _: str(UUID(bytes=random.bytes(16), version=4))
    if strategy == "uuid7":
        return lambda _: str(_uuid7(random, clock))
    if strategy in (False, "serial"):
        return lambda _: None
    draw = random.bytes
    return lambda _: random_text(ID_LENGTH, ID_ALPHABET, draw)


def _uuid7(random: Random, clock: Clock) -> UUID:
    # RFC 9562 §5.7: 48 bits of milliseconds, then version, variant and randomness.
    value = millis(clock.now()) << 80 | int.from_bytes(random.bytes(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
