"""Gatewright's tables for other tools, without a database: SQL text of a dialect, and Alembic's ``target_metadata``."""

from __future__ import annotations

from typing import Literal, TypeAlias

from sqlalchemy import MetaData
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.engine import Dialect

from gatewright.model.schema import Schema
from gatewright_adapters.sqlalchemy.exact_text import ExactText
from gatewright_adapters.sqlalchemy.lacking import Live, Step, lacking
from gatewright_adapters.sqlalchemy.tables import metadata_of
from gatewright_adapters.sqlalchemy.transports.sqlite import sqlite_dialect
from gatewright_adapters.sqlalchemy.values import values_for

__all__ = ("DialectName", "definitions", "target_metadata")

DialectName: TypeAlias = Literal["sqlite", "postgresql", "mysql", "mariadb"]


def definitions(schema: Schema, dialect: DialectName) -> tuple[Step, ...]:
    """What creates every table and index of ``schema`` in an empty database, in order."""
    return lacking(target_metadata(schema, dialect), Live({}, {}), _written_by(dialect))


def target_metadata(schema: Schema, dialect: DialectName | Dialect) -> MetaData:
    """Every table, for Alembic's ``env.py``: there it is the one line that Alembic needs to compare and to write revisions.

    ``context.configure(connection, target_metadata=target_metadata(auth.tables, connection.dialect))``, or a list with the
    application's own metadata beside.
    """
    written = _written_by(dialect) if isinstance(dialect, str) else dialect
    metadata = metadata_of(schema, values_for(written.name))
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, ExactText):
                # Its type on this very server, which other tools can write down.
                column.type = column.type.load_dialect_impl(written)
    return metadata


def _written_by(dialect: DialectName) -> Dialect:
    if dialect == "postgresql":
        return postgresql.dialect()
    if dialect == "sqlite":
        return sqlite_dialect()
    # Text that is kept, not formatted, so a percent sign is one.
    return mysql.dialect(is_mariadb=dialect == "mariadb", paramstyle="qmark")
