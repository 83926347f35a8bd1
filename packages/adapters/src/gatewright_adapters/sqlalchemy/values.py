"""What each database stores for a value, and how text is searched in it, per dialect.

SQLite's forms are better-auth's own: dates are ISO text, booleans 0 and 1, documents and lists JSON text. Source:
contract, schema.json.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Boolean,
    Date,
    Integer,
    LargeBinary,
    String,
    Text,
    and_,
    bindparam,
    cast,
    collate,
    func,
    literal_column,
)
from sqlalchemy.dialects.mysql import DATETIME, JSON
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

from gatewright.model.column import ColumnSpec
from gatewright.model.query import Operator
from gatewright.ports.adapter import InvalidValue
from gatewright.wire.dates import from_millis, to_wire, truncated
from gatewright.wire.faults import ConfigError
from gatewright.wire.json import decode, encode
from gatewright_adapters.sqlalchemy.exact_text import ExactText
from gatewright_adapters.sqlalchemy.prefixes import after_prefix, after_text
from gatewright_adapters.sqlalchemy.texts import ESCAPE, pattern_for, text_for, text_whole, text_without_nul

__all__ = ("Binder", "Decoder", "Dialected", "Encoder", "SQLiteValues", "placeholder", "values_for")

Encoder: TypeAlias = Callable[[Any], Any]
"""From a value of the port to what the driver takes; never called with ``None`` for conditions."""
Decoder: TypeAlias = Callable[[Any], Any]
"""From what the driver gives, never ``None``, to a value of the port."""
Binder: TypeAlias = Callable[[Encoder | None, "TypeEngine[Any]"], ColumnElement[Any]]
"""Makes another placeholder for the value at hand, transformed by its own encoder."""

_DOCUMENTS = ("json", "string[]", "number[]")
_SECONDS_END = 100_000_000_000  # as seconds the year 5138, as milliseconds 1973
_KEYED_CHARACTERS = 255  # contract: what MySQL keeps of text that an index holds
_LARGEST_SERIAL = 2**31 - 1
_SERIAL_DIGITS = 10


class Dialected(Protocol):
    """The transforms of one dialect."""

    def type_of(self, spec: ColumnSpec, *, keyed: bool = False) -> TypeEngine[Any]:
        """The column's type, for DDL and for parameters; ``keyed`` where an index holds it."""
        ...

    def encoder(self, spec: ColumnSpec) -> Encoder | None:
        """For values that are written; handles ``None``. ``None`` where the driver takes the value as it is."""
        ...

    def condition_encoder(self, spec: ColumnSpec, op: Operator) -> Encoder | None:
        """For values that are compared with."""
        ...

    def decoder(self, spec: ColumnSpec) -> Decoder | None:
        """For values that are read."""
        ...

    def written(self, spec: ColumnSpec, value: ColumnElement[Any]) -> ColumnElement[Any]:
        """The expression that stores the placeholder ``value``."""
        ...

    def read(self, spec: ColumnSpec, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The expression that reads the column."""
        ...

    def search(self, op: Operator, column: ColumnElement[Any], bind: Binder) -> ColumnElement[bool]:
        """``contains``, ``starts_with`` or ``ends_with``: literal and case-sensitive."""
        ...

    def listed(self, texts: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether ``text`` is one of ``texts``, a list with commas; where ``text`` has a comma itself, it may be said of it.

        Literal and case-sensitive; null is not listed, and in null nothing is.
        """
        ...

    @property
    def nulls_first(self) -> bool:
        """Whether null sorts below every value without being told."""
        ...

    @property
    def bytewise(self) -> bool:
        """Whether an index must be told to order text by its bytes, to find text by its beginning."""
        ...


class SQLiteValues:
    """SQLite's forms."""

    nulls_first = True
    bytewise = False

    def type_of(self, spec: ColumnSpec, *, keyed: bool = False) -> TypeEngine[Any]:  # noqa: ARG002
        if spec.serial:
            return Integer()
        if spec.type == "number":
            return BigInteger() if spec.bigint else Integer()
        if spec.type == "boolean":
            return Integer()
        return Date() if spec.type == "date" else Text()

    def encoder(self, spec: ColumnSpec) -> Encoder | None:
        if spec.serial:
            return _unless_null(_serial)
        plain = {"number": _number64, "boolean": int, "date": _date_text, "string": None}.get(spec.type, _document)
        return None if plain is None else _unless_null(plain)

    def condition_encoder(self, spec: ColumnSpec, op: Operator) -> Encoder | None:
        if spec.serial:
            return _serial_or_nobodys
        if spec.type == "string":
            return text_for(op, nul=True)
        return {"number": _number64, "boolean": int, "date": _date_text}.get(spec.type, _document)

    def decoder(self, spec: ColumnSpec) -> Decoder | None:
        if spec.serial:
            return str
        return {"boolean": _read_boolean, "date": _read_date, "string": None, "number": None}.get(spec.type, decode)

    def written(self, spec: ColumnSpec, value: ColumnElement[Any]) -> ColumnElement[Any]:  # noqa: ARG002
        return value

    def read(self, spec: ColumnSpec, column: ColumnElement[Any]) -> ColumnElement[Any]:  # noqa: ARG002
        return column

    def search(self, op: Operator, column: ColumnElement[Any], bind: Binder) -> ColumnElement[bool]:
        # LIKE is blind to case and length() stops at NUL, so text is searched as bytes.
        find = text_for(op, nul=True)
        if op == "starts_with":
            # A range rather than a function, so that an index on the column serves.
            return and_(column >= bind(find, Text()), column < bind(after_prefix, Text()))
        have, wanted = cast(column, LargeBinary), cast(bind(find, Text()), LargeBinary)
        if op == "contains":
            return func.instr(have, wanted) > 0
        # substr() of no bytes is null.
        tail = func.coalesce(func.substr(have, func.length(have) - func.length(wanted) + 1), literal_column("x''"))
        return and_(column.is_not(None), tail == wanted)

    def listed(self, texts: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[bool]:
        # As bytes, for the reasons of search().
        comma: ColumnElement[str] = literal_column("','", Text())
        have, wanted = (cast(comma + each + comma, LargeBinary) for each in (texts, text))
        return func.instr(have, wanted) > 0


class _PostgreSQL:
    nulls_first = False
    bytewise = True

    def type_of(self, spec: ColumnSpec, *, keyed: bool = False) -> TypeEngine[Any]:  # noqa: ARG002
        if spec.serial:
            return Integer()
        if spec.type == "number":
            return BigInteger() if spec.bigint else Integer()
        if spec.type == "boolean":
            return Boolean()
        if spec.type == "date":
            return TIMESTAMP(timezone=True)
        return Text() if spec.type == "string" else JSONB()

    def encoder(self, spec: ColumnSpec) -> Encoder | None:
        if spec.serial:
            return _unless_null(_serial)
        return _unless_null(self._plain(spec) or text_without_nul)

    def condition_encoder(self, spec: ColumnSpec, op: Operator) -> Encoder | None:
        if spec.serial:
            return _serial_or_nobodys
        return self._plain(spec) or text_for(op, nul=False)

    def _plain(self, spec: ColumnSpec) -> Encoder | None:
        if spec.type == "number":
            return _whole64 if spec.bigint else _whole32
        if spec.type in _DOCUMENTS:
            return _document_without_nul
        return {"date": _moment, "boolean": bool}.get(spec.type)

    def decoder(self, spec: ColumnSpec) -> Decoder | None:
        if spec.serial:
            return str
        if spec.type in _DOCUMENTS:
            return decode
        return _moment if spec.type == "date" else None

    def written(self, spec: ColumnSpec, value: ColumnElement[Any]) -> ColumnElement[Any]:
        return cast(value, JSONB) if spec.type in _DOCUMENTS else value

    def read(self, spec: ColumnSpec, column: ColumnElement[Any]) -> ColumnElement[Any]:
        # As text, because drivers disagree on what a jsonb value becomes.
        return cast(column, Text) if spec.type in _DOCUMENTS else column

    def search(self, op: Operator, column: ColumnElement[Any], bind: Binder) -> ColumnElement[bool]:
        find = text_for(op, nul=False)
        if op == "starts_with":
            # By bytes, whatever the collation: what an index made for it serves, also where the plan knows no values.
            return and_(
                column.bool_op("~>=~")(bind(find, Text())), column.bool_op("~<~")(bind(after_text(find), Text()))
            )
        wanted = bind(find, Text())
        if op == "contains":
            return func.strpos(column, wanted) > 0
        return func.right(column, func.length(wanted)) == wanted

    def listed(self, texts: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[bool]:
        # By equality, so that an index on the column serves.
        return text == func.any(func.string_to_array(texts, literal_column("','")))


class _MySQL:
    nulls_first = True
    bytewise = False

    def type_of(self, spec: ColumnSpec, *, keyed: bool = False) -> TypeEngine[Any]:
        if spec.serial:
            return Integer()
        if spec.type == "number":
            return BigInteger() if spec.bigint else Integer()
        if spec.type == "boolean":
            return Boolean()
        if spec.type == "date":
            # Not TIMESTAMP, which ends in 2038 and is turned by the session's time zone.
            return DATETIME(fsp=3)
        if spec.type in _DOCUMENTS:
            return JSON()
        named = keyed or spec.name == "id" or spec.unique or spec.index or spec.sortable or spec.references is not None
        return ExactText(_KEYED_CHARACTERS if named else None)

    def encoder(self, spec: ColumnSpec) -> Encoder | None:
        if spec.serial:
            return _unless_null(_serial)
        return _unless_null(self._plain(spec) or text_whole)

    def condition_encoder(self, spec: ColumnSpec, op: Operator) -> Encoder | None:
        if spec.serial:
            return _serial_or_nobodys
        return self._plain(spec) or text_for(op, nul=True)

    def _plain(self, spec: ColumnSpec) -> Encoder | None:
        if spec.type == "number":
            return _whole64 if spec.bigint else _whole32
        if spec.type in _DOCUMENTS:
            return _document
        return {"date": _moment_without_zone, "boolean": int}.get(spec.type)

    def decoder(self, spec: ColumnSpec) -> Decoder | None:
        if spec.serial:
            return str
        if spec.type in _DOCUMENTS:
            return _read_document
        return {"date": _read_utc, "boolean": bool}.get(spec.type)

    def written(self, spec: ColumnSpec, value: ColumnElement[Any]) -> ColumnElement[Any]:  # noqa: ARG002
        return value

    def read(self, spec: ColumnSpec, column: ColumnElement[Any]) -> ColumnElement[Any]:  # noqa: ARG002
        return column

    def search(self, op: Operator, column: ColumnElement[Any], bind: Binder) -> ColumnElement[bool]:
        # LIKE pads nothing and goes by the collation, which is made exact also for tables of another's making.
        before, after = op != "starts_with", op != "ends_with"
        find = pattern_for(text_for(op, nul=True), before=before, after=after)
        exact = collate(column, "utf8mb4_bin").like(bind(find, Text()), escape=ESCAPE)
        if before:
            return exact
        # The plain one is what an index on the column serves.
        return and_(column.like(bind(find, Text()), escape=ESCAPE), exact)

    def listed(self, texts: ColumnElement[Any], text: ColumnElement[Any]) -> ColumnElement[bool]:
        # As bytes, whatever the collations are, which in tables of another's making may be blind to case.
        return func.find_in_set(cast(text, LargeBinary), cast(texts, LargeBinary)) > 0


def values_for(dialect: str) -> Dialected:
    """The transforms of the SQLAlchemy dialect with this name.

    Raises:
        ConfigError: None are known.
    """
    if dialect == "sqlite":
        return SQLiteValues()
    if dialect == "postgresql":
        return _PostgreSQL()
    if dialect in ("mysql", "mariadb"):
        return _MySQL()
    raise ConfigError(f"the SQLAlchemy adapter speaks to SQLite, PostgreSQL, MySQL and MariaDB, not {dialect}")


def placeholder(name: str, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """A parameter; text goes by the plain string type, which every driver binds without a transform."""
    return bindparam(name, type_=String() if isinstance(kind, (JSONB, JSON, ExactText)) else kind)


def _unless_null(encoder: Encoder) -> Encoder:
    return lambda value: None if value is None else encoder(value)


def _serial_or_nobodys(value: Any) -> int:
    """The number behind a serial identifier; for any other text one that no row has."""
    if isinstance(value, int):
        return value
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or len(text) > _SERIAL_DIGITS:
        return -1
    number = int(text)
    # "01" is another text than "1", so it is nobody's identifier.
    return number if str(number) == text and number <= _LARGEST_SERIAL else -1


def _serial(value: Any) -> int:
    number = _serial_or_nobodys(value)
    if number < 0:
        raise InvalidValue("a serial identifier is a whole number")
    return number


def _number64(value: Any) -> int | float | str:
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


def _whole(value: Any, bits: int) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int):
        raise InvalidValue("a number column holds whole numbers")
    if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
        raise InvalidValue(f"a number beyond {bits} bits")
    return value


def _whole32(value: Any) -> int:
    return _whole(value, 32)


def _whole64(value: Any) -> int:
    return _whole(value, 64)


def _document(value: Any) -> str:
    return encode(value).decode()


def _document_without_nul(value: Any) -> str:
    text = _document(value)
    if "\\u0000" in text:
        raise InvalidValue("PostgreSQL keeps no text with NUL")
    return text


def _date_text(value: Any) -> str:
    return to_wire(_aware(value))


def _moment(value: Any) -> datetime:
    value = _aware(value)
    if value.tzinfo is UTC and not value.microsecond % 1000:
        return value
    return truncated(value).replace(tzinfo=UTC)


def _moment_without_zone(value: Any) -> datetime:
    return _moment(value).replace(tzinfo=None)


def _read_utc(value: Any) -> datetime:
    return _moment(value if value.tzinfo else value.replace(tzinfo=UTC))


def _read_document(value: Any) -> Any:
    return decode(value) if isinstance(value, (str, bytes)) else value


def _aware(value: Any) -> datetime:
    if not isinstance(value, datetime):
        raise InvalidValue("a date column holds dates")
    if value.tzinfo is None:
        raise InvalidValue("a date without a time zone")
    return value


def _read_boolean(value: Any) -> bool:
    return value.lower() in ("1", "t", "true") if isinstance(value, str) else bool(value)


def _read_date(value: Any) -> datetime:
    """Better-auth's ISO text, or what other tools leave: ``YYYY-MM-DD HH:MM:SS`` in UTC, seconds, milliseconds."""
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is UTC and not moment.microsecond % 1000:
            return moment
        return _moment(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    return _moment(from_millis(value if abs(value) >= _SECONDS_END else value * 1000))
