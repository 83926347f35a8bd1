"""Shapes: what a value on the wire must look like, with the contract's words for what is wrong with it.

A shape is compiled once from a type annotation. It is consulted only when fast decoding has refused a value, to say
why, and when the OpenAPI document is made. Source: contract, errors.json ``body_shape.validation``.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol, TypeAlias, Union, get_args, get_origin

import msgspec
from msgspec import UnsetType

from gatewright.wire.operation import Operation
from gatewright.wire.text import EMAIL_PATTERN, Number, Text

__all__ = ("ABSENT", "JsonSchema", "ObjectShape", "Shape", "shape_of", "shape_of_operation")

JsonSchema: TypeAlias = dict[str, Any]


class _Absent:
    """The value that is not there; JavaScript's ``undefined``."""


ABSENT = _Absent()


class Shape(Protocol):
    """What a value must look like."""

    def check(self, value: object, path: str, issues: list[str]) -> None:
        """Add to ``issues`` what is wrong with ``value``, each as ``[path] text``."""
        ...

    def schema(self) -> JsonSchema:
        """The shape as JSON Schema."""
        ...


def _received(value: object) -> str:
    match value:
        case _Absent():
            return "undefined"
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "NaN" if value != value else "number"  # noqa: PLR0124 (NaN differs from itself)
        case str():
            return "string"
        case list() | tuple():
            return "array"
        case _:
            return "object"


def _wrong(expected: str, value: object, path: str) -> str:
    return f"[{path}] Invalid input: expected {expected}, received {_received(value)}"


class _Text:
    def __init__(self, rules: Text) -> None:
        self.rules = rules

    def check(self, value: object, path: str, issues: list[str]) -> None:
        rules = self.rules
        if rules.loose and isinstance(value, (int, float)):
            return
        if not isinstance(value, str):
            issues.append(f"[{path}] Invalid input" if rules.union else _wrong("string", value, path))
        elif "\x00" in value:
            issues.append(f"[{path}] Invalid input: a text must not hold the character NUL")
        elif rules.email and not rules.accepts(value):
            issues.append(f"[{path}] Invalid email address")
        elif len(value) < rules.min:
            issues.append(f"[{path}] Too small: expected string to have >={rules.min} characters")
        elif rules.max is not None and len(value) > rules.max:
            issues.append(f"[{path}] Too big: expected string to have <={rules.max} characters")

    def schema(self) -> JsonSchema:
        found: JsonSchema = {"type": "string"}
        if self.rules.email:
            found |= {"format": "email", "pattern": EMAIL_PATTERN}
        if self.rules.min:
            found["minLength"] = self.rules.min
        if self.rules.max is not None:
            found["maxLength"] = self.rules.max
        return found


class _Plain:
    def __init__(self, expected: str, accepts: Callable[[object], bool], schema: JsonSchema) -> None:
        self.expected = expected
        self.accepts = accepts
        self._schema = schema

    def check(self, value: object, path: str, issues: list[str]) -> None:
        if not self.accepts(value):
            issues.append(_wrong(self.expected, value, path))

    def schema(self) -> JsonSchema:
        return dict(self._schema)


class _Number:
    """A number with a smallest value; ``whole`` where it has no fraction."""

    def __init__(self, rules: Number, *, whole: bool) -> None:
        self.rules = rules
        self.plain = _SIMPLE[int if whole else float]

    def check(self, value: object, path: str, issues: list[str]) -> None:
        before = len(issues)
        self.plain.check(value, path, issues)
        if len(issues) == before and not self.rules.accepts(value):
            issues.append(f"[{path}] Too small: expected number to be >={self.rules.min:g}")

    def schema(self) -> JsonSchema:
        found = self.plain.schema()
        return found if self.rules.min is None else found | {"minimum": self.rules.min}


class _Anything:
    def check(self, value: object, path: str, issues: list[str]) -> None:
        """Anything is fine that is there."""
        if value is ABSENT:
            issues.append(_wrong("nonoptional", value, path))

    def schema(self) -> JsonSchema:
        return {}


