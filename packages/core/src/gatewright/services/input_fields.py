"""Which of a request's members may be written to a table, and in what form.

Closed: only columns that say so are taken; everything else is ignored or refused as the contract has it.
Source: contract, options.json ``additionalFields``; core scenarios for what is refused and what is ignored.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, cast

from gatewright.contract.faults import FieldNotAllowed, MissingField, ValidationError
from gatewright.model.column import ColumnSpec, ColumnType, Missing
from gatewright.model.schema import Table
from gatewright.wire.dates import from_wire
from gatewright.wire.json import JsonError, decode

__all__ = ("accept_input", "accept_value")


async def accept_input(
    table: Table, given: Mapping[str, object], *, core: Mapping[str, ColumnSpec], creating: bool
) -> dict[str, Any]:
    """The values to write, by wire name.

    Args:
        table: With the application's and the plugins' columns.
        given: The members of the request that no operation names.
        core: Columns that only the core's own operations write; they are ignored here.
        creating: Whether a row is created: required fields must be there, and one that requests may not set keeps its
            default, if it has one, instead of being refused. Nothing, for such a field, is ignored (contract): forms
            send back what they were given.

    Raises:
        FieldNotAllowed: A field that requests may not set, and that is not simply left at its default.
        MissingField: A required field is absent.
        ValidationError: The field's own validator does not accept the value, or it is of another type than the column.
    """
    accepted: dict[str, Any] = {}
    for name, spec in table.columns.items():
        if name in core or name == "id":
            continue
        if name not in given:
            if creating and spec.required and spec.default is Missing.NONE:
                raise MissingField(message=f"{name} is required")
            continue
        value = given[name]
        if not spec.input:
            if _is_nothing(value) or (creating and spec.default not in (None, Missing.NONE)):
                continue
            raise FieldNotAllowed(message=f"{name} is not allowed to be set")
        accepted[name] = await accept_value(spec, value)
    return accepted


async def accept_value(spec: ColumnSpec, value: object) -> object:
    """One value in the form in which a column keeps it.

    Raises:
        MissingField: Null where the column needs a value.
        ValidationError: Not what the column takes.
    """
    if spec.validate is not None:
        try:
            answer = spec.validate(value)
            value = await answer if inspect.isawaitable(answer) else answer
        except ValueError as error:
            raise ValidationError(message=str(error) or f"{spec.name} is not valid") from None
    if value is None:
        if spec.required:
            raise MissingField(message=f"{spec.name} is required")
        return None
    if not _FITS[spec.type](value):
        raise ValidationError(message=f"[body.{spec.name}] Invalid input: expected {_WORDS.get(spec.type, spec.type)}")
    if _holds_nul(value):
        raise ValidationError(message=f"[body.{spec.name}] Invalid input: a text must not hold the character NUL")
    if spec.type == "json":
        return _document(value)
    if spec.type == "string" and not isinstance(value, str):
        return str(value)
    if spec.type in ("string[]", "number[]") and isinstance(value, str):
        listed = _document(value)
        if not isinstance(listed, list) or not _FITS[spec.type](cast("object", listed)):
            return None
        return cast("list[object]", listed)
    if spec.type == "date":
        try:
            return from_wire(cast("str", value))
        except (ValueError, OverflowError):
            raise ValidationError(message=f"[body.{spec.name}] Invalid date") from None
    return value


def _is_nothing(value: object) -> bool:
    """Whether JavaScript takes it for false, as the contract does here."""
    return value is None or value is False or (isinstance(value, (int, float, str)) and not value)


def _is_number(value: object) -> bool:
    # Greater numbers are ones that no store keeps; NaN is none.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _LARGEST


def _list_of(accepts: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(accepts, cast("list[object]", value)))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_LARGEST = 2**63

# The contract checks no types of its own: a text is taken for a number or a list too, and the store decides whether it
# can keep it. What no store could keep is refused here.
_FITS: Mapping[ColumnType, Callable[[object], bool]] = {
    "string": lambda value: _is_text(value) or _is_number(value),
    "number": lambda value: _is_number(value) or _is_text(value),
    "boolean": lambda value: isinstance(value, bool),
    "date": _is_text,
    "json": lambda _: True,
    "string[]": lambda value: _is_text(value) or _list_of(_is_text)(value),
    "number[]": lambda value: _is_text(value) or _list_of(_is_number)(value),
}

_WORDS: Mapping[ColumnType, str] = {"string[]": "array of strings", "number[]": "array of numbers"}


def _holds_nul(value: object) -> bool:
    left: list[object] = [value]
    while left:
        each = left.pop()
        if isinstance(each, str):
            if "\x00" in each:
                return True
        elif isinstance(each, list):
            left.extend(cast("list[object]", each))
        elif isinstance(each, dict):
            members = cast("dict[str, object]", each)
            left.extend(members)
            left.extend(members.values())
    return False


def _document(value: object) -> object:
    """A JSON column also takes its document as text (contract)."""
    if not isinstance(value, str):
        return value
    try:
        return decode(value)
    except JsonError:
        return value
