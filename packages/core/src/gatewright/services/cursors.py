"""Reading a table page by page, each from where the last one ended: no offset, no count, no cap on how far.

A cursor says where a row stands by time of creation and identifier. It is no secret and proves nothing: whoever reads
must be allowed to read what the conditions find, wherever the cursor points.
"""

from __future__ import annotations

from typing import TypeVar

from gatewright.contract.faults import ValidationError
from gatewright.crypto.hashing import base64url, from_base64url
from gatewright.model.query import Condition, Order, Where
from gatewright.model.row import Row
from gatewright.services.database import Database
from gatewright.services.listing import DEFAULT_LIMIT, LARGEST_LIMIT, number
from gatewright.wire.dates import from_wire, to_wire
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("page_of",)

M = TypeVar("M", bound=Row)


async def page_of(
    db: Database, cls: type[M], /, *where: Where[M], cursor: str | None, limit: object
) -> tuple[list[M], str | None]:
    """The next rows by time of creation, and the cursor behind them; ``None`` after the last row.

    Args:
        db: Where.
        cls: A table with ``createdAt`` and ``id``.
        where: Which rows.
        cursor: As it was given with the page before; ``None`` for the first page.
        limit: How many rows, as it was asked for.

    Raises:
        ValidationError: No cursor of ours.
    """
    size = min(number(limit) or DEFAULT_LIMIT, LARGEST_LIMIT)
    by_id: Order[M] = Order("id")
    order: tuple[Order[M], ...] = (Order("createdAt"), by_id)
    found: list[M] = []
    if cursor:
        moment, key = _place(cursor)
        same: tuple[Where[M], ...] = (Condition("createdAt", "eq", moment), Condition("id", "gt", key))
        found = await db.find_many(cls, *where, *same, order=(by_id,), limit=size + 1)
        where = (*where, Condition("createdAt", "gt", moment))
    if len(found) <= size:
        found += await db.find_many(cls, *where, order=order, limit=size + 1 - len(found))
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    return found[:size], base64url(encode([to_wire(last.raw["createdAt"]), str(last.raw["id"])]))


def _place(cursor: str) -> tuple[object, str]:
    wrong = ValidationError(message="[query.cursor] Invalid input")
    try:
        found = decode(from_base64url(cursor))
    except (ValueError, JsonError):
        raise wrong from None
    if not isinstance(found, list) or len(found) != 2:
        raise wrong
    moment, key = found
    if not isinstance(moment, str) or not isinstance(key, str) or "\x00" in key:
        raise wrong
    try:
        return from_wire(moment), key
    except (ValueError, OverflowError):
        raise wrong from None
