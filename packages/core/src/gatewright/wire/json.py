"""JSON as the contract has it: bytes in, values out, and back, with dates as JavaScript writes them.

A value that knows its own wire form says so with a method ``wire()`` (rows do). Not a schema: what a body must look
like is said in ``shapes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, TypeAlias, runtime_checkable

import msgspec

from gatewright.wire.dates import to_wire

__all__ = ("Json", "JsonError", "Wired", "decode", "encode", "plain")

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""A JSON value."""


class JsonError(ValueError):
    """The bytes are no JSON document."""


@runtime_checkable
class Wired(Protocol):
    """A value that knows its own wire form."""

    def wire(self) -> Mapping[str, object]:
        """The value as a mapping of plain JSON values, dates written as text."""
        ...


def _hook(value: object) -> object:
    wire: Any = getattr(value, "wire", None)
    if wire is not None:
        return wire()
    if isinstance(value, Mapping):
        mapping: Mapping[str, object] = value  # pyright: ignore[reportUnknownVariableType]
        return dict(mapping)
    raise NotImplementedError(f"{type(value).__name__} has no wire form")


_encoder = msgspec.json.Encoder(enc_hook=_hook)
_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder()


def encode(value: object) -> bytes:
    """UTF-8 JSON of a value whose dates are already text or lie inside rows; see :func:`plain` for the others."""
    return _encoder.encode(value)


def decode(data: bytes | str) -> Json:
    """The value of a JSON document.

    Raises:
        JsonError: Not JSON, not UTF-8, or nested deeper than any honest caller needs.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise JsonError(str(error)) from None


def plain(value: object) -> object:
    """``value`` as plain JSON values: structs and rows as mappings, every date as text."""
    return _texts(msgspec.to_builtins(value, builtin_types=(datetime,), enc_hook=_hook))


def _texts(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_wire(value)
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, (list, tuple)):
        return [_texts(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value
