"""Counts as conditions of writes, typed: ``await db.insert(row, fewer_than(db, 5, Row, Row.owner.eq(owner)))``."""

from __future__ import annotations

from typing import TypeVar

from gatewright.model.query import AnyOf, Condition, Count, Tally
from gatewright.model.row import Row
from gatewright.services.database import Database

__all__ = ("at_least", "fewer_than", "holds")

M = TypeVar("M", bound=Row)


def fewer_than(db: Database, number: int, cls: type[M], /, *where: Condition[M] | AnyOf[M]) -> Tally:
    """Fewer than ``number`` rows match."""
    return Tally(db.schema[cls], where, "fewer_than", number)


def at_least(db: Database, number: int, cls: type[M], /, *where: Condition[M] | AnyOf[M]) -> Tally:
    """``number`` rows or more match."""
    return Tally(db.schema[cls], where, "at_least", number)


async def holds(db: Database, tally: Tally, /) -> bool:
    """Whether a count holds at this moment."""
    return tally.holds(await db.adapter.count(Count(tally.table, tally.where)))
