"""JSON in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.model.user import User
from gatewright.wire.json import MAX_DEPTH, JsonError, decode, encode, plain
from gatewright.wire.result import Result

DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(alphabet=st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet=st.characters(codec="utf-8")), inner),
)


class Dated(Result):
    """A result with a date of its own."""

    at: datetime
    inner: list[datetime]


@given(DOCUMENTS)
def test_a_document_survives(document: Any) -> None:
    assert decode(encode(document)) == document


def nested(levels: int, opening: str, inner: str, closing: str) -> str:
    return opening * levels + inner + closing * levels


@pytest.mark.parametrize(("opening", "inner", "closing"), [("[", "", "]"), ('{"a":', "1", "}"), ('[{"a":', "0", "}]")])
def test_a_document_is_read_to_a_depth_and_no_further(opening: str, inner: str, closing: str) -> None:
    each = opening.count("[") + opening.count("{")
    allowed = nested(MAX_DEPTH // each, opening, inner, closing)
    assert encode(decode(allowed)) == allowed.encode()
    for levels in (MAX_DEPTH // each + 1, 500, 100_000):
        for text in (nested(levels, opening, inner, closing), nested(levels, opening, inner, closing).encode()):
            with pytest.raises(JsonError):
                decode(text)


def test_a_wide_document_is_not_deep() -> None:
    wide: list[object] = [[{}] for _ in range(1000)]
    assert decode(encode(wide)) == wide
    assert decode('"' + "[" * 1000 + '"') == "[" * 1000


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"nul", b"NaN", b"[1,]", b"{'a':1}", b'"\xff"', b'"\\ud800"', b'"\x00"', b"1 2", b"\xef\xbb\xbf{}"],
)
def test_what_is_no_document_is_refused(text: bytes) -> None:
    with pytest.raises(JsonError):
        decode(text)


def test_dates_are_written_as_javascript_writes_them() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert plain(Dated(at=at, inner=[at])) == {"at": "2026-01-01T00:00:00.000Z", "inner": ["2026-01-01T00:00:00.000Z"]}


def test_rows_and_mappings_know_their_wire_form() -> None:
    user = User(name="Ada", email="ada@example.com", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    written: Any = decode(encode({"user": user, "view": MappingProxyType({"a": 1})}))
    assert written["user"]["createdAt"] == "2026-01-01T00:00:00.000Z"
    assert written["view"] == {"a": 1}


def test_a_value_without_wire_form_is_a_fault_of_the_program() -> None:
    with pytest.raises(NotImplementedError, match="object has no wire form"):
        encode(object())
