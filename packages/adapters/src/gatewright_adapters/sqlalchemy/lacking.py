"""What a database lacks of Gatewright's tables, as SQL that adds it; nothing is ever removed, and renamed only what is named.

A comparison of names: tables, columns, and the columns that an index covers. Types are not compared, because a database
that other tools made may keep a value in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from sqlalchemy import Boolean, Column, ForeignKey, Index, Inspector, MetaData, String, Table, Text, inspect, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from gatewright_adapters.sqlalchemy.reserved import named
from gatewright_adapters.sqlalchemy.sqlite_references import SQLITE_REFERENCES, SQLITE_TEXTS, made_anew

__all__ = ("SQLITE_COLUMNS", "SQLITE_INDEXES", "Live", "Step", "create_missing", "inspected", "lacking", "live_sqlite")

_LONGEST_TEXT = 255  # characters of a column of text that an index of MySQL holds here, as of our own columns
_NONE: Mapping[str, Mapping[str, str]] = {}
_CREATION_LOCK = 0x6761_7465_7772  # one number for every Gatewright: creations wait for each other

Covered: TypeAlias = tuple[tuple[str, ...], bool]
"""The columns of an index or a unique key, and whether it is unique."""

SQLITE_COLUMNS = (
    "SELECT m.name AS table_name, p.name AS column_name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p"
    " WHERE m.type = 'table' AND m.name NOT GLOB '_cf_*'"
)
# SQLAlchemy reads unique keys off the CREATE text, and not every hand's.
SQLITE_INDEXES = (
    'SELECT m.name AS table_name, i.name AS index_name, i."unique" AS is_unique, x.name AS column_name FROM sqlite_master AS m JOIN pragma_index_list(m.name) AS i'
    " JOIN pragma_index_info(i.name) AS x"
    " WHERE m.type = 'table' AND m.name NOT GLOB '_cf_*' AND NOT i.partial ORDER BY m.name, i.name, x.seqno"
)


@dataclass(frozen=True, slots=True)
class Live:
    """What a database has, by table."""

    columns: Mapping[str, frozenset[str]]
    indexes: Mapping[str, frozenset[Covered]]
    names: frozenset[str] = frozenset()
    """Of its indexes, where indexes over the same columns differ in what they order by."""
    long: frozenset[tuple[str, str]] = frozenset()
    """Tables and columns of text that an index holds only the beginning of."""
    references: Mapping[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """Names of foreign keys by table and column, where they can be dropped."""
    anew: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict[tuple[str, str], Sequence[str]])
    """By table and column, what makes the table anew without the column's foreign key, where it cannot be dropped."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement that adds something, or gives a column its new name.

    Attributes:
        kind: What it adds.
        table: To which table.
        name: Of the table, column or index.
        sql: The statement, in the database's own language.
    """

    kind: Literal["table", "column", "index", "rename"]
    table: str
    name: str
    sql: str


def lacking(
    metadata: MetaData, live: Live, dialect: Dialect, former: Mapping[str, Mapping[str, str]] = _NONE
) -> tuple[Step, ...]:
    """What brings a database up to ``metadata``, in order; empty where it lacks nothing.

    Args:
        metadata: What there should be.
        live: What there is.
        dialect: Writes the statements.
        former: By table, what columns were called before, by their names of today; one that still is gets its name.
    """
    steps: list[Step] = []
    for name, columns in former.items():
        for new, old in columns.items():
            if name in metadata.tables and old in live.columns.get(name, ()) and new not in live.columns[name]:
                steps.extend(_renaming(live, dialect, name, old, new))
                live = _renamed(live, name, old, new)
    for table in metadata.sorted_tables:
        have = live.columns.get(table.name)
        if have is None:
            steps.append(Step("table", table.name, table.name, _text(CreateTable(table), dialect)))
        else:
            steps.extend(
                Step("column", table.name, column.name, _addition(table, column, dialect))
                for column in table.columns
                if column.name not in have
            )
        kept = live.indexes.get(table.name, frozenset[Covered]())
        steps.extend(
            Step("index", table.name, str(index.name), _text(CreateIndex(_held(index, live)), dialect))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
            if not _is_there(index, kept, live.names)
        )
    return tuple(steps)


def _renaming(live: Live, dialect: Dialect, table: str, old: str, new: str) -> Iterator[Step]:
    quote = dialect.identifier_preparer.quote
    key = live.references.get((table, old))
    if key is not None:
        # What it refers to may be something else from now on.
        kind = "FOREIGN KEY" if dialect.name in ("mysql", "mariadb") else "CONSTRAINT"
        yield Step("rename", table, new, f"ALTER TABLE {quote(named(table))} DROP {kind} {quote(key)}")
    for statement in live.anew.get((table, old), ()):
        yield Step("rename", table, new, statement)
    yield Step(
        "rename",
        table,
        new,
        f"ALTER TABLE {quote(named(table))} RENAME COLUMN {quote(named(old))} TO {quote(named(new))}",
    )


def _renamed(live: Live, table: str, old: str, new: str) -> Live:
    """What there is once the column has its name."""
    columns = frozenset(new if name == old else name for name in live.columns[table])
    kept = live.indexes.get(table, frozenset[Covered]())
    indexes = frozenset((tuple(new if name == old else name for name in names), unique) for names, unique in kept)
    return replace(live, columns={**live.columns, table: columns}, indexes={**live.indexes, table: indexes})


def _is_there(index: Index, kept: frozenset[Covered], names: frozenset[str]) -> bool:
    if index.dialect_kwargs["postgresql_ops"]:
        return str(index.name) in names
    return (tuple(column.name for column in index.columns), bool(index.unique)) in kept


def _held(index: Index, live: Live) -> Index:
    """The same index, of the beginning of columns of which the database can hold no more."""
    table = index.table
    if table is None:
        return index
    long = {column.name: _LONGEST_TEXT for column in index.columns if (table.name, column.name) in live.long}
    if not long:
        return index
    names = [column.name for column in index.columns]
    there = Table(table.name, MetaData(), *(Column(name, Text()) for name in names))
    return Index(index.name, *(there.c[name] for name in names), unique=index.unique, mysql_length=long)


def create_missing(
    connection: Connection,
    metadata: MetaData,
    former: Mapping[str, Mapping[str, str]] = _NONE,
    applied: Callable[[Step], None] | None = None,
) -> None:
    """Create tables, columns and indexes of ``metadata`` that are not there; ``applied`` hears of each that is."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CREATION_LOCK})
    if connection.dialect.name not in ("mysql", "mariadb"):
        _create_missing(connection, metadata, former, applied)
        return
    # Definitions commit by themselves there, so the lock is the session's.
    name = {"lock": f"gatewright_{_CREATION_LOCK}"}
    connection.execute(text("SELECT GET_LOCK(:lock, 30)"), name)
    try:
        _create_missing(connection, metadata, former, applied)
    finally:
        connection.execute(text("SELECT RELEASE_LOCK(:lock)"), name)


