"""The control protocol's ``api`` calls: an operation by its id, from JSON, run by the server itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from tests.conformance.codec import JsonObject, Unsupported, decode, encode, encode_response, members
from tests.conformance.messages import Pairs, joined, pairs_of

from gatewright.auth import Auth
from gatewright.pipeline.call import Outgoing
from gatewright.pipeline.program import Program, error_response
from gatewright.wire.faults import ApiError, Instead
from gatewright.wire.json import encode as to_bytes
from gatewright.wire.json import plain
from gatewright.wire.kinds import Empty, Html, Raw, Redirect
from gatewright.wire.operation import JSON, Operation

__all__ = ("call_api", "methods")


def methods(auth: Auth[Any]) -> JsonObject:
    """Every operation of the instance by id, with its path as the contract writes templates."""
    found: JsonObject = {}
    for name, program in auth.blueprint.by_name.items():
        route = program.operation.route
        path = None if route.path is None else route.path.replace("{", ":").replace("}", "")
        found[name] = {"path": path, "methods": list(route.methods)}
    return found


async def call_api(auth: Auth[Any], name: str, body: JsonObject) -> JsonObject:
    """The answer to a server-side call.

    Raises:
        Unsupported: The instance has no such operation.
        ApiError: The operation failed, and the caller did not ask for a response.
    """
    program = auth.blueprint.by_name.get(name)
    if program is None:
        raise Unsupported(f"api.{name}")
    as_response = body.get("asResponse") is True
    try:
        reply = await auth.reply(_operation(program, body), _headers(body))
    except Instead as instead:
        if as_response:
            return encode_response(error_response(instead, fixed=auth.blueprint.fixed_headers))
        return _answer(body, encode(instead.value), instead.headers, instead.status)
    except ApiError as error:
        if as_response:
            return encode_response(error_response(error, fixed=auth.blueprint.fixed_headers))
        raise
    out = Outgoing()
    out.headers = list(reply.headers)
    out.status = None if reply.status == 200 else reply.status
    value: object = reply.value
    if as_response:
        return encode_response(program.respond(value, out))
    if isinstance(value, Redirect):
        # The contract's server call throws its redirects.
        raise ApiError(value.status, headers=(("location", value.location), *reply.headers))
    if isinstance(value, (Html, Raw, Empty)):
        return {"value": {"$response": encode_response(program.respond(value, out))}}
    return _answer(body, encode(value), reply.headers, reply.status)


def _answer(body: JsonObject, value: Any, headers: Pairs, status: int) -> JsonObject:
    found: JsonObject = {"value": value}
    if body.get("returnHeaders") is True:
        found["headers"] = [[name, each] for name, each in headers]
    if body.get("returnStatus") is True and status != 200:
        found["status"] = status
    return found


def _operation(program: Program, body: JsonObject) -> Operation[Any]:
    route = program.operation.route
    reads = route.methods[0] == "GET" and (route.methods == ("GET",) or "body" not in body)
    method = "GET" if reads else next((each for each in route.methods if each != "GET"), "POST")
    payload = to_bytes(plain(decode(body["body"]))) if "body" in body else b""
    path = {name: quote(str(value), safe="") for name, value in members(body.get("params")).items()}
    media = JSON if JSON in route.media or not route.media else route.media[0]
    return program.decoder.read(method, media, payload, _query(members(body.get("query"))), path, media)


def _query(given: JsonObject) -> str:
    # What is false in a server's own call is what a request leaves out.
    pairs = [
        (name, "true" if each is True else str(each))
        for name, value in given.items()
        for each in (value if isinstance(value, list) else [value])
        if each is not None and each is not False
    ]
    return urlencode(pairs)


def _headers(body: JsonObject) -> dict[str, str] | None:
    if "headers" in body:
        return joined(pairs_of(body["headers"]))
    request = members(members(body.get("request")).get("$request"))
    return joined(pairs_of(request.get("headers"))) if request else None
