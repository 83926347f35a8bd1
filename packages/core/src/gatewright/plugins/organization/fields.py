"""An application's additional fields, as the operations on organizations take them: by type, and those required.

Source: the contract's answers to fields that are missing or of another type; they name the place in the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.contract.faults import ValidationError
from gatewright.model.column import ColumnSpec, Missing
from gatewright.model.row import Row
from gatewright.model.schema import Table
from gatewright.services.input_fields import accept_input

__all__ = ("accept_fields", "check_fields", "shown")

_FITS: Mapping[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "boolean": (bool,)}


async def accept_fields(
    table: Table, given: Mapping[str, object], *, core: Mapping[str, ColumnSpec], creating: bool
) -> dict[str, Any]:
    """The values to write, by wire name.

    Raises:
        ValidationError: A required field is absent, or one is of another type than its column.
        FieldNotAllowed: A field that requests may not set.
    """
    check_fields(table, given, core=core, creating=creating, place="body")
    return await accept_input(table, given, core=core, creating=creating)


def check_fields(
    table: Table, given: Mapping[str, object], *, core: Mapping[str, ColumnSpec], creating: bool, place: str
) -> None:
    """Refuse what is missing or of another type.

    Raises:
        ValidationError: It is.
    """
    for name, spec in table.columns.items():
        fitting = _FITS.get(spec.type)
        if name in core or name == "id" or not spec.input or fitting is None or spec.validate is not None:
            continue
        if name not in given:
            if creating and spec.required and spec.default is Missing.NONE:
                raise _wrong(place, spec, "undefined")
            continue
        value = given[name]
        if value is None:
            if spec.required:
                raise _wrong(place, spec, "null")
        elif not isinstance(value, fitting) or (isinstance(value, bool) and bool not in fitting):
            raise _wrong(place, spec, _kind(value))


def _wrong(place: str, spec: ColumnSpec, received: str) -> ValidationError:
    return ValidationError(message=f"[{place}.{spec.name}] Invalid input: expected {spec.type}, received {received}")


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def shown(table: Table, row: Row) -> dict[str, Any]:
    """A row as functions of the application see it in mails: without columns that never leave the server."""
    return {name: value for name, value in row.raw.items() if name not in table.columns or table.columns[name].returned}
