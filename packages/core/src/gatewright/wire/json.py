"""JSON as the contract has it: bytes in, values out, and back, with dates as JavaScript writes them.

A value that knows its own wire form says so with a method ``wire()`` (rows do), one that is written already with
``_encoded``. Not a schema: what a body must look
like is said in ``shapes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, TypeAlias, runtime_checkable

import msgspec

from gatewright.wire.dates import to_wire

__all__ = ("MAX_DEPTH", "Json", "JsonError", "Wired", "decode", "encode", "plain")

MAX_DEPTH = 64
"""Deepest nesting of a document that is read: what is written from it, copied or encoded later recurses as deep."""

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


def _written(value: object) -> object:
    encoded: bytes | None = getattr(value, "_encoded", None)
    return _hook(value) if encoded is None else msgspec.Raw(encoded)


_encoder = msgspec.json.Encoder(enc_hook=_written)
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
        value: Json = _decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise JsonError(str(error)) from None
    opened = data.count("{") + data.count("[") if isinstance(data, str) else data.count(b"{") + data.count(b"[")
    if opened > MAX_DEPTH and _deeper(value, MAX_DEPTH):
        raise JsonError("nested too deeply")
    return value


def _deeper(value: Json, levels: int) -> bool:
    """Whether ``value`` is nested deeper than ``levels``; looks at one level after the other."""
    level: list[Json] = [value]
    for _ in range(levels):
        below: list[Json] = []
        for each in level:
            if isinstance(each, dict):
                below.extend(each.values())
            elif isinstance(each, list):
                below.extend(each)
        level = [each for each in below if isinstance(each, (dict, list))]
        if not level:
            return False
    return True


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
