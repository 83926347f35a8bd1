"""Names that a database reserves and SQLAlchemy does not quote by itself.

Found by making tables and columns of every keyword of SQLite 3.46, PostgreSQL 15 and MariaDB 10.11.
"""

from __future__ import annotations

from sqlalchemy.sql.elements import quoted_name

__all__ = ("named", "quotes")

_MISSED = frozenset(
    {
        "collation",
        "concurrently",
        "delete_domain_id",
        "lateral",
        "nothing",
        "offset",
        "portion",
        "returning",
        "tablesample",
        "value",
    }
)


def quotes(name: str) -> bool | None:
    """``True`` for a name that must be quoted; ``None`` where SQLAlchemy knows."""
    return True if name.lower() in _MISSED else None


def named(name: str) -> str:
    """The name as SQLAlchemy is to write it."""
    return quoted_name(name, True) if quotes(name) else name
