import inspect
from typing import Any, cast

import pytest
from pydantic import BaseModel, TypeAdapter

from gatewright.model.column import ColumnSpec, Missing, Reference
from gatewright.settings import FieldOptions, Settings
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio


def double(value: object) -> object:
    return (value, value)


def test_a_field_describes_a_column() -> None:
    field = FieldOptions.model_validate(
        {
            "type": "number",
            "required": False,
            "input": False,
            "returned": False,
            "unique": True,
            "index": True,
            "sortable": True,
            "bigint": True,
            "defaultValue": 7,
            "onUpdate": double,
            "fieldName": "team_id",
            "references": {"model": "team", "field": "key", "onDelete": "restrict"},
            "transform": {"input": double},
            "validator": {"input": double},
        }
    )
    assert field.column("teamId") == ColumnSpec(
        name="teamId",
        type="number",
        required=False,
        input=False,
        returned=False,
        unique=True,
        index=True,
        sortable=True,
        bigint=True,
        default=7,
        on_update=double,
        references=Reference("team", "key", "restrict"),
        db_name="team_id",
    )
    assert field.column("teamId").transform_input is double
    assert field.column("teamId").transform_output is None
    assert field.column("teamId").validate is double


def test_a_field_is_required_returned_and_settable_unless_said() -> None:
    assert FieldOptions(type="string").column("x") == ColumnSpec(name="x", default=Missing.NONE)


def test_a_list_of_texts_is_an_enumeration() -> None:
    column = FieldOptions(type=["user", "admin"]).column("role")
    assert (column.type, column.choices) == ("string", ("user", "admin"))


@pytest.mark.parametrize("kind", ["text", [], [1], 5, None])
def test_other_types_are_refused(kind: object) -> None:
    with pytest.raises(ConfigError, match=r"^user\.additionalFields\.role\.type"):
        Settings.load({"user": {"additionalFields": {"role": {"type": kind}}}})


class Positive(BaseModel):
    number: int


class Standard:
    """A standard schema that comes as an object."""

    def __init__(self, answer: object) -> None:
        def validate(_value: object) -> object:
            return answer

        setattr(self, "~standard", {"version": 1, "vendor": "test", "validate": validate})


async def later(value: object) -> object:
    return {"value": [value]}


async def accepted(validator: object, value: object) -> object:
    field = FieldOptions.model_validate({"type": "json", "validator": {"input": validator}})
    check = field.column("x").validate
    assert check is not None
    answer = check(value)
    return cast("object", await answer) if inspect.isawaitable(answer) else answer


@pytest.mark.parametrize(
    ("validator", "value", "kept"),
    [
        (double, 1, (1, 1)),
        (TypeAdapter(int), "5", 5),
        (Positive, {"number": 5}, Positive(number=5)),
        (Standard({"value": 9}), 1, 9),
        ({"~standard": {"version": 1, "vendor": "zod", "validate": later}}, 1, [1]),
    ],
)
async def test_a_validator_may_have_any_form(validator: object, value: object, kept: object) -> None:
    assert await accepted(validator, value) == kept


@pytest.mark.parametrize(
    ("validator", "message"),
    [
        (TypeAdapter(int), "input should be a valid integer, unable to parse string as an integer"),
        (Standard({"issues": [{"message": "too small"}]}), "too small"),
        (Standard({"issues": []}), ""),
    ],
)
async def test_what_a_validator_refuses_is_a_value_error_without_the_value(validator: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        await accepted(validator, "hush")


@pytest.mark.parametrize("validator", [5, "zod", {"~standard": {"version": 1}}, {}])
def test_what_cannot_validate_is_refused(validator: Any) -> None:
    with pytest.raises(ConfigError, match=r"^user\.additionalFields\.x\.validator\.input: "):
        Settings.load({"user": {"additionalFields": {"x": {"type": "string", "validator": {"input": validator}}}}})
