"""What is stored for the values that somebody gives: defaults where there are none, transforms, dates to the millisecond.

Not identifiers, and not hooks: see ``database``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gatewright.model.column import ColumnSpec, Missing
from gatewright.model.schema import Table
from gatewright.ports.adapter import InvalidValue
from gatewright.wire.dates import from_wire, truncated

__all__ = ("filled", "normal")


def filled(table: Table, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The values of a new row by wire name, with the defaults of columns that are not given; without an identifier.

    Args:
        table: The row's.
        given: By wire name; left as they are.
        now: For columns that hold the time of writing.
    """
    values = dict(given)
    for name, spec in table.columns.items():
        if name in values or name == "id":
            continue
        default = spec.default
        if default in (Missing.NONE, Missing.GENERATED):
            values[name] = None
        elif default is Missing.NOW:
            values[name] = now
        else:
            values[name] = default() if callable(default) else default
    return values


def normal(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the table's columns keep them; what is no column is left out.

    Raises:
        InvalidValue: A date is given as text that is none.
    """
    columns = table.columns
    return {name: _normal(columns[name], value) for name, value in given.items() if name in columns}


def _normal(spec: ColumnSpec, value: Any) -> Any:
    if value is None:
        return None
    if spec.transform_input is not None:
        value = spec.transform_input(value)
    if spec.lower and isinstance(value, str):
        value = value.lower()
    elif spec.type == "date":
        return _moment(spec, value)
    return value


def _moment(spec: ColumnSpec, value: Any) -> Any:
    """A date as stores keep it; defaults and hooks may give one as text."""
    if isinstance(value, str):
        try:
            return truncated(from_wire(value))
        except (ValueError, OverflowError):
            raise InvalidValue(f"{spec.name} is no date") from None
    return value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime) else value
