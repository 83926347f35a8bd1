"""A text type for MySQL and MariaDB that compares as every other store does. Source: MySQL 8.4 manual, §12.10.1."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.dialects.mysql import TEXT, VARCHAR
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ("ExactText",)


class ExactText(TypeDecorator[str]):
    """Text of MySQL and MariaDB whose comparisons see case, accents and trailing spaces.

    Args:
        characters: Of a ``VARCHAR``; ``None`` for ``TEXT``.
    """

    impl = String
    cache_ok = True

    def __init__(self, characters: int | None) -> None:
        super().__init__()
        self.characters = characters

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The server's own type: the collations without padding have another name on each."""
        collation = "utf8mb4_nopad_bin" if getattr(dialect, "is_mariadb", False) else "utf8mb4_0900_bin"
        return VARCHAR(self.characters, collation=collation) if self.characters else TEXT(collation=collation)
