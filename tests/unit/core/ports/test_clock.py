"""The machine's clock."""

from datetime import UTC, datetime, timedelta

from gatewright.ports.clock import SystemClock


def test_it_tells_whole_milliseconds_of_utc_and_never_ahead() -> None:
    for _ in range(2000):
        before = datetime.now(UTC)
        told = SystemClock().now()
        assert told.tzinfo is UTC
        assert told.microsecond % 1000 == 0
        assert before - timedelta(milliseconds=1) < told <= datetime.now(UTC)
