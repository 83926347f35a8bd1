"""Which tables and columns a database has, in one read that needs no right to write; not their types, and no indexes.

What adds those that are not there is in ``lacking``. A view counts, so that tables may be shown under other names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import String, bindparam, text
from sqlalchemy.engine import Dialect

from gatewright.model.schema import Schema
from gatewright_adapters.sqlalchemy.statement import RowPlan, Statement

__all__ = ("missing", "present")

# A view that is broken is nobody's business unless it stands for one of the tables: functions are called for these alone.
_SQLITE = (
    "SELECT m.name AS table_name, p.name AS column_name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p"
    " WHERE m.type IN ('table', 'view') AND lower(m.name) IN :tables"
)
_POSTGRESQL = (
    "SELECT c.relname, a.attname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
    " WHERE c.relname IN :tables AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_catalog.pg_table_is_visible(c.oid)"
    " AND a.attnum > 0 AND NOT a.attisdropped"
)
_MYSQL = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = DATABASE() AND lower(table_name) IN :tables"
)
_TEXTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL, "mysql": _MYSQL, "mariadb": _MYSQL}


def present(schema: Schema, dialect: Dialect) -> Statement:
    """Reads the name of each table of ``schema`` that is there, beside the name of each of its columns."""
    names = sorted({_name(table.db_name, dialect) for table in schema})
    asked = text(_TEXTS[dialect.name]).bindparams(bindparam("tables", names, expanding=True, type_=String()))
    written = str(asked.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return Statement(written, (), None, RowPlan(()), None, writes=False)


def missing(schema: Schema, rows: Iterable[Sequence[Any]], dialect: Dialect) -> tuple[str, ...]:
    """What is not among ``rows``: tables, and columns of the others as ``table.column``, by the database's names."""
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(_name(str(table), dialect), set()).add(_name(str(column), dialect))
    lacking: list[str] = []
    for table in schema:
        there = found.get(_name(table.db_name, dialect))
        if there is None:
            lacking.append(table.db_name)
            continue
        stored = (spec.stored_as for spec in table.columns.values())
        lacking.extend(f"{table.db_name}.{name}" for name in stored if _name(name, dialect) not in there)
    return tuple(lacking)


def _name(name: str, dialect: Dialect) -> str:
    """As the database compares names: all but PostgreSQL do not see case."""
    return name if dialect.name == "postgresql" else name.lower()
