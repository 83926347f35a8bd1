"""Values of the control protocol as JSON and back; not the contract's own JSON, which knows dates only as texts.

Source: the protocol's table of encodings (``$date``, ``$bytes``, ``$fn``, ``$request``, ``$error`` …).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeAlias, cast

import msgspec
from tests.conformance.contexts import context_of, hook_context
from tests.conformance.messages import Pairs, headers_of, pairs_of, request_of, response_of

from gatewright.access.statements import AccessControl, Role
from gatewright.contract.faults import ValidationError
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.model.row import Row
from gatewright.pipeline.call import Call
from gatewright.settings.base import Options
from gatewright.settings.hooks import HookContext
from gatewright.wire.dates import from_wire, to_wire
from gatewright.wire.faults import ApiError, status_name
from gatewright.wire.json import Json
from gatewright.wire.names import camel

__all__ = (
    "FunctionMaker",
    "JsonObject",
    "Unsupported",
    "api_error",
    "decode",
    "encode",
    "encode_error",
    "encode_response",
    "members",
)

JsonObject: TypeAlias = "dict[str, Json]"
FunctionMaker: TypeAlias = Callable[[str, str], Callable[..., object]]
"""Makes the function for ``{"$fn": name}``, given the name and the path of the option that holds it."""

_STATUS_BY_NAME = {
    "I'M_A_TEAPOT": 418,
    "PAYLOAD_TOO_LARGE": 413,
    "URI_TOO_LONG": 414,
    "RANGE_NOT_SATISFIABLE": 416,
    "UNPROCESSABLE_ENTITY": 422,
    **{status.name: status.value for status in HTTPStatus},
}


class Unsupported(Exception):
    """The instance cannot be had: an option, plugin, operation or storage that is not there; its text is the path."""


def decode(value: Json, make: FunctionMaker | None = None, path: str = "") -> Any:
    """The value that a JSON value stands for.

    Args:
        value: As received.
        make: Makes functions; without it a function is unsupported.
        path: Where the value is, for messages and for what kind of function is made.

    Raises:
        Unsupported: A function where none can be made, or an encoding that this implementation does not have.
    """
    if isinstance(value, list):
        return [decode(item, make, f"{path}.{index}") for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    for mark, read in _READERS.items():
        if mark in value:
            return read(value, make, path)
    return {name: decode(item, make, f"{path}.{name}" if path else name) for name, item in value.items()}


def _read_function(value: JsonObject, make: FunctionMaker | None, path: str) -> object:
    if make is None:
        raise Unsupported(f"a function at {path}")
    return make(str(value["$fn"]), path)


def _read_set(value: JsonObject, make: FunctionMaker | None, path: str) -> frozenset[object]:
    items: list[object] = decode(value["$set"], make, path)
    return frozenset(items)


def _read_regexp(value: JsonObject, make: FunctionMaker | None, path: str) -> re.Pattern[str]:
    flags = re.IGNORECASE if "i" in str(value.get("flags") or "") else re.NOFLAG
    return re.compile(str(value["$regexp"]), flags)


def _read_unsupported(value: JsonObject, make: FunctionMaker | None, path: str) -> object:
    raise Unsupported(path)


def _read_schema(value: JsonObject, make: FunctionMaker | None, path: str) -> Callable[[object], object]:
    """A standard-schema validator as a function that gives the accepted value or raises."""
    validate: Callable[[object], JsonObject] = decode(
        members(value["~standard"])["validate"], make, f"{path}.~standard.validate"
    )

    def check(given: object) -> object:
        answer = validate(given)
        issues = answer.get("issues")
        if isinstance(issues, list) and issues:
            raise ValueError(str(members(issues[0]).get("message") or "invalid"))
        return answer.get("value")

    return check


_READERS: Mapping[str, Callable[[JsonObject, FunctionMaker | None, str], object]] = {
    "$date": lambda value, _make, _path: from_wire(str(value["$date"])),
    "$bytes": lambda value, _make, _path: base64.b64decode(str(value["$bytes"])),
    "$regexp": _read_regexp,
    "$set": _read_set,
    "$headers": lambda value, _make, _path: headers_of(pairs_of(value["$headers"])),
    "$request": lambda value, _make, _path: request_of(members(value["$request"])),
    "$response": lambda value, _make, _path: response_of(members(value["$response"])),
    "$fn": _read_function,
    "~standard": _read_schema,
    "$ac": lambda value, _make, _path: AccessControl(members(members(value["$ac"]).get("statements"))),
    "$role": lambda value, _make, _path: Role(members(value["$role"])),
    "$provider": _read_unsupported,
}


def members(value: Json) -> JsonObject:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def encode(value: object, *, whole: bool = False) -> Json:
    """A value as the protocol writes it; what is not data becomes null.

    Args:
        value: Data: scalars, dates, mappings, sequences, structs, rows, requests, errors.
        whole: Rows keep the columns that do not leave the server, as callbacks see them.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, datetime):
        return {"$date": to_wire(value)}
    if isinstance(value, Row):
        return _row(value, whole=whole)
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, re.Pattern):
        pattern = cast("re.Pattern[str]", value)
        return {"$regexp": pattern.pattern, "flags": "i" if pattern.flags & re.IGNORECASE else ""}
    if isinstance(value, BaseException):
        return {"$error": encode_error(value)}
    if isinstance(value, Request):
        return {"$request": _request(value)}
    if isinstance(value, Response):
        return {"$response": encode_response(value)}
    if isinstance(value, Call):
        return {"$ctx": encode(context_of(cast("Call[Any]", value)), whole=whole)}
    if isinstance(value, HookContext):
        return {"$ctx": encode(hook_context(value), whole=whole)}
    if isinstance(value, Headers):
        return {"$headers": _pairs(value.items())}
    return _composed(value, whole=whole)


