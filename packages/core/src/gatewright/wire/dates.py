"""Dates as JavaScript writes them: UTC, milliseconds, ``Z``.

Source: contract; ECMA-262 §21.4.1.32 (date time string format).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ("EPOCH", "from_millis", "from_wire", "millis", "to_wire", "truncated")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_wire(moment: datetime) -> str:
    """``2026-01-01T00:00:00.000Z`` for an aware moment; microseconds are cut, not rounded."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def from_wire(text: str) -> datetime:
    """The aware UTC moment that an ISO 8601 text names; a text without an offset is read as UTC.

    Raises:
        ValueError: The text is no date.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def millis(moment: datetime) -> int:
    """Whole milliseconds since the epoch, as JavaScript's ``getTime``."""
    return (moment - EPOCH) // _MILLISECOND


def from_millis(value: float) -> datetime:
    """The moment ``value`` milliseconds after the epoch."""
    return EPOCH + timedelta(milliseconds=value)


def truncated(moment: datetime) -> datetime:
    """``moment`` in UTC without what is smaller than a millisecond, so that every store keeps it exactly."""
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
