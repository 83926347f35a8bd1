"""Gatewright's tables as SQLAlchemy tables, and the creation of what a database lacks of them.

Types, names of indexes and references are better-auth's. Not for changes and removals: those are migrations. Source:
contract, schema.json.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Boolean, Column, ForeignKey, Index, Inspector, MetaData, Table, inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateColumn

from gatewright.model import schema as model
from gatewright.model.column import ColumnSpec
from gatewright_adapters.sqlalchemy.values import Dialected

__all__ = ("create_missing", "describe", "metadata_of")

_LONGEST_NAME = 63  # PostgreSQL's limit in bytes
_CREATION_LOCK = 0x6761_7465_7772  # one number for every Gatewright: creations wait for each other


def describe(table: model.Table, values: Dialected) -> Table:
    """The table as statements need it: names and types."""
    columns = (Column(spec.stored_as, values.type_of(spec)) for spec in table.columns.values())
    return Table(table.db_name, MetaData(), *columns)


def metadata_of(schema: model.Schema, values: Dialected) -> MetaData:
    """Every table of ``schema`` with keys, references and indexes."""
    metadata = MetaData()
    for table in schema:
        keyed = {name for index in table.indexes for name in index.columns}
        columns = [_column(spec, schema, values, keyed=spec.name in keyed) for spec in table.columns.values()]
        described = Table(table.db_name, metadata, *columns)
        for index in table.indexes:
            names = [table.columns[name].stored_as for name in index.columns]
            name = _index_name(table.db_name, names, unique=index.unique)
            Index(name, *(described.c[each] for each in names), unique=index.unique)
    return metadata


def create_missing(connection: Connection, metadata: MetaData) -> None:
    """Create tables, columns and indexes of ``metadata`` that are not there; nothing is removed or changed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CREATION_LOCK})
    if connection.dialect.name not in ("mysql", "mariadb"):
        _create_missing(connection, metadata)
        return
    # Definitions commit by themselves there, so the lock is the session's.
    name = {"lock": f"gatewright_{_CREATION_LOCK}"}
    connection.execute(text("SELECT GET_LOCK(:lock, 30)"), name)
    try:
        _create_missing(connection, metadata)
    finally:
        connection.execute(text("SELECT RELEASE_LOCK(:lock)"), name)


def _create_missing(connection: Connection, metadata: MetaData) -> None:
    there = inspect(connection)
    known = set(there.get_table_names())
    metadata.create_all(connection, tables=[table for table in metadata.sorted_tables if table.name not in known])
    for table in metadata.sorted_tables:
        if table.name not in known:
            continue
        have = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in have:
                _add_column(connection, table, column)
        kept = _indexed(connection, there, table.name)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            if (tuple(column.name for column in index.columns), bool(index.unique)) not in kept:
                index.create(connection)


def _indexed(connection: Connection, there: Inspector, table: str) -> set[tuple[tuple[str, ...], bool]]:
    """The columns of every index and unique key that covers a whole table, and whether it is unique."""
    if connection.dialect.name == "sqlite":
        # SQLAlchemy reads unique keys off the CREATE text, and not every hand's.
        listed = connection.execute(
            text('SELECT name, "unique" FROM pragma_index_list(:table) WHERE NOT partial'), {"table": table}
        ).all()
        inside = text("SELECT name FROM pragma_index_info(:name) ORDER BY seqno")
        return {(tuple(connection.execute(inside, {"name": name}).scalars()), bool(unique)) for name, unique in listed}
    kept: set[tuple[tuple[str, ...], bool]] = set()
    for index in there.get_indexes(table):
        names = [name for name in index["column_names"] if name is not None]
        partial = "postgresql_where" in index.get("dialect_options", {})
        if len(names) == len(index["column_names"]) and not partial:
            kept.add((tuple(names), bool(index["unique"])))
    return kept | {(tuple(key["column_names"]), True) for key in there.get_unique_constraints(table)}


def _column(spec: ColumnSpec, schema: model.Schema, values: Dialected, *, keyed: bool) -> Column[object]:
    kind, primary = values.type_of(spec, keyed=keyed), spec.name == "id"
    nullable = not spec.required and not primary
    info = {"default": spec.default} if isinstance(spec.default, (bool, int, str)) else {}
    reference = spec.references
    if reference is None or reference.table not in schema:
        return Column(spec.stored_as, kind, primary_key=primary, nullable=nullable, info=info)
    target = schema[reference.table]
    key = ForeignKey(
        f"{target.db_name}.{target.columns[reference.column].stored_as}", ondelete=reference.on_delete.upper()
    )
    return Column(spec.stored_as, kind, key, primary_key=primary, nullable=nullable, info=info)


def _add_column(connection: Connection, table: Table, column: Column[object]) -> None:
    """Add a column to a table that may have rows: they get its fixed default, or null where there is none."""
    default = column.info.get("default")
    if isinstance(default, int):
        native = isinstance(column.type, Boolean)
        default = text(str(bool(default)).lower() if native else str(int(default)))
    added: Column[object] = Column(
        column.name, column.type, nullable=column.nullable or default is None, server_default=default
    )
    Table(table.name, MetaData(), added)
    clause = CreateColumn(added).compile(dialect=connection.dialect)
    name = connection.dialect.identifier_preparer.format_table(table)
    references = "".join(_references(connection, key) for key in column.foreign_keys)
    if references and connection.dialect.name in ("mysql", "mariadb"):
        # A reference beside the column is read and forgotten there.
        quoted = connection.dialect.identifier_preparer.quote(column.name)
        references = f", ADD FOREIGN KEY ({quoted}){references}"
    connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {clause}{references}")


def _references(connection: Connection, key: ForeignKey) -> str:
    quote = connection.dialect.identifier_preparer.quote
    target = key.column
    return f" REFERENCES {quote(target.table.name)} ({quote(target.name)}) ON DELETE {key.ondelete}"


def _index_name(table: str, columns: list[str], *, unique: bool) -> str:
    name = "_".join((table, *columns, "uidx" if unique else "idx"))
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name.encode()[: _LONGEST_NAME - 9].decode(errors='ignore')}_{digest}"
