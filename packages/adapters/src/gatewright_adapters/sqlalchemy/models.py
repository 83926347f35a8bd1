"""Gatewright's tables as the source of SQLAlchemy models, for an application that wants to query them with its ORM.

The models describe; tables are made by ``gatewright migrate`` or Alembic. On MySQL moments are naive and in UTC.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from sqlalchemy import Column, ForeignKey, Index, Table

from gatewright.model import schema as model
from gatewright.model.column import ColumnSpec
from gatewright.wire.names import snake
from gatewright_adapters.sqlalchemy.definitions import DialectName, target_metadata
from gatewright_adapters.sqlalchemy.reserved import quotes

__all__ = ("models_source",)

_SQLITE = {"boolean": "Flag", "date": "Moment", "json": "Document", "string[]": "Document", "number[]": "Document"}
_PYTHON = {
    "string": "str",
    "number": "int",
    "boolean": "bool",
    "date": "datetime",
    "json": "Any",
    "string[]": "list[str]",
    "number[]": "list[float]",
}
_MODULES = {
    "JSONB": "sqlalchemy.dialects.postgresql",
    "DATETIME": "sqlalchemy.dialects.mysql",
    **dict.fromkeys(("TEXT", "VARCHAR"), "sqlalchemy.dialects.mysql"),
    **dict.fromkeys(("Document", "Flag", "Moment"), "gatewright_adapters.sqlalchemy.sqlite_types"),
}


def models_source(schema: model.Schema, dialect: DialectName) -> str:
    """A Python module with a declarative class for each table, and a base of their own."""
    metadata = target_metadata(schema, dialect)
    classes = [_class(table, metadata.tables[table.db_name], dialect) for table in schema]
    text = "\n\n\n".join(["class Base(DeclarativeBase):\n    pass", *classes])
    return f'"""Gatewright\'s tables."""\n\n{_imports(text)}\n\n\n{text}\n'


def _imports(text: str) -> str:
    used: dict[str, set[str]] = {"sqlalchemy.orm": {"DeclarativeBase", "Mapped", "mapped_column"}}
    for name in sorted(set(re.findall(r"\b([A-Z]\w+)\(", text))):
        if name != "DeclarativeBase" and f"class {name}(" not in text:
            used.setdefault(_MODULES.get(name, "sqlalchemy"), set()).add(name)
    if "datetime]" in text or "datetime |" in text:
        used["datetime"] = {"datetime"}
    if "[Any" in text:
        used["typing"] = {"Any"}
    own = [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(used.items())]
    first = [line for line in own if line.startswith(("from datetime", "from typing"))]
    rest = [line for line in own if line not in first]
    return "\n".join(first) + ("\n\n" if first else "") + "\n".join(rest)


def _class(table: model.Table, described: Table, dialect: DialectName) -> str:
    name = table.name[0].upper() + table.name[1:]
    lines = [f"class {name}(Base):", f'    __tablename__ = "{table.db_name}"']
    arguments = [_index(index) for index in sorted(described.indexes, key=lambda index: str(index.name))]
    further = ['"sqlite_autoincrement": True'] if described.dialect_kwargs.get("sqlite_autoincrement") else []
    if quotes(described.name):
        further.append('"quote": True')
    if further:
        arguments.append(f"{{{', '.join(further)}}}")
    if arguments:
        lines += ["    __table_args__ = (", *(f"        {each}," for each in arguments), "    )"]
    lines.append("")
    lines += [f"    {_column(spec, described.c[spec.stored_as], dialect)}" for spec in table.columns.values()]
    return "\n".join(lines)


def _index(index: Index) -> str:
    names = ", ".join(f'"{column.name}"' for column in index.columns)
    more = ", unique=True" if index.unique else ""
    if operators := index.dialect_kwargs.get("postgresql_ops"):
        more += f", postgresql_ops={operators!r}"
    return f'Index("{index.name}", {names}{more})'


def _column(spec: ColumnSpec, column: Column[object], dialect: DialectName) -> str:
    attribute = snake(spec.name)
    if keyword.iskeyword(attribute) or attribute == "metadata":
        attribute += "_"  # the base has a name of its own
    python = "int" if spec.serial else _PYTHON[spec.type]
    optional = " | None" if column.nullable else ""
    return f"{attribute}: Mapped[{python}{optional}] = mapped_column({', '.join(_arguments(spec, column, dialect))})"


def _arguments(spec: ColumnSpec, column: Column[object], dialect: DialectName) -> Iterator[str]:
    yield f'"{column.name}"'
    own = _SQLITE.get(spec.type) if dialect == "sqlite" and not spec.serial else None
    yield f"{own}()" if own is not None else repr(column.type)
    for key in column.foreign_keys:
        yield _key(key)
    if column.primary_key:
        yield "primary_key=True"
    if quotes(column.name):
        yield "quote=True"


def _key(key: ForeignKey) -> str:
    return f'ForeignKey("{key.target_fullname}", ondelete="{key.ondelete}")'
