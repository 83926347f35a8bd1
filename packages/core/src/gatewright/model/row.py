"""Rows: an immutable wrapper over one mapping keyed by wire name.

What the adapter read is what is encoded. A plugin or an application adds columns by subclassing a table's row; the
same row is read through the wider class with ``of``.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Mapping
from datetime import datetime
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Self,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
)

import msgspec

from gatewright.model.beside import Beside
from gatewright.model.column import Column, ColumnSpec, ColumnType, Missing, column
from gatewright.wire.dates import from_wire, to_wire
from gatewright.wire.json import encode
from gatewright.wire.names import camel

if TYPE_CHECKING:
    from gatewright.model.schema import Table

__all__ = ("Row", "row_from_wire", "shared_row")

R = TypeVar("R", bound="Row")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(column, Column))
class Row:
    """A row of one table.

    Attributes:
        raw: Values by wire name, as read or as given.
    """

    __slots__ = ("_encoded", "_table", "raw")

    raw: Mapping[str, Any]
    _encoded: bytes | None
    _table: Table | None
    table: ClassVar[str]
    columns: ClassVar[Mapping[str, ColumnSpec]] = {}
    beside: ClassVar[Mapping[str, Any]] = {}
    """What comes with the row on the wire and is no column, by wire name: its type."""
    unique_together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    renamed: ClassVar[Mapping[str, str]] = {}
    """Wire names that do not follow the naming rule, by attribute."""
    indexed_together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    prefixed: ClassVar[tuple[str, ...]] = ()
    """Wire names of columns whose beginning is searched for, by index."""

    def __init_subclass__(
        cls,
        *,
        table: str | None = None,
        unique_together: tuple[tuple[str, ...], ...] | None = None,
        indexed_together: tuple[tuple[str, ...], ...] | None = None,
        prefixed: tuple[str, ...] | None = None,
    ) -> None:
        """Complete the columns of ``cls`` from their annotations."""
        if table is not None:
            cls.table = table
        if unique_together is not None:
            cls.unique_together = unique_together
        if indexed_together is not None:
            cls.indexed_together = indexed_together
        if prefixed is not None:
            cls.prefixed = prefixed
        declared: dict[str, Column[Any]] = {
            name: value for name, value in vars(cls).items() if isinstance(value, Column)
        }
        further: dict[str, Beside[Any]] = {
            name: value for name, value in vars(cls).items() if isinstance(value, Beside)
        }
        if further:
            cls.beside = {**cls.beside, **{each.name: _argument(cls, name) for name, each in further.items()}}
        if not declared:
            return
        found: dict[str, ColumnSpec] = dict(cls.columns)
        for name, descriptor in declared.items():
            descriptor.spec = _spec(descriptor, _argument(cls, name))
            found[descriptor.name] = descriptor.spec
        cls.columns = types.MappingProxyType(found)
        own = {name: descriptor.name for name, descriptor in declared.items() if descriptor.name != camel(name)}
        cls.renamed = {**cls.renamed, **own}

    if not TYPE_CHECKING:

        def __init__(self, **values: Any) -> None:
            """A row with the given values and the defaults of the others."""
            raw: dict[str, Any] = {}
            renamed = self.renamed
            names = {renamed.get(name) or camel(name): value for name, value in values.items()}
            for wire, spec in self.columns.items():
                if wire in names:
                    raw[wire] = names.pop(wire)
                elif not isinstance(spec.default, Missing):
                    raw[wire] = spec.default() if callable(spec.default) else spec.default
            if names:
                unknown = ", ".join(sorted(names))
                raise TypeError(f"{type(self).__name__} has no column {unknown}")
            self.raw = raw
            self._encoded = None
            self._table = None

    @classmethod
    def of(cls, row: Row) -> Self:
        """The same values seen as ``cls``: how a plugin or an application reads its own columns."""
        return cls.seen(row.raw, row._table)

    @classmethod
    def seen(cls, raw: Mapping[str, Any], table: Table | None) -> Self:
        """A row over values that a store has read; nothing is checked or copied."""
        row = object.__new__(cls)
        row.raw = raw
        row._encoded = None
        row._table = table
        return row

    def get(self, name: str) -> Any:
        """The value of the column with this wire name, or ``None``; for columns that no class declares."""
        return self.raw.get(name)

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """The same row with some values, by wire name, replaced."""
        return self.seen({**self.raw, **values}, self._table)

    def without(self, name: str) -> Self:
        """The same row without a value, by wire name."""
        return self.seen({key: value for key, value in self.raw.items() if key != name}, self._table)

    def wire(self) -> dict[str, object]:
        """What leaves the server: the returned columns, dates as text, and what comes beside them."""
        found: dict[str, object]
        if self._table is not None:
            found = self._table.project(self.raw)
        else:
            columns = self.columns
            found = {
                name: to_wire(value) if isinstance(value, datetime) else value
                for name, value in self.raw.items()
                if name in columns and columns[name].returned
            }
        if self.beside:
            found.update((name, self.raw[name]) for name in self.beside if name in self.raw)
        return found

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        # What many answers share is a row like any other once it is copied or pickled.
        return type(self).seen, (dict(self.raw), self._table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and self.table == other.table and dict(self.raw) == dict(other.raw)

    def __hash__(self) -> int:
        return hash((self.table, self.raw.get("id")))

    def __repr__(self) -> str:
        # Columns that never leave the server stay out of logs as well; so does a session's token.
        shown = {
            name: value
            for name, value in self.raw.items()
            if name != "token" and (name not in self.columns or self.columns[name].returned)
        }
        inside = ", ".join(f"{name}={value!r}" for name, value in shown.items())
        return f"{type(self).__name__}({inside})"


def shared_row(row: R) -> R | None:
    """The same row for many answers: its JSON is written once, and nobody can change its values.

    Not a method, and what it leaves is private: every name of a row is one that a column cannot have.

    Returns:
        ``None`` where a value could be changed within itself, as a list can.
    """
    if any(isinstance(value, (list, dict)) for value in row.raw.values()):
        return None
    shared = row.seen(types.MappingProxyType(dict(row.raw)), row._table)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] (its own)
    shared._encoded = encode(shared)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] (its own)
    return shared


def row_from_wire(cls: type[Row], values: Mapping[str, Any]) -> Row:
    """The row that a server sent: dates are read, unknown members are kept."""
    raw = dict(values)
    for name, spec in cls.columns.items():
        if spec.type == "date":
            value = raw.get(name)
            if isinstance(value, str):
                raw[name] = from_wire(value)
    for name, kind in cls.beside.items():
        if name in raw:
            raw[name] = msgspec.convert(raw[name], kind, dec_hook=_nested)
    return cls.seen(raw, None)


def _nested(kind: type, value: Any) -> object:
    if issubclass(kind, Row) and isinstance(value, dict):
        members: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        return row_from_wire(kind, members)
    return value


def _argument(cls: type, name: str) -> Any:
    """What a column's annotation says between its brackets."""
    annotation = inspect.get_annotations(cls)[name]
    if isinstance(annotation, str):
        # The annotation is the class author's own source text, read in the author's module.
        annotation = eval(annotation, vars(sys.modules[cls.__module__]))  # noqa: S307
    (found,) = get_args(annotation)
    return found


_KINDS: Mapping[type, ColumnType] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    datetime: "date",
}


def _spec(descriptor: Column[Any], annotation: Any) -> ColumnSpec:
    options = dict(descriptor.options)
    as_json = options.pop("json")
    required = True
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [each for each in get_args(annotation) if each is not type(None)]
        required = len(inner) == len(get_args(annotation))
        if len(inner) == 1:
            annotation = inner[0]
    kind: ColumnType
    if as_json:
        kind = "json"
    elif get_origin(annotation) in (list, tuple):
        (item, *_) = get_args(annotation)
        kind = "string[]" if item is str else "number[]"
    else:
        try:
            kind = _KINDS[annotation]
        except (KeyError, TypeError):
            raise TypeError(f"column {descriptor.name}: no store knows the type {annotation}") from None
    return ColumnSpec(name=descriptor.name, type=kind, required=required, **options)
