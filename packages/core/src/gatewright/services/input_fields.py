"""Which of a request's members may be written to a table, and in what form.

Closed: only columns that say so are taken; everything else is ignored or refused as the contract has it.
Source: contract, options.json ``additionalFields``; core scenarios for what is refused and what is ignored.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from gatewright.contract.faults import FieldNotAllowed, MissingField, ValidationError
from gatewright.model.column import ColumnSpec, Missing
from gatewright.model.schema import Table
from gatewright.wire.dates import from_wire

__all__ = ("accept_input",)


async def accept_input(
    table: Table, given: Mapping[str, object], *, core: Mapping[str, ColumnSpec], creating: bool
) -> dict[str, Any]:
    """The values to write, by wire name.

    Args:
        table: With the application's and the plugins' columns.
        given: The members of the request that no operation names.
        core: Columns that only the core's own operations write; they are ignored here.
        creating: Whether a row is created: required fields must be there, and one that requests may not set keeps its
            default instead of being refused.

    Raises:
        FieldNotAllowed: A change names a field that requests may not set.
        MissingField: A required field is absent.
        ValidationError: The field's own validator does not accept the value.
    """
    accepted: dict[str, Any] = {}
    for name, spec in table.columns.items():
        if name in core or name == "id":
            continue
        if name not in given:
            if creating and spec.required and spec.input and spec.default is Missing.NONE:
                raise MissingField(message=f"{name} is required")
            continue
        value = given[name]
        if not spec.input:
            if creating:
                continue
            raise FieldNotAllowed(message=f"{name} is not allowed to be set")
        accepted[name] = await _accepted(spec, value)
    return accepted


async def _accepted(spec: ColumnSpec, value: object) -> object:
    if spec.validate is not None:
        try:
            answer = spec.validate(value)
            value = await answer if inspect.isawaitable(answer) else answer
        except ValueError as error:
            raise ValidationError(message=str(error) or f"{spec.name} is not valid") from None
    if isinstance(value, str):
        if "\x00" in value:
            raise ValidationError(message=f"[body.{spec.name}] Invalid input: a text must not hold the character NUL")
        if spec.type == "date":
            try:
                return from_wire(value)
            except ValueError:
                raise ValidationError(message=f"[body.{spec.name}] Invalid date") from None
    return value
