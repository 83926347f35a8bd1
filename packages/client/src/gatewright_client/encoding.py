"""From an operation to the request that carries it: path, query and body by wire name.

The plan of an operation is made once; encoding follows it. Not here: headers of the client (``exchange``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from gatewright.wire.dates import to_wire
from gatewright.wire.json import encode, plain
from gatewright.wire.operation import FORM, JSON, Method, Operation

__all__ = ("Encoded", "encode_operation")

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A request without its origin.

    Attributes:
        method: HTTP method.
        path: Percent-encoded path below the base path, with the query if there is one.
        media: Media type of the body, or ``None`` for no body.
        body: The body.
    """

    method: Method
    path: str
    media: str | None = None
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class _Plan:
    template: str
    methods: tuple[Method, ...]
    path: frozenset[str]
    fields: tuple[tuple[str, str, object], ...]
    media: str | None


@cache
def _plan(operation: type[Operation[Any]]) -> _Plan:
    route = operation.route
    if route.path is None or not route.served:
        raise TypeError(f"{operation.__name__} is for the server itself: no client can send it")
    fields = tuple(
        (field.name, field.encode_name, field.default)
        for field in msgspec.structs.fields(operation)
        if not (route.open and field.name == "extra")
    )
    media = JSON if JSON in route.media else next(iter(route.media), None)
    return _Plan(route.path, route.methods, frozenset(_PARAMETER.findall(route.path)), fields, media)


def encode_operation(op: Operation[Any], method: Method | None = None) -> Encoded:
    """The request of ``op``.

    Args:
        op: What is asked.
        method: One of the operation's methods; by default its first.

    Raises:
        TypeError: Only the server itself may call the operation.
        ValueError: ``extra`` holds a member that the operation names itself.
    """
    plan = _plan(type(op))
    method = method or plan.methods[0]
    path = _PARAMETER.sub(lambda match: quote(str(getattr(op, match[1])), safe=""), plan.template)
    members: dict[str, object] = {}
    for name, wire, default in plan.fields:
        if name in plan.path:
            continue
        value = getattr(op, name)
        if value is msgspec.UNSET or (type(value) is type(default) and value == default):
            # What is not said is the default on the other side as well.
            continue
        members[wire] = _plain(value)
    if op.route.open:
        extra: Mapping[str, object] = getattr(op, "extra", {})
        named = members.keys() & extra.keys() or {wire for _, wire, _ in plan.fields} & extra.keys()
        if named:
            raise ValueError(f"extra repeats {', '.join(sorted(named))}, which {type(op).__name__} names itself")
        members.update((name, _plain(value)) for name, value in extra.items() if value is not msgspec.UNSET)
    if method == "GET" or plan.media is None:
        query = urlencode([pair for name, value in members.items() for pair in _texts(name, value)], quote_via=quote)
        return Encoded(method, f"{path}?{query}" if query else path)
    if plan.media == FORM:
        pairs = [pair for name, value in members.items() for pair in _texts(name, value)]
        return Encoded(method, path, FORM, urlencode(pairs).encode())
    return Encoded(method, path, plan.media, encode(members))


def _plain(value: object) -> object:
    """``value`` as plain JSON values; an absent member of a struct inside is left out, as at the top."""
    if isinstance(value, msgspec.Struct):
        return {
            field.encode_name: _plain(member)
            for field in msgspec.structs.fields(value)
            if (member := getattr(value, field.name)) is not msgspec.UNSET
            and not (member is None and field.default is None)
        }
    if isinstance(value, Mapping):
        members: Mapping[str, object] = value  # pyright: ignore[reportUnknownVariableType]
        return {name: _plain(each) for name, each in members.items()}
    if isinstance(value, (list, tuple)):
        items: list[object] | tuple[object, ...] = value  # pyright: ignore[reportUnknownVariableType]
        return [_plain(each) for each in items]
    return plain(value)


def _texts(name: str, value: object) -> list[tuple[str, str]]:
    """The pairs of one member in a query: lists are repeated, structured values are JSON."""
    match value:
        case str():
            return [(name, value)]
        case bool():
            return [(name, "true" if value else "false")]
        case datetime():
            return [(name, to_wire(value))]
        case list():
            items: list[object] = value  # pyright: ignore[reportUnknownVariableType]
            return [pair for item in items for pair in _texts(name, item)]
        case _:
            return [(name, encode(value).decode())]
