"""A stand-in for a Worker's D1 binding, over SQLite in this process: the methods, shapes and errors that D1 has."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import anyio.lowlevel

__all__ = ("Binding",)


class Binding:
    """``env.DB``."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.row_factory = sqlite3.Row

    def prepare(self, text: str) -> Prepared:
        return Prepared(self.connection, text, ())

    def withSession(self, bookmark: str) -> BindingSession:
        return BindingSession(self, bookmark)

    async def batch(self, statements: Sequence[Prepared]) -> list[dict[str, Any]]:
        self.connection.execute("BEGIN")
        try:
            results = [each.run() for each in statements]
        except RuntimeError:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")
        return results

    def close(self) -> None:
        self.connection.close()


class BindingSession:
    """What ``withSession`` gives: the same, and how new the database is that answered."""

    def __init__(self, binding: Binding, bookmark: str) -> None:
        self._binding = binding
        self._bookmark = bookmark
        self._answered = 0

    def prepare(self, text: str) -> Prepared:
        self._answered += 1
        return self._binding.prepare(text)

    async def batch(self, statements: Sequence[Prepared]) -> list[dict[str, Any]]:
        return await self._binding.batch(statements)

    def getBookmark(self) -> str | None:
        return f"{self._bookmark}+{self._answered}" if self._answered else None


class Prepared:
    """A statement; bound values are only what JavaScript has."""

    def __init__(self, connection: sqlite3.Connection, text: str, values: tuple[Any, ...]) -> None:
        self.connection, self.text, self.values = connection, text, values

    def bind(self, *values: Any) -> Prepared:
        if not all(isinstance(value, (str, float)) for value in values):
            raise RuntimeError("D1_TYPE_ERROR: Type 'undefined' not supported")
        return Prepared(self.connection, self.text, values)

    async def all(self) -> dict[str, Any]:
        await anyio.lowlevel.checkpoint()
        return self.run()

    def run(self) -> dict[str, Any]:
        try:
            cursor = self.connection.execute(self.text, self.values)
            rows = [{name: _javascript(row[name]) for name in row.keys()} for row in cursor.fetchall()]  # noqa: SIM118 (not a mapping)
        except sqlite3.Error as error:
            raise RuntimeError(f"D1_ERROR: {error}: SQLITE_{error.sqlite_errorname.split('_')[1]}") from None
        return {"success": True, "results": rows, "meta": {"changes": cursor.rowcount}}


def _javascript(value: Any) -> Any:
    """Numbers are double there."""
    if not isinstance(value, int) or abs(value) <= 2**53:
        return value
    return int(float(value))
