"""SQLAlchemy types for better-auth's forms in SQLite: moments as ISO text, truth as 0 and 1, documents as JSON text.

For models of an application, as ``gatewright generate --format sqlalchemy`` writes them; Gatewright's own statements need none.
Source: contract, schema.json, ``sqlite_storage``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, UserDefinedType

from gatewright.wire.dates import from_wire, to_wire
from gatewright.wire.json import decode, encode

__all__ = ("Document", "Flag", "Moment")


class Processor(Protocol):
    """Changes a value on its way."""

    def __call__(self, value: Any) -> Any: ...


class Moment(UserDefinedType[datetime]):
    """A moment in UTC, to the millisecond, in a column that is declared ``DATE``."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """What the column is declared as."""
        return "DATE"

    def bind_processor(self, dialect: Dialect) -> Processor:  # noqa: ARG002 (its signature)
        """As text."""

        def text(value: Any) -> Any:
            return None if value is None else to_wire(value)

        return text

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:  # noqa: ARG002 (its signature)
        """As an aware moment."""

        def moment(value: Any) -> Any:
            return None if value is None else from_wire(value)

        return moment


class Flag(TypeDecorator[bool]):
    """A truth value in a column that is declared ``INTEGER``."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:  # noqa: ARG002 (its signature)
        """As 0 or 1."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:  # noqa: ARG002 (its signature)
        """As truth."""
        return None if value is None else bool(value)


class Document(TypeDecorator[Any]):
    """A document or a list in a column that is declared ``TEXT``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 (its signature)
        """As JSON."""
        return None if value is None else encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 (its signature)
        """As a value."""
        return None if value is None else decode(value)
