"""The tables of one application: core, plugins and additional fields merged, names mapped, plans made.

Built once at construction. Not DDL: adapters and migrations read it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from gatewright.model.column import ColumnSpec
from gatewright.model.row import Row
from gatewright.wire.dates import to_wire
from gatewright.wire.faults import ConfigError
from gatewright.wire.names import snake

__all__ = ("Index", "Naming", "Schema", "Table", "TableOptions")

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Index:
    """An index over some columns, by wire name; with ``prefix``, one that finds text by its beginning."""

    columns: tuple[str, ...]
    unique: bool = False
    prefix: bool = False


class Table:
    """One table with all its columns.

    Attributes:
        name: The contract's model name, as ``user``.
        db_name: The table's name in the database.
        columns: Every column by wire name, in order.
        indexes: Every index beside the primary key, unique columns included.
    """

    __slots__ = ("_declared", "_outputs", "_plan", "columns", "db_name", "identity", "indexes", "name")

    def __init__(
        self, name: str, columns: Mapping[str, ColumnSpec], *, db_name: str = "", indexes: tuple[Index, ...] = ()
    ) -> None:
        self.name = name
        self.db_name = db_name or name
        self.columns = columns
        self._declared = indexes
        single = tuple(
            Index((spec.name,), unique=spec.unique)
            for spec in columns.values()
            if (spec.unique or spec.index) and spec.name != "id"
        )
        self.indexes = (*single, *indexes)
        self._plan = tuple((spec.name, spec.type == "date") for spec in columns.values() if spec.returned)
        self._outputs = tuple(
            (spec.name, spec.transform_output)
            for spec in columns.values()
            if spec.returned and spec.transform_output is not None
        )
        # Adapters key their translations by this: equal tables of two instances share them.
        self.identity = (self.name, self.db_name, tuple(columns.values()))

    def project(self, raw: Mapping[str, Any]) -> dict[str, object]:
        """What leaves the server of a stored row: returned columns in order, dates as text."""
        found: dict[str, object] = {}
        for name, is_date in self._plan:
            if name in raw:
                value = raw[name]
                found[name] = to_wire(value) if is_date and value is not None else value
        for name, transform in self._outputs:
            if name in found:
                value = transform(raw[name])
                found[name] = to_wire(value) if isinstance(value, datetime) else value
        return found

    def without_references(self, models: Collection[str]) -> Table:
        """The same table, its columns free of references to some models."""
        columns = {
            name: replace(spec, references=None) if spec.references and spec.references.table in models else spec
            for name, spec in self.columns.items()
        }
        return (
            self if columns == self.columns else Table(self.name, columns, db_name=self.db_name, indexes=self._declared)
        )

    def row(self, cls: type[R], raw: Mapping[str, Any]) -> R:
        """A stored row seen as ``cls``."""
        return cls.seen(raw, self)

    def __repr__(self) -> str:
        return f"Table({self.name!r}, db_name={self.db_name!r})"


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What an application says about a table: its name, its columns' names, its own columns."""

    db_name: str = ""
    fields: Mapping[str, str] | None = None
    additional: tuple[ColumnSpec, ...] = ()

    def merged(self, over: TableOptions) -> TableOptions:
        """These, where ``over`` does not say otherwise."""
        return TableOptions(
            db_name=over.db_name or self.db_name,
            fields={**(self.fields or {}), **(over.fields or {})},
            additional=(*self.additional, *over.additional),
        )


Naming = Callable[[str], str]
"""How a wire name becomes a name in the database."""


class Schema:
    """Every table of one application, by model name."""

    __slots__ = ("tables",)

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables

    @classmethod
    def build(
        cls,
        rows: Iterable[type[Row]],
        options: Mapping[str, TableOptions] | None = None,
        *,
        naming: str = "camelCase",
        serial: bool = False,
    ) -> Schema:
        """Merge row classes of the same table, apply the application's options and the naming.

        Args:
            rows: Core rows first, then each plugin's, in order; a subclass adds columns to its table.
            options: By model name.
            naming: ``camelCase`` keeps the contract's names, ``snake_case`` changes all that are not mapped.
            serial: The store counts identifiers.

        Raises:
            ConfigError: Two columns disagree, or an option names a column that is not there.
        """
        merged: dict[str, dict[str, ColumnSpec]] = {}
        together: dict[str, dict[Index, None]] = {}
        for row in rows:
            columns = merged.setdefault(row.table, {})
            for name, spec in row.columns.items():
                known = columns.get(name)
                if known is not None and known.type != spec.type:
                    raise ConfigError(f"{row.table}.{name} is declared as {known.type} and as {spec.type}")
                columns[name] = spec
            indexes = together.setdefault(row.table, {})
            indexes.update(dict.fromkeys(Index(names, unique=True) for names in row.unique_together))
            indexes.update(dict.fromkeys(Index(names) for names in row.indexed_together))
            indexes.update(dict.fromkeys(Index((name,), prefix=True) for name in row.prefixed))
        rename: Naming = snake if naming == "snake_case" else _same
        tables: dict[str, Table] = {}
        given = options or {}
        for model, columns in merged.items():
            said = given.get(model, TableOptions())
            for spec in said.additional:
                columns[spec.name] = spec
            mapping = said.fields or {}
            unknown = set(mapping) - set(columns)
            if unknown:
                raise ConfigError(f"{model}.fields names {', '.join(sorted(unknown))}, which {model} does not have")
            named = {
                name: replace(
                    spec,
                    db_name=mapping.get(name) or spec.db_name or rename(name),
                    serial=serial and _identifies(spec),
                )
                for name, spec in columns.items()
            }
            taken: dict[str, str] = {}
            for spec in named.values():
                if spec.stored_as in taken:
                    raise ConfigError(
                        f"{model}.{spec.name} and {model}.{taken[spec.stored_as]} are both stored as {spec.stored_as}"
                    )
                taken[spec.stored_as] = spec.name
            tables[model] = Table(
                model,
                named,
                db_name=said.db_name or rename(model),
                indexes=tuple(together[model]),
            )
        return cls(tables)

    def without(self, models: Collection[str]) -> Schema:
        """The same tables but those of some models; what refers to one of them refers to nothing."""
        if not models:
            return self
        kept = {name: table for name, table in self.tables.items() if name not in models}
        return Schema({name: table.without_references(models) for name, table in kept.items()})

    def __getitem__(self, model: str | type[Row]) -> Table:
        name = model if isinstance(model, str) else model.table
        try:
            return self.tables[name]
        except KeyError:
            raise ConfigError(f"no installed part has a table {name!r}") from None

    def __contains__(self, model: str) -> bool:
        return model in self.tables

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables.values())


def _identifies(spec: ColumnSpec) -> bool:
    return spec.name == "id" or (spec.references is not None and spec.references.column == "id")


def _same(name: str) -> str:
    return name
