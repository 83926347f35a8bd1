"""JSON text exactly as JavaScript's ``JSON.parse`` and ``JSON.stringify`` read and write it.

For signatures that cover re-serialised JSON; everything else uses msgspec, which is much faster. Source: ECMA-262
§25.5 (JSON), §6.1.6.1.20 (Number::toString), §10.1.11.1 (order of keys).
"""

import json
import re
from math import isinf
from typing import NoReturn, TypeAlias

__all__ = ("JsonValue", "parse", "stringify")

JsonValue: TypeAlias = "bool | float | str | list[JsonValue] | dict[str, JsonValue] | None"

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ARRAY_INDEX = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_MOST_INDEX = 2**32 - 2
_write_string = json.JSONEncoder(ensure_ascii=False).encode


def parse(text: str) -> JsonValue:
    """The value of JSON text, every number a double as in JavaScript.

    Args:
        text: JSON.

    Returns:
        The value; of a repeated key the last value counts, in the first one's place.

    Raises:
        ValueError: Not JSON, or nested too deeply. The message may quote nothing but positions.
    """
    try:
        return json.loads(text, parse_int=float, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("not JSON")


def stringify(value: JsonValue) -> str:
    """The JSON text of a value, without spaces.

    Args:
        value: What ``parse`` gave; whole numbers may also be ``int``.

    Returns:
        Text with non-ASCII characters as they are and lone surrogates escaped; integer-like keys come first, ascending.

    Raises:
        ValueError: Nested too deeply.
    """
    try:
        return _stringify(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _stringify(value: JsonValue) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list):
        return f"[{','.join(map(_stringify, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{_string(key)}:{_stringify(value[key])}' for key in _ordered(value))}}}"
    return _number(float(value))


def _string(text: str) -> str:
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", _write_string(text))


def _ordered(members: dict[str, JsonValue]) -> list[str]:
    indices = [key for key in members if _ARRAY_INDEX.fullmatch(key) and int(key) <= _MOST_INDEX]
    if not indices:
        return list(members)
    first = set(indices)
    return [*sorted(indices, key=int), *(key for key in members if key not in first)]


def _number(number: float) -> str:
    if isinf(number):
        return "null"  # JSON.parse reads 1e400 as Infinity, which JSON.stringify cannot write
    if number == 0:
        return "0"  # also for -0
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction if fraction != "0" else ""
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))  # digits before the decimal point
    digits = digits.rstrip("0")
    size = len(digits)
    if size <= point <= 21:
        return sign + digits + "0" * (point - size)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return sign + (digits if size == 1 else f"{digits[0]}.{digits[1:]}") + tail
