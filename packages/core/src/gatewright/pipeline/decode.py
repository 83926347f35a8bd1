"""From the bytes of a request to an operation, and what to say when they are none.

One decoder per operation, made once. The fast path is a single pass of msgspec; only what it refuses, or what it
could misread (null, NUL), is looked at again with the operation's shape, to give the contract's message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, quote, unquote

import msgspec

from gatewright.contract.faults import BadRequest, UnsupportedMediaType, ValidationError
from gatewright.wire.json import Json, JsonError, decode, encode
from gatewright.wire.operation import FORM, Operation
from gatewright.wire.shapes import ABSENT, ObjectShape, shape_of_operation
from gatewright.wire.text import Number, Text

__all__ = ("Decoder", "check_json", "parse_query", "path_names")

Op = TypeVar("Op", bound=Operation[Any])

MAX_QUERY_FIELDS = 200
"""Most parameters of a query or fields of a form that are read; more is answered as a bad request."""


def path_names(path: str) -> tuple[str, ...]:
    """The names of a template's parameters: ``/callback/{id}`` has ``id``."""
    return tuple(part[1:-1] for part in path.split("/") if part.startswith("{"))


def parse_query(text: str) -> dict[str, str | list[str]]:
    """The parameters of a query or form; one that is sent twice becomes a list.

    Raises:
        BadRequest: Too many, or not decodable.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        raise BadRequest(message="Invalid query") from None
    found: dict[str, str | list[str]] = {}
    for name, value in pairs:
        known = found.get(name)
        if known is None:
            found[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            found[name] = [known, value]
    return found


class Decoder(Generic[Op]):
    """Reads one operation from requests.

    Attributes:
        operation: What it reads.
        body: The shape of the body.
        query: The shape of the query of a request without a body.
    """

    __slots__ = (
        "_casts",
        "_checks",
        "_default",
        "_fast",
        "_json",
        "_loose",
        "_media",
        "_path",
        "_query_names",
        "_rename",
        "body",
        "operation",
        "query",
    )

    def __init__(self, operation: type[Op]) -> None:
        self.operation = operation
        route = operation.route
        fields = msgspec.structs.fields(operation)
        self._rename = {field.name: field.encode_name for field in fields}
        self._path = {self._rename[name] for name in path_names(route.path or "")}
        names = frozenset(self._rename.values()) - self._path - ({"extra"} if route.open else set())
        self.body = shape_of_operation(operation, names)
        self.query = self.body
        self._query_names = frozenset(self._rename[name] for name in route.query)
        self._json = msgspec.json.Decoder(operation)
        self._media = route.media
        self._checks: tuple[tuple[str, Callable[[Any], bool]], ...] = tuple(
            (field.name, check) for field in fields if (check := _check_of(field.type)) is not None
        )
        self._casts = {field.encode_name: cast for field in fields if (cast := _cast_of(field.type)) is not None}
        self._loose = tuple(field.encode_name for field in fields if _is_loose(field.type))
        self._fast = not route.open and not route.strict and not self._query_names and not self._path
        # An operation without required members is the same value whenever nothing is sent.
        demands = bool(route.one_of) or any(field.required for field in fields)
        self._default: Op | None = None if demands else operation()

    def read(  # noqa: PLR0917 (once per request: keywords cost time)
        self, method: str, media: str, body: bytes, query: str, path: Mapping[str, str], content_type: str = ""
    ) -> Op:
        """The operation that a request asks for.

        Args:
            method: HTTP method, upper case.
            media: Media type of the body without parameters, lower case; empty when none is stated.
            body: As received.
            query: The raw query, without ``?``.
            path: Values of path parameters, still percent-encoded.
            content_type: The whole header, for the message about a wrong one.

        Raises:
            BadRequest: Not JSON.
            UnsupportedMediaType: A media type that the operation does not read.
            ValidationError: JSON of another shape.
        """
        default = self._default
        if method == "GET" or not self._media:
            if not query and not path and default is not None:
                return default
            return self._from_query(parse_query(query) if query else {}, path)
        if body:
            self.refuse_media(media, content_type)
        if media == FORM and body:
            try:
                form: Json = dict(parse_query(body.decode()))  # pyright: ignore[reportAssignmentType]
            except UnicodeDecodeError:
                raise BadRequest from None
            return self._from_json(form, query, path)
        if self._fast and body and b"null" not in body and b"\\u0000" not in body:
            try:
                operation = self._json.decode(body)
            except (msgspec.MsgspecError, RecursionError, ValueError):
                return self._from_json(_parse(body), query, path)
            for name, accepts in self._checks:
                value = getattr(operation, name)
                if value is not None and not accepts(value):
                    return self._from_json(_parse(body), query, path)
            return operation
        if not body:
            return self._from_json({} if default is not None and not self.body.open else None, query, path, absent=True)
        return self._from_json(_parse(body), query, path)

    def of(self, operation: Op) -> Op:
        """``operation`` itself, once it is known to have the declared shape: constructors check nothing.

        Raises:
            ValidationError: It has not.
        """
        if operation is self._default:
            return operation
        try:
            value: Json = decode(encode(operation))
        except (JsonError, TypeError, ValueError, NotImplementedError) as error:
            raise ValidationError(message="Invalid input", because=str(error)) from None
        if not isinstance(value, dict):
            raise ValidationError(message="Invalid input")
        members = {name: each for name, each in value.items() if name not in self._path and name != "extra"}
        self._refuse(self.body, members, "body" if self._media else "query")
        return operation

    def refuse_media(self, media: str, content_type: str = "") -> None:
        """Refuse a body whose media type the operation does not read.

        Raises:
            UnsupportedMediaType: It does not.
        """
        if media not in self._media:
            allowed = ", ".join(self._media)
            shown = content_type or media
            what = f'Content-Type "{shown}" is not allowed' if shown else "Content-Type is required"
            raise UnsupportedMediaType(message=f"{what}. Allowed types: {allowed}")

    def from_members(self, members: Mapping[str, object]) -> Op:
        """The operation with these members by wire name, those of the path among them.

        Raises:
            ValidationError: Members of another shape.
        """
        inside = {name: value for name, value in members.items() if name not in self._path}
        for name, cast in self._casts.items():
            if isinstance(inside.get(name), str):
                inside[name] = cast(inside[name])
        self._refuse(self.body, inside, "body" if self._media else "query")
        return self._make(inside, {name: quote(str(members[name]), safe="") for name in self._path if name in members})

    def _from_query(self, query: Mapping[str, str | list[str]], path: Mapping[str, str]) -> Op:
        values: dict[str, object] = {}
        for name, text in query.items():
            cast = self._casts.get(name)
            values[name] = cast(text) if cast is not None else text
        self._refuse(self.query, values, "query")
        return self._make(values, path)

    def _from_json(self, value: Json, query: str, path: Mapping[str, str], *, absent: bool = False) -> Op:
        if absent and value is None:
            issues: list[str] = []
            self.body.check(ABSENT, "body", issues)
            raise ValidationError(message="; ".join(issues))
        if not (self.body.members or self.body.open or self.body.strict or self._query_names):
            # The contract reads no body here: whatever was sent is ignored.
            return self._make({}, path)
        self._refuse(self.body, value, "body")
        if not isinstance(value, dict):
            raise ValidationError(message="[body] Invalid input")
        values: dict[str, object] = dict(value)
        if query and self._query_names:
            for name, text in parse_query(query).items():
                if name in self._query_names and not values.get(name):
                    cast = self._casts.get(name)
                    values[name] = cast(text) if cast is not None else text
            self._refuse(self.body, values, "query")
        return self._make(values, path)

    def _refuse(self, shape: ObjectShape, value: object, place: str) -> None:
        issues: list[str] = []
        try:
            shape.check(value, place, issues)
        except RecursionError:
            issues.append(f"[{place}] Invalid input")
        if issues:
            raise ValidationError(message="; ".join(issues))

    def _make(self, values: Mapping[str, object], path: Mapping[str, str]) -> Op:
        members = {name: value for name, value in values.items() if name in self.body.members}
        for name in self._loose:
            if isinstance(members.get(name), (int, float)):
                members[name] = encode(members[name]).decode()
        for name in self._path:
            try:
                members[name] = unquote(path[name], errors="strict")
            except (KeyError, UnicodeDecodeError):
                raise BadRequest(message="Invalid path") from None
        if self.operation.route.open:
            members["extra"] = {name: value for name, value in values.items() if name not in self.body.members}
        try:
            return msgspec.convert(members, self.operation)
        except (msgspec.ValidationError, RecursionError) as error:
            # The shape accepts what the type does not: a fault of the declaration, still the caller's 400.
            raise ValidationError(message="Invalid input", because=str(error)) from None


def check_json(body: bytes) -> None:
    """Refuse a body that is no JSON.

    Raises:
        BadRequest: It is none.
    """
    _parse(body)


def _parse(body: bytes) -> Json:
    try:
        return decode(body)
    except JsonError:
        raise BadRequest from None


def _is_loose(annotation: Any) -> bool:
    inner = (annotation, *getattr(annotation, "__args__", ()))
    return any(isinstance(fact, Text) and fact.loose for each in inner for fact in getattr(each, "__metadata__", ()))


def _check_of(annotation: Any) -> Callable[[Any], bool] | None:
    for each in (annotation, *getattr(annotation, "__args__", ())):
        for fact in getattr(each, "__metadata__", ()):
            if isinstance(fact, Number) and fact.min is not None:
                return fact.accepts
    for fact in getattr(annotation, "__metadata__", ()):
        if isinstance(fact, Text) and (fact.min or fact.max is not None or fact.email):
            return fact.accepts
    return None


def _cast_of(annotation: Any) -> Callable[[Any], object] | None:
    """How a query parameter becomes a member that is not text, as JavaScript would make it."""
    members = (annotation, *getattr(annotation, "__args__", ()))
    inner: set[Any] = {each for member in members for each in (member, getattr(member, "__origin__", member))}
    if bool in inner:
        return _truthy
    if inner & {int, float}:
        return _number
    if True in {literal for each in inner for literal in getattr(each, "__args__", ())}:
        return _true
    return None


def _truthy(text: object) -> object:
    return bool(text)


def _true(text: object) -> object:
    return True if text == "true" else text


def _number(text: object) -> object:
    try:
        value = float(str(text))
    except ValueError:
        return float("nan")
    return int(value) if value.is_integer() else value
