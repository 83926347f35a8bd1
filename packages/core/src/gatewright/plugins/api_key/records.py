"""Keys as texts of a secondary storage. Only the form: nothing here asks a store.

A key is kept twice, by digest and by identifier, and its identifier in the list of its owner's keys.
Source: contract, crypto.json ``secondary_storage``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from gatewright.model.schema import Table
from gatewright.plugins.api_key.model import KeyRow, metadata_of
from gatewright.wire.dates import from_wire, to_wire
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("by_id", "by_owner", "by_secret", "lifetime", "read_key", "read_list", "write_key", "write_list")


def by_secret(stored: str) -> str:
    """Where a key is found by the form in which its secret is kept."""
    return f"api-key:{stored}"


def by_id(key_id: str) -> str:
    """Where a key is found by its identifier."""
    return f"api-key:by-id:{key_id}"


def by_owner(owner: str) -> str:
    """Where the list of an owner's keys is."""
    return f"api-key:by-ref:{owner}"


def lifetime(row: KeyRow, now: datetime) -> int | None:
    """How long a key is kept: whole seconds until its time is over, at least one."""
    return None if row.expires_at is None else max(1, int((row.expires_at - now).total_seconds()))


def write_key(table: Table, row: KeyRow) -> str:
    """The text of a key."""
    values: dict[str, object] = {
        name: to_wire(value) if isinstance(value, datetime) else value
        for name, value in row.raw.items()
        if name in table.columns
    }
    values["metadata"] = metadata_of(row)
    return encode(values).decode()


def read_key(table: Table, text: str) -> KeyRow | None:
    """The key of a text; ``None`` for a text that is anything else."""
    try:
        found = decode(text)
    except JsonError:
        return None
    if not isinstance(found, dict):
        return None
    raw = dict(cast("dict[str, Any]", found))
    raw["metadata"] = encode(raw.get("metadata")).decode()
    try:
        for name, spec in table.columns.items():
            value = raw.setdefault(name, None)
            if spec.type == "date" and value is not None:
                raw[name] = from_wire(value)
            elif value is not None and not isinstance(value, _KINDS[spec.type]):
                return None
            if spec.required and value is None:
                return None
    except (TypeError, ValueError, OverflowError):
        return None
    return KeyRow.seen(raw, table)


_KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "boolean": (bool,)}


def write_list(ids: Sequence[str]) -> str | None:
    """The text of an owner's list; ``None`` for an empty one, which is not kept."""
    return encode(list(ids)).decode() if ids else None


def read_list(text: str | None) -> list[str]:
    """The identifiers in an owner's list; a text that is no list has none."""
    if text is None:
        return []
    try:
        found = decode(text)
    except JsonError:
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
