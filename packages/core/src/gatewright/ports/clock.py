"""The time port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ("Clock", "SystemClock")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The current moment: aware, UTC, whole milliseconds."""
        ...


_PARTS = tuple(timedelta(microseconds=number) for number in range(1000))


class SystemClock:
    """The machine's clock."""

    __slots__ = ()

    def now(self) -> datetime:
        """The current moment: aware, UTC, whole milliseconds."""
        moment = datetime.now(UTC)
        # Every request asks: subtracting takes a third of the time of ``replace``.
        return moment - _PARTS[moment.microsecond % 1000]