def _composed(value: object, *, whole: bool) -> Json:
    if isinstance(value, Options):
        value = value.model_dump(by_alias=True)
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        return {str(name): encode(item, whole=whole) for name, item in mapping.items()}
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return [encode(item, whole=whole) for item in items]
    if isinstance(value, (set, frozenset)):
        members_of_set = cast("frozenset[object]", value)
        return {"$set": [encode(item, whole=whole) for item in members_of_set]}
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
        given = ((wire, getattr(value, name)) for name, wire in names)
        absent = (msgspec.UNSET, None) if value.__struct_config__.omit_defaults else (msgspec.UNSET,)
        return {wire: encode(item, whole=whole) for wire, item in given if not any(item is each for each in absent)}
    if is_dataclass(value) and not isinstance(value, type):
        return {camel(field.name): encode(getattr(value, field.name), whole=whole) for field in fields(value)}
    if _is_adapter(value):
        return {"$db": True}
    return None


def _is_adapter(value: object) -> bool:
    return all(hasattr(value, name) for name in ("select_pair", "update_one", "create_tables"))


def _row(row: Row, *, whole: bool) -> Json:
    raw = row.raw
    shown = raw if whole else row.wire()
    found: JsonObject = {}
    for name, item in shown.items():
        value = raw[name] if isinstance(raw.get(name), datetime) else item
        found[name] = encode(value, whole=whole)
    return found


def _request(request: Request) -> JsonObject:
    return {"method": request.method, "url": request.url, "headers": _pairs(request.headers.items())}


def _pairs(pairs: Pairs) -> Json:
    return [[name, value] for name, value in pairs]


def encode_response(response: Response) -> JsonObject:
    """An HTTP answer: status, headers in order, body in base64."""
    return {
        "status": response.status,
        "headers": _pairs(response.headers),
        "body": base64.b64encode(response.body).decode(),
    }


def encode_error(error: BaseException) -> JsonObject:
    """What an operation threw: with a status where it is the contract's error, else name and message."""
    if isinstance(error, Unsupported):
        return {"status": 501, "message": f"unsupported: {error}"}
    if not isinstance(error, ApiError):
        return {"name": type(error).__name__, "message": str(error)}
    found: JsonObject = {
        "status": error.status,
        "message": error.message or "",
        "headers": _pairs(error.headers),
    }
    if not isinstance(error, ValidationError):
        # The contract raises what its validation finds with a number, and everything else with a name.
        found["statusText"] = status_name(error.status)
    if error.body is not None:
        found["body"] = encode(error.body)
    return found


def api_error(given: JsonObject, *, plain: bool = False) -> ApiError:
    """The error that a callback asks for: ``{"status", "body", "headers"}``; ``plain`` takes the body as it is."""
    status = given.get("status", 500)
    number = status if isinstance(status, int) else _STATUS_BY_NAME.get(str(status), 500)
    body = dict(members(given.get("body")))
    message = body.pop("message", None)
    code = body.pop("code", None)
    if code is None and isinstance(message, str) and not plain:
        # The contract's error derives the code from its message where none is given.
        code = re.sub(r"[^A-Z0-9_]", "", message.upper().replace(" ", "_"))
    return ApiError(
        number,
        code=None if code is None else str(code),
        message=None if message is None else str(message),
        extra=body,
        headers=tuple(pairs_of(given.get("headers"))),
    )
