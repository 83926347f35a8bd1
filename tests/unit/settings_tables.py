"""The options of an instance as a table would show them: both names, type and default, read off the models.

Not what an option is for: that is written by hand, in ``docs/settings.md``.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from gatewright.settings import ModelOptions, Options, Settings, derived
from gatewright.settings.base import Flag, Seconds, Whole

__all__ = ("Row", "groups")


_WORDS: Mapping[Any, str] = {
    bool: "bool",
    str: "str",
    float: "float",
    SecretStr: "secret",
    datetime: "datetime",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One option: what stands in the first four columns of its line."""

    wire: str
    python: str
    type: str
    default: str


def groups() -> dict[str, list[Row]]:
    """The rows of every group by the name of its class, ``Settings`` first, each group after the first that has it."""
    found: dict[str, list[Row]] = {}
    waiting: list[type[Options]] = [Settings]
    while waiting:
        group = waiting.pop(0)
        if group.__name__ in found:
            continue
        hints = get_type_hints(group, include_extras=True)
        inherited = (
            set(ModelOptions.model_fields)
            if issubclass(group, ModelOptions) and group is not ModelOptions
            else set[str]()
        )
        own = {name: info for name, info in group.model_fields.items() if name not in inherited}
        found[group.__name__] = [
            Row(f"`{derived.alias_of(group, name)}`", f"`{name}`", _shown(hints[name]), _default(info))
            for name, info in own.items()
        ]
        waiting[:0] = [each for name in own for each in _options_in(hints[name])]
        if inherited:
            waiting.append(ModelOptions)
    return found


def _options_in(hint: Any) -> Iterator[type[Options]]:
    if isinstance(hint, type) and issubclass(hint, Options):
        yield hint
    for part in get_args(hint):
        yield from _options_in(part)


def _shown(hint: Any) -> str:
    """A type in words; what may be left out is not said here but by the default."""
    for known, word in ((Flag, "bool"), (Seconds, "seconds"), (Whole, "int")):
        if hint == known:
            return word
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_shown(part) for part in parts if part is not types.NoneType))
    if origin is Literal:
        return " or ".join(f"`{_json(part)}`" for part in parts)
    if origin is Mapping:
        return f"{_shown(parts[1])} by name"
    if origin is Sequence:
        return f"list of {_shown(parts[0])}"
    if parts:
        # Annotated: a function is said by the name of its protocol.
        functional = any(type(extra).__name__ == "_Function" for extra in parts[1:])
        return f"function `{parts[0].__name__}`" if functional else _shown(parts[0])
    if isinstance(hint, type) and issubclass(hint, Options):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    return _WORDS.get(hint, "any")


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    value: Any = info.get_default(call_default_factory=True)
    if isinstance(value, Options) or value is None or value == () or value == {} or type(value).__name__ == "Missing":
        return ""
    values = cast("tuple[object, ...]", value if isinstance(value, tuple) else (value,))
    return ", ".join(f"`{_json(each)}`" for each in values)


def _json(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