class _Choice:
    def __init__(self, choices: tuple[object, ...]) -> None:
        self.choices = choices

    def check(self, value: object, path: str, issues: list[str]) -> None:
        if not any(value is choice or (type(value) is type(choice) and value == choice) for choice in self.choices):
            if len(self.choices) == 1:
                issues.append(f"[{path}] Invalid input: expected {_quoted(self.choices[0])}")
            else:
                issues.append(f"[{path}] Invalid option: expected one of {'|'.join(map(_quoted, self.choices))}")

    def schema(self) -> JsonSchema:
        if self.choices == (True,):
            return {"type": "boolean", "const": True}
        return {"type": "string", "enum": list(self.choices)}


def _quoted(value: object) -> str:
    return msgspec.json.encode(value).decode()


class _List:
    def __init__(self, item: Shape) -> None:
        self.item = item

    def check(self, value: object, path: str, issues: list[str]) -> None:
        if not isinstance(value, list):
            issues.append(_wrong("array", value, path))
            return
        items: list[object] = value  # pyright: ignore[reportUnknownVariableType]
        for index, each in enumerate(items):
            self.item.check(each, f"{path}.{index}", issues)

    def schema(self) -> JsonSchema:
        return {"type": "array", "items": self.item.schema()}


class _Record:
    def __init__(self, item: Shape) -> None:
        self.item = item

    def check(self, value: object, path: str, issues: list[str]) -> None:
        if not isinstance(value, dict):
            issues.append(_wrong("record", value, path))
            return
        members: dict[str, object] = value  # pyright: ignore[reportUnknownVariableType]
        for name, each in members.items():
            self.item.check(each, f"{path}.{name}", issues)

    def schema(self) -> JsonSchema:
        return {"type": "object", "additionalProperties": self.item.schema() or True}


class _Nullable:
    def __init__(self, inner: Shape) -> None:
        self.inner = inner

    def check(self, value: object, path: str, issues: list[str]) -> None:
        if value is not None:
            self.inner.check(value, path, issues)

    def schema(self) -> JsonSchema:
        inner = self.inner.schema()
        kind = inner.get("type")
        if isinstance(kind, str):
            return inner | {"type": [kind, "null"]}
        return {"anyOf": [inner, {"type": "null"}]}


class _Union:
    def __init__(self, members: tuple[Shape, ...]) -> None:
        self.members = members

    def check(self, value: object, path: str, issues: list[str]) -> None:
        for member in self.members:
            found: list[str] = []
            member.check(value, path, found)
            if not found:
                return
        issues.append(f"[{path}] Invalid input")

    def schema(self) -> JsonSchema:
        return {"anyOf": [member.schema() for member in self.members]}


class ObjectShape:
    """A JSON object with known members.

    Attributes:
        members: Shape and whether it is required, by wire name.
        open: Unknown members are kept.
        strict: Unknown members are refused.
        one_of: Wire names of which exactly one is given.
        words: How the contract calls the whole when it is no object.
    """

    def __init__(
        self,
        members: Mapping[str, tuple[Shape, bool]],
        *,
        open: bool = False,  # noqa: A002 (the word of the route)
        strict: bool = False,
        one_of: tuple[str, ...] = (),
    ) -> None:
        self.members = members
        self.open = open
        self.strict = strict
        self.one_of = one_of
        needs = any(required for _, required in members.values())
        # The contract reads a body that must hold something twice: as an object, and as whatever else it holds.
        self.words = ("object", "record") if open and needs else ("record",) if open else ("object",)

    def check(self, value: object, path: str, issues: list[str]) -> None:
        """Add what is wrong; members are named ``path.member``."""
        if not isinstance(value, dict):
            issues.extend(_wrong(word, value, path) for word in self.words)
            return
        given: dict[str, object] = value  # pyright: ignore[reportUnknownVariableType]
        before = len(issues)
        for name, (shape, required) in self.members.items():
            member = given.get(name, ABSENT)
            if member is ABSENT and not required:
                continue
            shape.check(member, f"{path}.{name}", issues)
        if self.strict:
            unknown = [name for name in given if name not in self.members]
            if unknown:
                word = "keys" if len(unknown) > 1 else "key"
                issues.append(f"[{path}] Unrecognized {word}: {', '.join(map(_quoted, unknown))}")
        if self.one_of:
            wrong = len(issues) > before or sum(name in given for name in self.one_of) != 1
            if wrong:
                issues[before:] = [f"[{path}] Invalid input"]

    def schema(self) -> JsonSchema:
        """The object as JSON Schema."""
        found: JsonSchema = {
            "type": "object",
            "properties": {name: shape.schema() for name, (shape, _) in self.members.items()},
        }
        required = [name for name, (_, needed) in self.members.items() if needed]
        if required:
            found["required"] = required
        if self.strict:
            found["additionalProperties"] = False
        if self.one_of:
            found["oneOf"] = [{"required": [name]} for name in self.one_of]
        return found


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value  # noqa: PLR0124


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_date(value: object) -> bool:
    return isinstance(value, str)


