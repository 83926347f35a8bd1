"""Values of the port as databases take and give them; which of these a column needs, each dialect says in ``values``."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from gatewright.ports.adapter import InvalidValue
from gatewright.wire.dates import from_millis, to_wire, truncated
from gatewright.wire.json import decode, encode

__all__ = (
    "date_text",
    "document",
    "document_without_nul",
    "moment",
    "moment_without_zone",
    "number64",
    "read_boolean",
    "read_date",
    "read_document",
    "read_utc",
    "serial",
    "serial_or_nobodys",
    "unless_null",
    "whole32",
    "whole64",
)

_SECONDS_END = 100_000_000_000  # as seconds the year 5138, as milliseconds 1973
_LARGEST_SERIAL = 2**31 - 1
_SERIAL_DIGITS = 10


def unless_null(encoder: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The encoder for a column that may be empty."""
    return lambda value: None if value is None else encoder(value)


def serial_or_nobodys(value: Any) -> int:
    """The number behind a serial identifier; for any other text one that no row has."""
    if isinstance(value, int):
        return value
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or len(text) > _SERIAL_DIGITS:
        return -1
    number = int(text)
    # "01" is another text than "1", so it is nobody's identifier.
    return number if str(number) == text and number <= _LARGEST_SERIAL else -1


def serial(value: Any) -> int:
    """The number behind a serial identifier that is stored.

    Raises:
        InvalidValue: It is none.
    """
    number = serial_or_nobodys(value)
    if number < 0:
        raise InvalidValue("a serial identifier is a whole number")
    return number


def number64(value: Any) -> int | float | str:
    """A number of SQLite, whole or not.

    Raises:
        InvalidValue: It is no number, or beyond 64 bits.
    """
    if isinstance(value, str):
        # SQLite keeps what it is given, as better-auth lets it (contract: core scenarios on additional fields).
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise InvalidValue("a number beyond 64 bits")
        return value
    if not isinstance(value, float) or math.isnan(value):
        raise InvalidValue("a number column holds numbers")
    return value


def whole32(value: Any) -> int:
    """A whole number of 32 bits.

    Raises:
        InvalidValue: It is none, or beyond them.
    """
    return _whole(value, 32)


def whole64(value: Any) -> int:
    """A whole number of 64 bits.

    Raises:
        InvalidValue: It is none, or beyond them.
    """
    return _whole(value, 64)


def document(value: Any) -> str:
    """Any JSON value as text."""
    return encode(value).decode()


def document_without_nul(value: Any) -> str:
    """Likewise, for PostgreSQL.

    Raises:
        InvalidValue: A text in it has NUL.
    """
    text = document(value)
    if "\\u0000" in text:
        raise InvalidValue("PostgreSQL keeps no text with NUL")
    return text


def date_text(value: Any) -> str:
    """A date as better-auth's ISO text.

    Raises:
        InvalidValue: It is no date, or has no time zone.
    """
    return to_wire(_aware(value))


def moment(value: Any) -> datetime:
    """A date in UTC, in whole milliseconds.

    Raises:
        InvalidValue: It is no date, or has no time zone.
    """
    value = _aware(value)
    if value.tzinfo is UTC and not value.microsecond % 1000:
        return value
    return truncated(value).replace(tzinfo=UTC)


def moment_without_zone(value: Any) -> datetime:
    """Likewise, for columns that have no time zone."""
    return moment(value).replace(tzinfo=None)


def read_utc(value: Any) -> datetime:
    """A date that a driver gives, which is in UTC where it does not say."""
    return moment(value if value.tzinfo else value.replace(tzinfo=UTC))


def read_document(value: Any) -> Any:
    """A JSON value, which some drivers have decoded already."""
    return decode(value) if isinstance(value, (str, bytes)) else value


def read_boolean(value: Any) -> bool:
    """A truth value of SQLite: 0 or 1, or what other tools leave."""
    return value.lower() in ("1", "t", "true") if isinstance(value, str) else bool(value)


def read_date(value: Any) -> datetime:
    """Better-auth's ISO text, or what other tools leave: ``YYYY-MM-DD HH:MM:SS`` in UTC, seconds, milliseconds."""
    if isinstance(value, str):
        read = datetime.fromisoformat(value)
        if read.tzinfo is UTC and not read.microsecond % 1000:
            return read
        return moment(read.replace(tzinfo=UTC) if read.tzinfo is None else read)
    return moment(from_millis(value if abs(value) >= _SECONDS_END else value * 1000))


def _whole(value: Any, bits: int) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int):
        raise InvalidValue("a number column holds whole numbers")
    if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise InvalidValue(f"a number beyond {bits} bits")
    return value


def _aware(value: Any) -> datetime:
    if not isinstance(value, datetime):
        raise InvalidValue("a date column holds dates")
    if value.tzinfo is None:
        raise InvalidValue("a date without a time zone")
    return value