def _create_missing(
    connection: Connection,
    metadata: MetaData,
    former: Mapping[str, Mapping[str, str]],
    applied: Callable[[Step], None] | None,
) -> None:
    for step in lacking(metadata, inspected(connection, metadata, former), connection.dialect, former):
        connection.exec_driver_sql(step.sql)
        if applied is not None:
            applied(step)


def inspected(connection: Connection, metadata: MetaData, former: Mapping[str, Mapping[str, str]] = _NONE) -> Live:
    """What the database has of the tables of ``metadata``, and of the columns that are to get their name of today."""
    if connection.dialect.name == "sqlite":

        def asked(statement: str) -> Sequence[Sequence[Any]]:
            return connection.exec_driver_sql(statement).all()

        live = live_sqlite(asked(SQLITE_COLUMNS), asked(SQLITE_INDEXES))
        return replace(live, anew=made_anew(asked(SQLITE_TEXTS), asked(SQLITE_REFERENCES), former)) if former else live
    there = inspect(connection)
    known = set(there.get_table_names()) & set(metadata.tables)
    columns = {table: there.get_columns(table) for table in known}
    return Live(
        {table: frozenset(column["name"] for column in found) for table, found in columns.items()},
        {table: _indexed(there, table) for table in known},
        frozenset(str(index["name"]) for table in known for index in there.get_indexes(table)),
        frozenset((table, column["name"]) for table, found in columns.items() for column in found if _is_long(column))
        if connection.dialect.name in ("mysql", "mariadb")
        else frozenset(),
        {
            (table, key["constrained_columns"][0]): str(key["name"])
            for table in known
            for key in there.get_foreign_keys(table)
            if len(key["constrained_columns"]) == 1
        },
    )


