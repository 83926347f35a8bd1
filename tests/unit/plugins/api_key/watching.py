"""A database that says which statements it was asked for; the tests of uses count them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.model.query import Delete, Select, Update, Values
from gatewright_adapters.memory import MemoryAdapter

__all__ = ("Watching",)


class Watching(MemoryAdapter):
    """Of dictionaries. ``asked`` has a word for each statement: ``read``, ``write`` or ``remove``, and the table."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def told(self) -> list[str]:
        """What was asked since it was last told."""
        asked, self.asked = self.asked, []
        return asked

    async def select(self, query: Select) -> Sequence[Values]:
        """Rows that match."""
        self.asked.append(f"read {query.table.name}")
        return await super().select(query)

    async def select_pair(self, query: Select) -> tuple[Values, Values] | None:
        """A row and its partner."""
        other: Any = query.join
        self.asked.append(f"read {query.table.name} and {other.table.name}")
        return await super().select_pair(query)

    async def update_one(self, query: Update) -> Values | None:
        """Change a row."""
        self.asked.append(f"write {query.table.name}")
        return await super().update_one(query)

    async def take(self, query: Delete) -> Values | None:
        """Remove a row."""
        self.asked.append(f"remove {query.table.name}")
        return await super().take(query)
