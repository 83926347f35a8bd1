"""One table as SQL, with every statement about it that is known. Not the translation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.model.query import Condition, Where
from gatewright.model.schema import Table
from gatewright_adapters.sqlalchemy.statement import Statement
from gatewright_adapters.sqlalchemy.tables import describe
from gatewright_adapters.sqlalchemy.values import Dialected

__all__ = ("Described",)


class Described:
    """One table and every statement about it.

    Attributes:
        table, identity: The table, and what equal tables have in common.
        sql: The table for SQLAlchemy.
        shapes: Statements by the shape of their query.
    """

    __slots__ = ("_single", "identity", "shapes", "sql", "table")

    def __init__(self, table: Table, values: Dialected) -> None:
        self.table = table
        self.identity = table.identity
        self.sql = describe(table, values)
        self.shapes: dict[object, Statement] = {}
        unique = {index.columns[0] for index in table.indexes if index.unique and len(index.columns) == 1}
        self._single = frozenset(unique | {"id"}) if "id" in table.columns else frozenset(unique)

    def names_one(self, where: Sequence[Where[Any]]) -> bool:
        """Whether the conditions name a row by a unique column."""
        return any(
            isinstance(condition, Condition)
            and condition.op == "eq"
            and condition.value is not None
            and condition.column in self._single
            for condition in where
        )
