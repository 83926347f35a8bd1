"""The time port."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

__all__ = ("Clock", "SystemClock")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The current moment: aware, UTC, whole milliseconds."""
        ...


class SystemClock:
    """The machine's clock."""

    __slots__ = ()

    def now(self) -> datetime:
        """The current moment: aware, UTC, whole milliseconds."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
