"""What is stored for the values that somebody gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gatewright.model.column import NOW, ColumnSpec
from gatewright.model.schema import Table
from gatewright.ports.adapter import InvalidValue
from gatewright.services.stored_values import filled, normal

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


TABLE = Table(
    "visit",
    {
        spec.name: spec
        for spec in (
            ColumnSpec("email", lower=True),
            ColumnSpec("note", required=False, transform_input=str.strip, default=None),
            ColumnSpec("tags", "string[]", default=list[str]),
            ColumnSpec("times", "number", default=1),
            ColumnSpec("seenAt", "date", default=NOW),
            ColumnSpec("place", required=False),
            ColumnSpec("id", input=False),
        )
    },
)
"""A column of every kind of default."""


def test_what_is_not_given_gets_its_default_and_no_identifier() -> None:
    given = {"email": "Ada@example.com"}
    assert filled(TABLE, given, MOMENT) == {
        "email": "Ada@example.com",
        "note": None,
        "tags": [],
        "times": 1,
        "seenAt": MOMENT,
        "place": None,
    }
    assert given == {"email": "Ada@example.com"}


def test_what_is_given_stays_also_where_it_is_none() -> None:
    given = {"email": None, "note": "", "tags": ["a"], "times": None, "seenAt": None, "place": "", "id": "v1"}
    assert filled(TABLE, given, MOMENT) == given


def test_values_become_what_their_columns_keep() -> None:
    given = {"email": "Ada@Example.com", "note": " hi ", "seenAt": MOMENT.replace(microsecond=678_999), "other": 1}
    assert normal(TABLE, given) == {"email": "ada@example.com", "note": "hi", "seenAt": MOMENT}


def test_none_is_not_transformed() -> None:
    assert normal(TABLE, {"email": None, "note": None, "seenAt": None}) == {"email": None, "note": None, "seenAt": None}


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678999Z"])
def test_a_date_may_be_text(text: str) -> None:
    assert normal(TABLE, {"seenAt": text}) == {"seenAt": MOMENT}


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01T00:00:00.000Z"])
def test_text_that_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="seenAt is no date"):
        normal(TABLE, {"seenAt": text})


def test_a_date_keeps_its_zone() -> None:
    east = timezone(timedelta(hours=2))
    (value,) = normal(TABLE, {"seenAt": MOMENT.astimezone(east)}).values()
    assert (value, value.utcoffset()) == (MOMENT, timedelta(hours=2))
