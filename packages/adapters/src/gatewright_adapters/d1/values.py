"""What D1 takes and gives differently from SQLite: numbers travel as JavaScript's, so long ones go as text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, and_, cast
from sqlalchemy.sql.elements import ColumnElement

from gatewright.model.column import ColumnSpec
from gatewright.model.query import Operator
from gatewright.ports.adapter import InvalidValue
from gatewright_adapters.sqlalchemy.values import Binder, Decoder, Encoder, SQLiteValues

__all__ = ("D1Values",)

_EXACT = 2**53
_BEYOND = "\U0010ffff" * 256


class D1Values(SQLiteValues):
    """SQLite's forms, except for whole numbers beyond 2**53 and for bytes, which JSON does not carry."""

    def encoder(self, spec: ColumnSpec) -> Encoder | None:
        plain = super().encoder(spec)
        if spec.type != "number" or plain is None:
            return plain
        return _exact(plain, long=spec.bigint)

    def condition_encoder(self, spec: ColumnSpec, op: Operator) -> Encoder | None:
        plain = super().condition_encoder(spec, op)
        if spec.type != "number" or plain is None:
            return plain
        return _exact(plain, long=spec.bigint)

    def decoder(self, spec: ColumnSpec) -> Decoder | None:
        return _read_number if spec.bigint else super().decoder(spec)

    def read(self, spec: ColumnSpec, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return cast(column, Text) if spec.bigint else column

    def search(self, op: Operator, column: ColumnElement[Any], bind: Binder) -> ColumnElement[bool]:
        if op != "starts_with":
            return super().search(op, column, bind)
        encode = self.condition_encoder(ColumnSpec("text"), op)
        return and_(column >= bind(encode, Text()), column < bind(_after_prefix, Text()))


def _exact(plain: Encoder, *, long: bool) -> Encoder:
    """A column's affinity turns the text back into a number."""

    def encode(value: Any) -> Any:
        number = plain(value)
        if not isinstance(number, int) or -_EXACT <= number <= _EXACT:
            return number
        if not long:
            raise InvalidValue("a number beyond 53 bits")
        return str(number)

    return encode


def _read_number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return int(value)
    except ValueError:
        return float(value)


def _after_prefix(text: str) -> str | None:
    """What is greater than every text with this prefix and less than any other that is greater than the prefix.

    A run of the last character stands for the end of all texts, which SQLite marks with bytes.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return None
    for end in range(len(text), 0, -1):
        code = ord(text[end - 1])
        if code < 0x10FFFF:
            return text[: end - 1] + chr(0xE000 if code == 0xD7FF else code + 1)
    return text + _BEYOND
