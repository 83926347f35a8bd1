"""What the application's own hooks are shown of a call: what was sent, by wire name. Read only.

Source: contract, options.json ``hooks`` and ``databaseHooks``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote

from gatewright.http.request import Request
from gatewright.pipeline.call import Call
from gatewright.pipeline.decode import parse_query, path_names
from gatewright.settings.hooks import HookContext
from gatewright.wire.faults import ApiError
from gatewright.wire.json import JsonError, decode, plain
from gatewright.wire.operation import FORM, UNSET, Operation

__all__ = (
    "context_as_sent",
    "context_of",
    "context_of_operation",
    "context_of_request",
    "members_of",
    "members_of_body",
    "with_sessions",
)


def context_of(call: Call[Any]) -> HookContext:
    """A call that is running: its input as it was validated, defaults included."""
    operation: Operation[Any] = call.input
    route, request = operation.route, call.request
    members: dict[str, object] = {}
    for name, wire in zip(operation.__struct_fields__, operation.__struct_encode_fields__, strict=True):
        value = getattr(operation, name)
        if name == "extra" and route.open:
            members.update(value)
        elif value is not None and value is not UNSET:
            members[wire] = value
    params = {name: str(members.pop(name, "")) for name in _wire_path(operation)}
    method = route.methods[0] if request is None else request.method
    query: Mapping[str, object] | None = None if request is None else {}
    if request is not None and request.query and method != "GET":
        query = parse_query(request.query)
    context = HookContext(
        path=_colons(route.path),
        method=method,
        headers=dict(call.headers.items()),
        body=None if method == "GET" else members,
        query=members if method == "GET" else query,
        params=params,
        request=request,
    )
    return with_sessions(context, call)


def context_as_sent(call: Call[Any]) -> HookContext:
    """A call that is running, with what was sent before it was validated; a call of the server's own as it is."""
    context, request = context_of(call), call.request
    if request is None:
        return context
    body = None if request.method == "GET" else members_of_body(request)
    return context.having(body=body, query=parse_query(request.query) if request.query else {})


def context_of_request(path: str | None, request: Request, parameters: Mapping[str, str]) -> HookContext:
    """A request that is about to be read.

    Raises:
        BadRequest: Its query cannot be decoded.
    """
    return HookContext(
        path=_colons(path),
        method=request.method,
        headers=dict(request.headers.items()),
        body=members_of_body(request),
        query=parse_query(request.query) if request.query else {},
        params={name: unquote(value) for name, value in parameters.items()},
        request=request,
    )


def context_of_operation(operation: Operation[Any], headers: Mapping[str, str]) -> HookContext:
    """An operation that the application runs itself; the method is the one that HTTP would use."""
    route = operation.route
    members = members_of(operation)
    in_path = {name: str(members.pop(name, "")) for name in _wire_path(operation)}
    method = route.methods[0]
    return HookContext(
        path=_colons(route.path),
        method=method,
        headers=headers,
        body=None if method == "GET" else members,
        query=(members or None) if method == "GET" else None,
        params=in_path,
    )


def with_sessions(context: HookContext, call: Call[Any]) -> HookContext:
    """The same context with who calls and who was signed in, as far as the call knows."""
    mine, new = call.session, call.new_session
    return context.having(
        session=None if mine is None else mine.session,
        user=None if mine is None else mine.user,
        new_session=None if new is None else new.session,
        new_user=None if new is None else new.user,
        response_headers=tuple(call.out.lines()),
    )


def members_of(operation: Operation[Any]) -> dict[str, object]:
    """The members of an operation that were given, by wire name; the application's own fields lie among them."""
    members = cast("dict[str, object]", plain(operation))
    extra = members.pop("extra", None) if operation.route.open else None
    return {**members, **cast("Mapping[str, object]", extra or {})}


def members_of_body(request: Request) -> Mapping[str, object] | None:
    """The members of a body, or ``None`` where it has none; what is wrong with it is said when it is decoded."""
    if not request.body:
        return None
    if request.media_type == FORM:
        try:
            return parse_query(request.body.decode(errors="replace"))
        except ApiError:
            return None
    try:
        value = decode(request.body)
    except JsonError:
        return None
    return value if isinstance(value, dict) else None


def _wire_path(operation: Operation[Any]) -> tuple[str, ...]:
    names = dict(zip(operation.__struct_fields__, operation.__struct_encode_fields__, strict=True))
    return tuple(names[name] for name in path_names(operation.route.path or ""))


def _colons(path: str | None) -> str:
    return "" if path is None else path.replace("{", ":").replace("}", "")
