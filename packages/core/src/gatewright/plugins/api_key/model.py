"""The table of API keys. Source: contract, schema.json ``apikey``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from gatewright.model.column import GENERATED, NOW, Column, column
from gatewright.model.row import Row
from gatewright.wire.json import Json, JsonError, decode

__all__ = ("DEFAULT_CONFIG", "KeyRow", "metadata_of", "permissions_of", "read_json")

DEFAULT_CONFIG = "default"
"""The identifier of the configuration that needs none."""


def read_json(text: str | None) -> Json:
    """The JSON value that a column holds; null where the text is damaged."""
    if text is None:
        return None
    try:
        return decode(text)
    except JsonError:
        return None


class KeyRow(Row, table="apikey"):
    """A key: what it may do, how often, until when, and the digest that it is found by."""

    config_id: Column[str] = column(default=DEFAULT_CONFIG, index=True, input=False)
    name: Column[str | None] = column(default=None, input=False)
    start: Column[str | None] = column(default=None, input=False)
    reference_id: Column[str] = column(index=True, input=False)
    prefix: Column[str | None] = column(default=None, input=False)
    key: Column[str] = column(index=True, input=False)
    refill_interval: Column[int | None] = column(default=None, input=False)
    refill_amount: Column[int | None] = column(default=None, input=False)
    last_refill_at: Column[datetime | None] = column(default=None, input=False)
    enabled: Column[bool | None] = column(default=True, input=False)
    rate_limit_enabled: Column[bool | None] = column(default=True, input=False)
    rate_limit_time_window: Column[int | None] = column(default=86_400_000, input=False)
    rate_limit_max: Column[int | None] = column(default=10, input=False)
    request_count: Column[int | None] = column(default=0, input=False)
    remaining: Column[int | None] = column(default=None, input=False)
    last_request: Column[datetime | None] = column(default=None, input=False)
    expires_at: Column[datetime | None] = column(default=None, index=True, input=False)
    created_at: Column[datetime] = column(factory=NOW, input=False)
    updated_at: Column[datetime] = column(factory=NOW, input=False)
    permissions: Column[str | None] = column(default=None, input=False)
    metadata: Column[str | None] = column(default=None, transform_output=read_json)
    id: Column[str] = column(factory=GENERATED, input=False)

    def __repr__(self) -> str:
        return f"KeyRow(id={self.id!r}, config_id={self.config_id!r})"


def metadata_of(row: KeyRow) -> Json:
    """What the key carries along."""
    return read_json(row.metadata)


def permissions_of(row: KeyRow) -> dict[str, list[str]] | None:
    """What the key may do, by resource; ``None`` where nothing was said."""
    found = read_json(row.permissions)
    if not isinstance(found, dict):
        return None
    members = cast("Mapping[str, Json]", found)
    return {
        name: [each for each in actions if isinstance(each, str)]
        for name, actions in members.items()
        if isinstance(actions, list)
    }
