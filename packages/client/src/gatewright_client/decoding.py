"""From an HTTP answer to an operation's result, its fault, or the answer that came instead.

Rows keep the members that no class declares; dates are read. Not here: cookies and tokens (``exchange``).
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin

import msgspec

from gatewright.model.row import Row, row_from_wire
from gatewright.wire.faults import Headers, Instead
from gatewright.wire.json import Json, JsonError, decode
from gatewright.wire.kinds import Empty, Html, Raw, Redirect
from gatewright.wire.operation import Operation
from gatewright_client.faults import Known, UnexpectedAnswer, error_of
from gatewright_client.result import Result

__all__ = ("Answer", "Instances", "read_answer")

Instances = Mapping[str, type[msgspec.Struct]]
"""Answers that may come instead of an operation's own: by the member that tells them, what they are."""

_KINDS: tuple[type, ...] = (Redirect, Html, Raw, Empty)
_JSON_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as a value; header names are lower case."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header, asked for in lower case."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class _Reading:
    kinds: frozenset[type]
    json: Any


@cache
def _reading(operation: type[Operation[Any]]) -> _Reading:
    """Which of the kinds an operation answers, and what its JSON is read as."""
    returns = operation.returns
    arms = get_args(returns) if get_origin(returns) in (Union, types.UnionType) else (returns,)
    kinds = frozenset(arm for arm in arms if arm in _KINDS)
    inner = tuple(arm for arm in arms if arm not in _KINDS)
    return _Reading(kinds, Union[inner] if inner else _JSON_NOTHING)  # noqa: UP007 (made at run time)


def _custom(kind: type, value: Any) -> object:
    if kind is object:
        # Whatever the application has put there.
        return value
    if issubclass(kind, Row):
        if not isinstance(value, dict):
            raise msgspec.ValidationError(f"Expected `object` for {kind.__name__}")
        members: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        return row_from_wire(kind, members)
    raise msgspec.ValidationError(f"{kind.__name__} has no form on the wire")


def read_answer(
    operation: type[Operation[Any]], answer: Answer, instead: Instances, faults: Known | None = None
) -> Result[Any]:
    """What ``answer`` means for ``operation``; ``faults`` are those that plugins know."""
    reading = _reading(operation)
    status = answer.status
    location = answer.header("location")
    if 300 <= status < 400 and location is not None:
        # A link that leads on is the result, whether the operation says so or a proxy interferes.
        if Redirect in reading.kinds:
            return Result(data=Redirect(location, status))
        return Result(error=UnexpectedAnswer(status, f"leads to {location.partition('?')[0]}"))
    if status >= 400:
        return Result(error=error_of(operation, status, _json_or_none(answer.body), answer.headers, faults))
    media = (answer.header("content-type") or "").partition(";")[0].strip().lower()
    for kind in reading.kinds:
        if kind is Html and media == "text/html":
            policy = answer.header("content-security-policy") or ""
            return Result(data=Html(answer.body.decode(errors="replace"), status, policy))
        if kind is Empty and not answer.body:
            return Result(data=Empty(status))
        if kind is Raw:
            return Result(data=Raw(answer.body, media, status))
    if reading.json is _JSON_NOTHING:
        return Result(error=UnexpectedAnswer(status))
    return _read_json(reading.json, answer, instead)


def _read_json(returns: Any, answer: Answer, instead: Instances) -> Result[Any]:
    try:
        value = decode(answer.body) if answer.body else None
    except JsonError as error:
        return Result(error=UnexpectedAnswer(answer.status, str(error)))
    try:
        if isinstance(value, dict):
            if _is_nothing(value) and type(None) in get_args(returns):
                # Older servers write "no session" as an object of nulls.
                return Result()
            for member, kind in instead.items():
                if value.get(member):
                    other = msgspec.convert(value, kind, dec_hook=_custom)
                    return Result(instead=Instead(other, status=answer.status, headers=answer.headers))
        return Result(data=msgspec.convert(value, returns, dec_hook=_custom))
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        return Result(error=UnexpectedAnswer(answer.status, str(error)))


def _is_nothing(members: Mapping[str, object]) -> bool:
    return bool(members) and all(each is None for each in members.values())


def _json_or_none(body: bytes) -> Json:
    try:
        return decode(body) if body else None
    except JsonError:
        return None
