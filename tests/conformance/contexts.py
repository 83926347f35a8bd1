"""What a callback is shown of the call that it runs in: the contract's endpoint context, as data."""

from __future__ import annotations

from typing import Any

import msgspec

from gatewright.pipeline.call import Call
from gatewright.pipeline.decode import parse_query, path_names
from gatewright.settings.hooks import HookContext

__all__ = ("context_of", "hook_context")


def hook_context(seen: HookContext) -> dict[str, object]:
    """The members of ``$ctx`` of a hook; after the operation also what it returned."""
    request = seen.request
    members: dict[str, object] = {
        "path": seen.path,
        "method": None if request is None else request.method,
        "url": None if request is None else request.url,
        "headers": [list(pair) for pair in seen.headers.items()],
        "body": seen.body,
        "query": seen.query,
        "params": seen.params if request is not None else None,
        "session": None if seen.session is None else {"session": seen.session, "user": seen.user},
        "newSession": None if seen.new_session is None else {"session": seen.new_session, "user": seen.new_user},
        "returned": seen.returned,
        "responseHeaders": [list(pair) for pair in seen.response_headers],
    }
    return {name: value for name, value in members.items() if value is not None}


def context_of(call: Call[Any]) -> dict[str, object]:
    """The members of ``$ctx``, each only where there is something."""
    operation = call.input
    route = operation.route
    names = dict(zip(operation.__struct_fields__, operation.__struct_encode_fields__, strict=True))
    in_path = set(path_names(route.path or ""))
    given = {wire: getattr(operation, name) for name, wire in names.items() if name not in in_path and name != "extra"}
    sent = {wire: value for wire, value in given.items() if value is not msgspec.UNSET and value is not None}
    sent.update(getattr(operation, "extra", None) or {})
    request = call.request
    method = route.methods[0] if request is None else request.method
    members: dict[str, object] = {
        "path": None if route.path is None else route.path.replace("{", ":").replace("}", ""),
        "method": method,
        "url": None if request is None else request.url,
        "headers": [list(pair) for pair in call.headers.items()],
        "body": sent if method != "GET" else None,
        "query": (sent or None) if method == "GET" else parse_query(request.query) if request is not None else None,
        "params": None if request is None else {names[name]: getattr(operation, name) for name in in_path},
        "session": call.session,
        "newSession": call.new_session,
        "responseHeaders": [list(pair) for pair in call.out.lines()],
    }
    if request is not None and members["query"] is None:
        members["query"] = {}
    return {name: value for name, value in members.items() if value is not None and value != []}
