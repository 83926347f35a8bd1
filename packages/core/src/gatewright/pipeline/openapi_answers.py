"""What an operation answers, for its OpenAPI description: the success, the documented faults, and what any may answer.

Source: OpenAPI 3.1.1, response objects.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from typing import Any, Union, get_args, get_origin

from gatewright.model.schema import Schema
from gatewright.pipeline.openapi_examples import example_of
from gatewright.pipeline.openapi_schemas import result_schema
from gatewright.wire.faults import ApiError, Fault, status_name
from gatewright.wire.kinds import Empty, Html, Raw, Redirect
from gatewright.wire.operation import Operation
from gatewright.wire.shapes import JsonSchema

__all__ = ("ERROR", "answers")

ERROR: JsonSchema = {
    "type": "object",
    "description": "Why it did not work. OAuth operations answer `error` and `error_description` (RFC 6749 §5.2) instead.",
    "properties": {
        "code": {"type": "string", "description": "For programs", "examples": ["INVALID_EMAIL_OR_PASSWORD"]},
        "message": {"type": "string", "description": "For people", "examples": ["Invalid email or password"]},
        "error": {"type": "string", "description": "RFC 6749 §5.2"},
        "error_description": {"type": "string", "description": "RFC 6749 §5.2"},
    },
}
_REFERENCE: JsonSchema = {"$ref": "#/components/schemas/Error"}
_ANY: Mapping[int, str] = {
    400: "The input has not the declared shape",
    401: "The caller is not signed in, or not as somebody who may",
    403: "The request comes from an origin that is not trusted, or asks to be sent to one; or the caller may not do this",
    404: "There is nothing of that kind, or the operation is switched off",
    413: "The body is too large",
    429: "Too many requests; `X-Retry-After` tells for how many seconds",
    500: "Something went wrong that is not the caller's fault",
    503: "A store cannot be reached now; try again",
}
_MEDIA: Mapping[int, str] = {415: "The body has a media type that is not read here"}


def answers(operation: type[Operation[Any]], schema: Schema, *, reads_body: bool) -> JsonSchema:
    """The responses object of an operation, by status."""
    by_status: dict[int, list[type[Fault]]] = {}
    for fault in operation.route.raises:
        if issubclass(fault, Fault):
            by_status.setdefault(fault.default_status, []).append(fault)
    found = _successes(operation, schema)
    for status, told in {**_ANY, **(_MEDIA if reads_body else {})}.items():
        found[str(status)] = _refusal(told, ())
    for status, faults in by_status.items():
        found[str(status)] = _refusal(_ANY.get(status) or status_name(status).replace("_", " ").capitalize(), faults)
    return dict(sorted(found.items()))


def _refusal(told: str, faults: Sequence[type[Fault]]) -> JsonSchema:
    codes = "".join(f"\n- `{fault.default_code}`: {_first_line(fault)}" for fault in faults)
    content: JsonSchema = {"schema": _REFERENCE}
    if faults:
        content["examples"] = {
            fault.default_code: {
                "summary": _first_line(fault),
                "value": {
                    **({} if fault.default_message is None else {"message": fault.default_message}),
                    "code": fault.default_code,
                },
            }
            for fault in faults
        }
    return {"description": f"{told}{codes}", "content": {"application/json": content}}


def _first_line(fault: type[ApiError]) -> str:
    return inspect.cleandoc(fault.__doc__ or "").splitlines()[0]


def _successes(operation: type[Operation[Any]], schema: Schema) -> JsonSchema:
    returned = operation.returns
    kinds = get_args(returned) if get_origin(returned) in (Union, types.UnionType) else (returned,)
    found: JsonSchema = {}
    if Redirect in kinds:
        found["302"] = {
            "description": "On to another place",
            "headers": {"location": {"schema": {"type": "string"}, "description": "Where to"}},
        }
    plain = tuple(kind for kind in kinds if kind is not Redirect)
    if plain:
        found["200"] = _success(plain, schema)
    return found


def _success(kinds: tuple[Any, ...], schema: Schema) -> JsonSchema:
    if kinds == (Html,):
        return {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}}
    if kinds == (Raw,):
        return {"description": "A document", "content": {"application/octet-stream": {"schema": {}}}}
    if kinds == (Empty,):
        return {"description": "Done"}
    schemas = [result_schema(kind) for kind in kinds if kind is not Empty]
    described = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    content = {"schema": described, "example": example_of(described, schema)}
    return {"description": "Success", "content": {"application/json": content}}
