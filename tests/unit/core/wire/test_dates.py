"""Dates as JavaScript writes and reads them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.wire.dates import EPOCH, from_millis, from_wire, millis, to_wire, truncated

MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00.000Z"),
        (datetime(2026, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC), "2026-01-01T00:00:00.999Z"),
        (datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "2026-01-01T00:00:00.000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_a_moment_is_written_with_milliseconds_in_utc(moment: datetime, text: str) -> None:
    assert to_wire(moment) == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-01T00:00:00.000Z", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T01:00:00+01:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T00:00:00", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_text_is_read_as_a_moment_in_utc(text: str, moment: datetime) -> None:
    found = from_wire(text)
    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("text", ["", "x", "2026-13-01", "2026-01-01T25:00:00Z", "1767225600000", "\0"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_wire(text)


@given(MOMENTS)
def test_a_moment_survives_the_wire_to_the_millisecond(moment: datetime) -> None:
    assert from_wire(to_wire(moment)) == truncated(moment)
    assert from_millis(millis(moment)) == truncated(moment)


def test_milliseconds_before_the_epoch_are_rounded_down_as_everywhere() -> None:
    assert millis(EPOCH - timedelta(microseconds=1)) == -1
    assert millis(EPOCH) == 0
