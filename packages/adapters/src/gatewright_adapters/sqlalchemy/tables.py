"""Gatewright's tables as SQLAlchemy tables: types, keys, references and the names of indexes are better-auth's.

Not what a database has or lacks of them: see ``lacking``. Source: contract, schema.json.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table

from gatewright.model import schema as model
from gatewright.model.column import ColumnSpec
from gatewright_adapters.sqlalchemy.reserved import named
from gatewright_adapters.sqlalchemy.values import Dialected

__all__ = ("NONE", "Former", "describe", "metadata_of", "stored")

Former: TypeAlias = Mapping[str, Mapping[str, str]]
"""By model, what columns were called before, by wire name."""
NONE: Former = {}

_LONGEST_NAME = 63  # PostgreSQL's limit in bytes


def describe(table: model.Table, values: Dialected) -> Table:
    """The table as statements need it: names and types."""
    columns = (Column(named(spec.stored_as), values.type_of(spec)) for spec in table.columns.values())
    return Table(named(table.db_name), MetaData(), *columns)


def metadata_of(schema: model.Schema, values: Dialected) -> MetaData:
    """Every table of ``schema`` with keys, references and indexes."""
    metadata = MetaData()
    for table in schema:
        keyed = {name for index in table.indexes for name in index.columns}
        columns = [_column(spec, schema, values, keyed=spec.name in keyed) for spec in table.columns.values()]
        # Counted identifiers are never given out twice, not even those of rows that are gone.
        counted = "id" in table.columns and table.columns["id"].serial
        described = Table(named(table.db_name), metadata, *columns, sqlite_autoincrement=counted)
        for index in table.indexes:
            names = [table.columns[name].stored_as for name in index.columns]
            if index.prefix and not values.bytewise:
                if not any(other.columns[0] == index.columns[0] for other in table.indexes if not other.prefix):
                    _index(described, names, "idx")
            elif index.prefix:
                _index(described, names, "prefix_idx", dict.fromkeys(names, "text_pattern_ops"))
            else:
                _index(described, names, "uidx" if index.unique else "idx")
    return metadata


def stored(schema: model.Schema, former: Former) -> Former:
    """The same by the names of the database."""
    return {
        schema[name].db_name: {schema[name].columns[new].stored_as: old for new, old in columns.items()}
        for name, columns in former.items()
        if name in schema
    }


def _column(spec: ColumnSpec, schema: model.Schema, values: Dialected, *, keyed: bool) -> Column[object]:
    kind, primary = values.type_of(spec, keyed=keyed), spec.name == "id"
    nullable = not spec.required and not primary
    info = {"default": spec.default} if isinstance(spec.default, (bool, int, str)) else {}
    reference = spec.references
    if reference is None or reference.table not in schema:
        return Column(named(spec.stored_as), kind, primary_key=primary, nullable=nullable, info=info)
    target = schema[reference.table]
    key = ForeignKey(
        f"{target.db_name}.{target.columns[reference.column].stored_as}", ondelete=reference.on_delete.upper()
    )
    return Column(named(spec.stored_as), kind, key, primary_key=primary, nullable=nullable, info=info)


def _index(table: Table, columns: list[str], suffix: str, operators: dict[str, str] | None = None) -> None:
    name = _index_name(table.name, columns, suffix)
    Index(name, *(table.c[each] for each in columns), unique=suffix == "uidx", postgresql_ops=operators or {})


def _index_name(table: str, columns: list[str], suffix: str) -> str:
    name = "_".join((table, *columns, suffix))
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name.encode()[: _LONGEST_NAME - 9].decode(errors='ignore')}_{digest}"
