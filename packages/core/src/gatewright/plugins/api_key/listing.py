"""An owner's keys, page by page: in the database where they are all there, else here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.model.query import Order
from gatewright.pipeline.call import Call
from gatewright.plugins.api_key.contract import ListApiKeys
from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.api_key.options import ApiKeyOptions
from gatewright.plugins.api_key.plugin import ApiKey

__all__ = ("list_keys",)


async def list_keys(call: Call[ListApiKeys], families: Sequence[ApiKeyOptions], owner: str) -> tuple[list[KeyRow], int]:
    """The keys of an owner that the caller has asked for, and how many there are in all."""
    asked = call.input
    stored = [family for family in families if family.storage == "database" or family.fallback_to_database]
    if len(stored) == len(families):
        where = (KeyRow.reference_id.eq(owner), KeyRow.config_id.one_of([family.id for family in families]))
        total = await call.db.count(KeyRow, *where)
        if asked.limit == 0 or not total:
            return [], total
        by = asked.sort_by
        order = () if by is None else (Order(by, asked.sort_direction or "asc"),)
        rows = await call.db.find_many(KeyRow, *where, order=order, limit=asked.limit, offset=asked.offset)
        return rows, total
    plugin = call.plugin(ApiKey)
    found: dict[str, KeyRow] = {}
    for family in families:
        for row in await plugin.store(call.services, family).of_owner(call.db, owner):
            if row.config_id == family.id:
                found[row.id] = row
    rows = list(found.values())
    if asked.sort_by is not None:
        rows.sort(key=lambda row: _rank(row.get(asked.sort_by or "")), reverse=asked.sort_direction == "desc")
    first = asked.offset or 0
    return rows[first:] if asked.limit is None else rows[first : first + asked.limit], len(rows)


def _rank(value: Any) -> tuple[bool, Any]:
    """Null before everything else, as SQLite sorts."""
    return (value is not None, value)
