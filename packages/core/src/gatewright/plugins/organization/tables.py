"""The tables of an instance of the plugin under its own names, and the schema as its handlers see it."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from gatewright.model.column import ColumnSpec
from gatewright.model.row import Row
from gatewright.model.schema import Schema
from gatewright.model.session import Session
from gatewright.plugins.organization.contract.instances import Names
from gatewright.plugins.organization.model import OrgSession, TeamSession

__all__ = ("renamed", "seen_by")


def renamed(rows: Iterable[type[Row]], names: Names) -> list[type[Row]]:
    """The same tables under the instance's names; what referred to one of them refers to the instance's own."""
    return [_renamed(row, names) for row in rows]


def _renamed(row: type[Row], names: Names) -> type[Row]:
    table = names.tables.get(row.table, row.table)
    options: Any = {} if table == row.table else {"table": table}
    made = types.new_class(row.__name__, (row,), options)
    columns = _session(row, names) if issubclass(row, Session) else {**row.columns}
    made.columns = types.MappingProxyType({name: _referring(spec, names) for name, spec in columns.items()})
    return made


def _session(row: type[Session], names: Names) -> Mapping[str, ColumnSpec]:
    own = {OrgSession.active_organization_id.name: names.active, TeamSession.active_team_id.name: names.active_team}
    return {own.get(name, name): replace(spec, name=own.get(name, name)) for name, spec in row.columns.items()}


def _referring(spec: ColumnSpec, names: Names) -> ColumnSpec:
    reference = spec.references
    if reference is None or reference.table not in names.tables:
        return spec
    return replace(spec, references=replace(reference, table=names.tables[reference.table]))


def seen_by(schema: Schema, names: Names) -> Schema:
    """The schema in which the models of the first instance are this instance's tables."""
    own = {model: schema.tables[name] for model, name in names.tables.items() if name in schema}
    return Schema({**schema.tables, **own})
