"""What is wrong with a value, in the contract's words; and the same shape as JSON Schema."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import pytest

from gatewright.wire.operation import Maybe
from gatewright.wire.shapes import ABSENT, shape_of
from gatewright.wire.text import Email, NonEmpty, Opaque, Text


def issues(annotation: Any, value: object) -> list[str]:
    found: list[str] = []
    shape_of(annotation).check(value, "body.x", found)
    return found


NAN = float("nan")


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (str, "a", None),
        (str, 1, "Invalid input: expected string, received number"),
        (str, None, "Invalid input: expected string, received null"),
        (str, ABSENT, "Invalid input: expected string, received undefined"),
        (str, [], "Invalid input: expected string, received array"),
        (str, {}, "Invalid input: expected string, received object"),
        (str, True, "Invalid input: expected string, received boolean"),
        (str, "a\0", "Invalid input: a text must not hold the character NUL"),
        (bool, True, None),
        (bool, 1, "Invalid input: expected boolean, received number"),
        (int, 1, None),
        (int, True, "Invalid input: expected int, received boolean"),
        (int, 1.5, "Invalid input: expected int, received number"),
        (float, 1, None),
        (float, NAN, "Invalid input: expected number, received NaN"),
        (float, False, "Invalid input: expected number, received boolean"),
        (Email, "a@b.co", None),
        (Email, "x", "Invalid email address"),
        (NonEmpty, "", "Too small: expected string to have >=1 characters"),
        (Annotated[str, Text(max=2)], "abc", "Too big: expected string to have <=2 characters"),
        (Annotated[str, Text(loose=True)], 1, None),
        (Opaque, 1, "Invalid input"),
        (Literal["a"], "a", None),
        (Literal["a"], "b", 'Invalid input: expected "a"'),
        (Literal["a", "b"], "c", 'Invalid option: expected one of "a"|"b"'),
        (Literal[True], 1, "Invalid input: expected true"),
        (list[str], ["a"], None),
        (list[str], "a", "Invalid input: expected array, received string"),
        (dict[str, int], {"a": 1}, None),
        (dict[str, int], [], "Invalid input: expected record, received array"),
        (str | None, None, None),
        (Maybe[str], None, None),
        (str | int, True, "Invalid input"),
        (str | int, 1, None),
        (object, object(), None),
        (datetime, "2026-01-01", None),
    ],
)
def test_a_value_is_accepted_or_told_what_is_wrong(annotation: Any, value: object, expected: str | None) -> None:
    assert issues(annotation, value) == ([] if expected is None else [f"[body.x] {expected}"])


def test_members_are_named_by_their_path() -> None:
    assert issues(list[str], ["a", 1]) == ["[body.x.1] Invalid input: expected string, received number"]
    assert issues(dict[str, int], {"a": "b"}) == ["[body.x.a] Invalid input: expected int, received string"]


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (str, {"type": "string"}),
        (NonEmpty, {"type": "string", "minLength": 1}),
        (str | None, {"type": ["string", "null"]}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (dict[str, object], {"type": "object", "additionalProperties": True}),
        (str | int, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (datetime, {"type": "string", "format": "date-time"}),
    ],
)
def test_a_shape_as_json_schema(annotation: Any, schema: dict[str, Any]) -> None:
    assert shape_of(annotation).schema() == schema


def test_a_type_without_wire_form_is_a_fault_of_the_declaration() -> None:
    with pytest.raises(TypeError, match="has no form on the wire"):
        shape_of(bytes)
