"""Listing rows: search, filter, order and page from a closed list of columns, as conditions. Pure.

Source: contract, endpoints.json ``listUsers`` and ``listMembers``; what is hostile is refused with 400 rather than answered with nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

from gatewright.contract.faults import ValidationError
from gatewright.model.column import ColumnSpec
from gatewright.model.query import Condition, Operator, Order
from gatewright.model.schema import Table
from gatewright.wire.dates import from_wire

__all__ = ("DEFAULT_LIMIT", "LARGEST_LIMIT", "filtered", "number", "ordered", "searched")

DEFAULT_LIMIT = 100
"""Rows that are given where no limit is asked for (contract)."""

LARGEST_LIMIT = 1000
"""Rows that are given at most."""

_TEXT_OPERATORS = ("contains", "starts_with", "ends_with")


def number(value: object) -> int | None:
    """A limit or an offset as it was asked for; ``None`` for what is none: nothing, zero, text, negative numbers."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, int | float) or not 1 <= value <= 2**53:
        return None
    return int(value)


def searched(text: str | None, field: str | None, operator: str | None) -> Condition[Any] | None:
    """The condition that a search makes; addresses are looked up in lower case, as they are stored."""
    if not text:
        return None
    column = field or "email"
    return Condition(column, cast("Operator", operator or "contains"), text.lower() if column == "email" else text)


def filtered(table: Table, field: str | None, operator: str | None, value: Any) -> Condition[Any] | None:
    """The condition that a filter makes.

    Raises:
        ValidationError: No column that leaves the server, or a value that it cannot hold.
    """
    if field is None or value is None:
        return None
    spec = _visible(table, field, "filterField")
    chosen = cast("Operator", operator or "eq")
    if chosen in ("in", "not_in"):
        given: Sequence[object] = cast("list[object]", value) if isinstance(value, list) else [value]
        return Condition(spec.name, chosen, tuple(_value(spec, each) for each in given))
    if isinstance(value, list) or (chosen in _TEXT_OPERATORS and spec.type != "string"):
        raise ValidationError(message="[query.filterValue] Invalid input")
    return Condition(spec.name, chosen, _value(spec, value))


def ordered(table: Table, field: str | None, direction: str | None) -> tuple[Order[Any], ...]:
    """The order that is asked for, and by time of creation within it.

    Raises:
        ValidationError: No column that leaves the server.
    """
    fallback: Order[Any] = Order("createdAt", "asc")
    if field is None:
        return (fallback,)
    name = _visible(table, field, "sortBy").name
    first: Order[Any] = Order(name, "desc" if direction == "desc" else "asc")
    return (first,) if name == "createdAt" else (first, fallback)


def _visible(table: Table, field: str, parameter: str) -> ColumnSpec:
    spec = table.columns.get(field)
    if spec is None or not spec.returned:
        raise ValidationError(message=f"[query.{parameter}] Invalid option: there is no such field")
    return spec


def _value(spec: ColumnSpec, value: object) -> object:
    wrong = ValidationError(message="[query.filterValue] Invalid input")
    match spec.type:
        case "boolean":
            if value in (True, "true"):
                return True
            if value in (False, "false"):
                return False
            raise wrong
        case "number":
            try:
                found = float(str(value))
            except ValueError:
                raise wrong from None
            if not math.isfinite(found) or abs(found) > 2**53:
                raise wrong
            return int(found) if found.is_integer() else found
        case "date":
            try:
                return from_wire(str(value))
            except (ValueError, OverflowError):
                raise wrong from None
        case "string":
            text = str(value)
            if "\x00" in text:
                raise wrong
            return text.lower() if spec.lower else text
        case _:
            raise wrong