def _is_long(column: ReflectedColumn) -> bool:
    kind = column["type"]
    return isinstance(kind, String) and (kind.length is None or kind.length > _LONGEST_TEXT)


def live_sqlite(columns: Iterable[Sequence[Any]], indexes: Iterable[Sequence[Any]]) -> Live:
    """The answers to :data:`SQLITE_COLUMNS` and :data:`SQLITE_INDEXES`."""
    named: dict[str, set[str]] = {}
    for table, column in columns:
        named.setdefault(table, set()).add(column)
    parts: dict[tuple[str, str, bool], list[str]] = {}
    for table, index, unique, column in indexes:
        parts.setdefault((table, index, bool(unique)), []).append(column)
    covered: dict[str, set[Covered]] = {}
    for (table, _, unique), names in parts.items():
        covered.setdefault(table, set()).add((tuple(names), unique))
    return Live(
        {table: frozenset(names) for table, names in named.items()},
        {table: frozenset(keys) for table, keys in covered.items()},
    )


def _indexed(there: Inspector, table: str) -> frozenset[Covered]:
    """The columns of every index and unique key that covers a whole table, and whether it is unique."""
    kept: set[Covered] = set()
    for index in there.get_indexes(table):
        names = [name for name in index["column_names"] if name is not None]
        partial = "postgresql_where" in index.get("dialect_options", {})
        if len(names) == len(index["column_names"]) and not partial:
            kept.add((tuple(names), bool(index["unique"])))
    return frozenset(kept | {(tuple(key["column_names"]), True) for key in there.get_unique_constraints(table)})


def _addition(table: Table, column: Column[Any], dialect: Dialect) -> str:
    """Adds a column to a table that may have rows: they get its fixed default, or null where there is none."""
    default = column.info.get("default")
    if isinstance(default, int):
        native = isinstance(column.type, Boolean)
        default = text(str(bool(default)).lower() if native else str(int(default)))
    added: Column[object] = Column(
        column.name, column.type, nullable=column.nullable or default is None, server_default=default
    )
    Table(table.name, MetaData(), added)
    name = dialect.identifier_preparer.format_table(table)
    references = "".join(_references(key, dialect) for key in column.foreign_keys)
    if references and dialect.name in ("mysql", "mariadb"):
        # A reference beside the column is read and forgotten there.
        references = f", ADD FOREIGN KEY ({dialect.identifier_preparer.quote(column.name)}){references}"
    return f"ALTER TABLE {name} ADD COLUMN {_text(CreateColumn(added), dialect)}{references}"


def _references(key: ForeignKey, dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    target = key.column
    return f" REFERENCES {quote(target.table.name)} ({quote(target.name)}) ON DELETE {key.ondelete}"


def _text(element: CreateColumn | CreateIndex | CreateTable, dialect: Dialect) -> str:
    return str(element.compile(dialect=dialect)).strip()
