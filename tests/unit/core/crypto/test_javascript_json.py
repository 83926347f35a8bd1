import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.crypto.vectors import JAVASCRIPT_JSON

from gatewright.crypto.javascript_json import parse, stringify

_KEYS = st.text(st.characters(exclude_categories=["Cs", "Nd"]))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner),
    max_leaves=20,
)


@pytest.mark.parametrize(("text", "written"), JAVASCRIPT_JSON)
def test_text_is_rewritten_as_javascript_does(text: str, written: str) -> None:
    assert stringify(parse(text)) == written


def test_writing_again_changes_nothing() -> None:
    for _, written in JAVASCRIPT_JSON:
        assert stringify(parse(written)) == written


@given(_VALUES)
def test_values_go_there_and_back(value: bool | float | str | None) -> None:
    assert parse(stringify(value)) == value
    assert json.loads(stringify(value), parse_int=float) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_exact_value(number: float) -> None:
    assert float(stringify(number)) == number


@pytest.mark.parametrize("text", ["", "{", "NaN", "[Infinity]", "-Infinity", "{'a':1}", "[1,]", "[" * 100_000])
def test_what_is_not_json_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_too_deep_a_value_is_a_value_error() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match="too deeply"):
        stringify(deep)  # pyright: ignore[reportArgumentType] - a list of lists, built where no type can say so
    while deep:
        deep = deep.pop()  # pyright: ignore[reportAssignmentType] - taken apart level by level, or freeing it recurses
