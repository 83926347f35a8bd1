"""How many rows a list has in all, beside one page of it: counted where they are few, kept for a while where they are many.

To count a million rows costs a database many times what it costs to read a page of them. Not for what decides something,
such as a limit: that asks the database.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from gatewright.model.query import Where
from gatewright.model.row import Row
from gatewright.services.database import Database

__all__ = ("KEPT", "MANY", "Totals")

M = TypeVar("M", bound=Row)

MANY = 10_000
"""Fewer rows than this are counted for every page."""
KEPT = timedelta(minutes=1)
"""How old the count of many rows may be."""
_LISTS = 256


class Totals:
    """The counts of one instance.

    Args:
        many: How many rows are too many to be counted for every page.
    """

    __slots__ = ("_kept", "many")

    def __init__(self, many: int = MANY) -> None:
        self.many = many
        self._kept: dict[object, tuple[int, datetime]] = {}

    async def of(self, db: Database, cls: type[M], /, *where: Where[M]) -> int:
        """How many rows match; exact below :attr:`many`, else at most :data:`KEPT` old.

        Of those who come when a count is too old, one counts again and the others get it as it was.
        """
        key = (db.schema[cls].db_name, where)
        now = db.now
        known = self._kept.get(key)
        if known is not None:
            count, until = known
            if now < until:
                return count
            self._kept[key] = (count, now + KEPT)
        try:
            count = await db.count(cls, *where)
        except BaseException:
            self._kept.pop(key, None)
            raise
        self._keep(key, count, now)
        return count

    def _keep(self, key: object, count: int, now: datetime) -> None:
        self._kept.pop(key, None)
        if count < self.many:
            return
        if len(self._kept) >= _LISTS:
            oldest: Any = next(iter(self._kept))
            del self._kept[oldest]
        self._kept[key] = (count, now + KEPT)