_ANY = _Anything()
_SIMPLE: Mapping[Any, Shape] = {
    str: _Text(Text()),
    bool: _Plain("boolean", _is_bool, {"type": "boolean"}),
    int: _Plain("int", _is_int, {"type": "integer"}),
    float: _Plain("number", _is_number, {"type": "number"}),
    datetime: _Plain("date", _is_date, {"type": "string", "format": "date-time"}),
    object: _ANY,
    Any: _ANY,
    dict: _Record(_ANY),
}


def shape_of(annotation: Any) -> Shape:
    """The shape of a type: scalars, literals, lists, mappings, structs, unions.

    Raises:
        TypeError: The type has no form on the wire.
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *facts = get_args(annotation)
        for fact in facts:
            if isinstance(fact, Text):
                return _Text(fact)
            if isinstance(fact, Number):
                return _Number(fact, whole=base is int)
        return shape_of(base)
    if origin in (Union, types.UnionType):
        members = [each for each in get_args(annotation) if each is not UnsetType]
        inner = [shape_of(each) for each in members if each is not type(None)]
        shape: Shape = inner[0] if len(inner) == 1 else _Union(tuple(inner))
        return _Nullable(shape) if type(None) in members else shape
    if origin is Literal:
        return _Choice(get_args(annotation))
    if origin in (list, tuple):
        return _List(shape_of(get_args(annotation)[0]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _Record(shape_of(get_args(annotation)[1]))
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return ObjectShape(_members(annotation))
    try:
        return _SIMPLE[annotation]
    except (KeyError, TypeError):
        raise TypeError(f"{annotation} has no form on the wire") from None


def _members(struct: type[msgspec.Struct]) -> dict[str, tuple[Shape, bool]]:
    found: dict[str, tuple[Shape, bool]] = {}
    for field in msgspec.structs.fields(struct):
        if field.name == "extra" and issubclass(struct, Operation):
            continue
        found[field.encode_name] = (shape_of(_absent_is_not_null(field.type, field.default)), field.required)
    return found


def _absent_is_not_null(annotation: Any, default: object) -> Any:
    """``str | None = None`` means that it may be absent; null is accepted only where the type also names UNSET."""
    if get_origin(annotation) in (Union, types.UnionType) and default is None:
        members = get_args(annotation)
        if UnsetType not in members:
            inner = tuple(each for each in members if each is not type(None))
            return inner[0] if len(inner) == 1 else Union[inner]  # noqa: UP007 (made at run time)
    return annotation


def shape_of_operation(operation: type[Operation[Any]], names: frozenset[str] | None = None) -> ObjectShape:
    """The shape of an operation's input; ``names`` keeps only these wire names."""
    members = _members(operation)
    if names is not None:
        members = {name: member for name, member in members.items() if name in names}
    route = operation.route
    encode_names = dict(zip(operation.__struct_fields__, operation.__struct_encode_fields__, strict=True))
    return ObjectShape(
        members,
        open=route.open,
        strict=route.strict,
        one_of=tuple(encode_names[name] for name in route.one_of),
    )
