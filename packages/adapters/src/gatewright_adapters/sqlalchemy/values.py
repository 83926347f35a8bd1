"""What each database stores for a value, and how text is searched in it, per dialect.

SQLite's forms are better-auth's own: dates are ISO text, booleans 0 and 1, documents and lists JSON text. Source:
contract, schema.json.
"""

from __future__ import annotations

from collections.abc import Callable
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
from gatewright.wire.faults import ConfigError
from gatewright.wire.json import decode
from gatewright_adapters.sqlalchemy.conversions import (
    date_text,
    document,
    document_without_nul,
    moment,
    moment_without_zone,
    number64,
    read_boolean,
    read_date,
    read_document,
    read_utc,
    serial,
    serial_or_nobodys,
    unless_null,
    whole32,
    whole64,
)
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
_KEYED_CHARACTERS = 255  # contract: what MySQL keeps of text that an index holds


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
            return unless_null(serial)
        plain = {"number": number64, "boolean": int, "date": date_text, "string": None}.get(spec.type, document)
        return None if plain is None else unless_null(plain)

    def condition_encoder(self, spec: ColumnSpec, op: Operator) -> Encoder | None:
        if spec.serial:
            return serial_or_nobodys
        if spec.type == "string":
            return text_for(op, nul=True)
        return {"number": number64, "boolean": int, "date": date_text}.get(spec.type, document)

    def decoder(self, spec: ColumnSpec) -> Decoder | None:
        if spec.serial:
            return str
        return {"boolean": read_boolean, "date": read_date, "string": None, "number": None}.get(spec.type, decode)

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
            return unless_null(serial)
        return unless_null(self._plain(spec) or text_without_nul)

    def condition_encoder(self, spec: ColumnSpec, op: Operator) -> Encoder | None:
        if spec.serial:
            return serial_or_nobodys
        return self._plain(spec) or text_for(op, nul=False)

    def _plain(self, spec: ColumnSpec) -> Encoder | None:
        if spec.type == "number":
            return whole64 if spec.bigint else whole32
        if spec.type in _DOCUMENTS:
            return document_without_nul
        return {"date": moment, "boolean": bool}.get(spec.type)

    def decoder(self, spec: ColumnSpec) -> Decoder | None:
        if spec.serial:
            return str
        if spec.type in _DOCUMENTS:
            return decode
        return moment if spec.type == "date" else None

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
            return unless_null(serial)
        return unless_null(self._plain(spec) or text_whole)

    def condition_encoder(self, spec: ColumnSpec, op: Operator) -> Encoder | None:
        if spec.serial:
            return serial_or_nobodys
        return self._plain(spec) or text_for(op, nul=True)

    def _plain(self, spec: ColumnSpec) -> Encoder | None:
        if spec.type == "number":
            return whole64 if spec.bigint else whole32
        if spec.type in _DOCUMENTS:
            return document
        return {"date": moment_without_zone, "boolean": int}.get(spec.type)

    def decoder(self, spec: ColumnSpec) -> Decoder | None:
        if spec.serial:
            return str
        if spec.type in _DOCUMENTS:
            return read_document
        return {"date": read_utc, "boolean": bool}.get(spec.type)

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
