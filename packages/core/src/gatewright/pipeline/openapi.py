"""The OpenAPI 3.1 document, read off the operations. Nothing about an endpoint is written here by hand.

Source: OpenAPI 3.1.1; JSON Schema 2020-12.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import UnsetType

from gatewright.model.column import ColumnSpec
from gatewright.model.row import Row
from gatewright.model.schema import Schema
from gatewright.wire.faults import ApiError, Fault, status_name
from gatewright.wire.kinds import Empty, Html, Raw, Redirect
from gatewright.wire.operation import Operation
from gatewright.wire.shapes import JsonSchema, shape_of_operation

__all__ = ("describe_operation", "document", "inlined")

_ERROR: JsonSchema = {
    "type": "object",
    "properties": {"message": {"type": "string"}, "code": {"type": "string"}},
}
_ALWAYS = {
    429: "Too many requests",
    500: "Something went wrong that is not the caller's fault",
    503: "A store cannot be reached now; try again",
}


def document(
    operations: Iterable[type[Operation[Any]]],
    schema: Schema,
    *,
    title: str,
    version: str,
    server: str,
) -> dict[str, Any]:
    """The document of an instance.

    Args:
        operations: Those that are served.
        schema: Their rows.
        title: The application's name.
        version: Of the product.
        server: Where the instance is reached.
    """
    paths: dict[str, dict[str, Any]] = {}
    tags: dict[str, None] = {}
    for operation in operations:
        route = operation.route
        if not route.served or route.path is None:
            continue
        for method in route.methods:
            described = describe_operation(operation, method)
            tags.update(dict.fromkeys(described["tags"]))
            paths.setdefault(route.path, {})[method.lower()] = described
    return {
        "openapi": "3.1.1",
        "info": {"title": title, "version": version},
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in tags],
        "security": [{"sessionCookie": []}, {"bearerAuth": []}, {}],
        "paths": paths,
        "components": {
            "schemas": {_title(table.name): _row_schema(table.columns) for table in schema},
            "securitySchemes": {
                "sessionCookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "better-auth.session_token",
                    "description": "The session's cookie, as sign-in sets it",
                },
                "bearerAuth": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The session's token, where the bearer plugin is installed",
                },
            },
        },
    }


def describe_operation(operation: type[Operation[Any]], method: str) -> dict[str, Any]:
    """One operation as an OpenAPI operation object; rows are references into ``components``."""
    route = operation.route
    path = route.path or ""
    template = {part[1:-1] for part in path.split("/") if part.startswith("{")}
    shape = shape_of_operation(operation)
    names = dict(zip(operation.__struct_fields__, operation.__struct_encode_fields__, strict=True))
    in_path = {names[name] for name in template}
    parameters: list[dict[str, Any]] = []
    body: dict[str, Any] = {}
    required: list[str] = []
    from_query = {names[name] for name in route.query}
    for name, (member, needed) in shape.members.items():
        if name in in_path:
            parameters.append({"name": name, "in": "path", "required": True, "schema": member.schema()})
        elif method == "GET" or not route.media:
            parameters.append({"name": name, "in": "query", "required": needed, "schema": member.schema()})
        else:
            body[name] = member.schema()
            if needed:
                required.append(name)
            if name in from_query:
                parameters.append({"name": name, "in": "query", "required": False, "schema": member.schema()})
    summary, _, rest = inspect.cleandoc(operation.__doc__ or route.name).partition("\n")
    described: dict[str, Any] = {
        "operationId": route.name if method == route.methods[0] else f"{route.name}{method.capitalize()}",
        "summary": summary.rstrip("."),
        "tags": [_tag(path)],
        "responses": _responses(operation),
    }
    if rest.strip():
        described["description"] = f"{summary}\n{rest}"
    if parameters:
        described["parameters"] = parameters
    if method != "GET" and route.media and (body or route.open):
        content: JsonSchema = {"type": "object", "properties": body}
        if required:
            content["required"] = required
        if route.strict:
            content["additionalProperties"] = False
        described["requestBody"] = {
            "required": bool(required),
            "content": {media: {"schema": content} for media in sorted(route.media)},
        }
    return described


def inlined(described: JsonSchema, schema: Schema) -> JsonSchema:
    """A description whose rows stand in it themselves, for a document that has no components of ours."""
    rows = {f"#/components/schemas/{_title(table.name)}": _row_schema(table.columns) for table in schema}

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            members: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
            row = rows.get(str(members.get("$ref")))
            return row if row is not None else {name: walk(each) for name, each in members.items()}
        if isinstance(value, list):
            items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            return [walk(each) for each in items]
        return value

    return walk(described)


def _tag(path: str) -> str:
    return path.split("/")[1] or "system"


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _responses(operation: type[Operation[Any]]) -> dict[str, Any]:
    returned = operation.returns
    kinds = get_args(returned) if get_origin(returned) in (Union, types.UnionType) else (returned,)
    responses: dict[str, Any] = {}
    if Redirect in kinds:
        responses["302"] = {
            "description": "On to another place",
            "headers": {"location": {"schema": {"type": "string"}, "description": "Where to"}},
        }
    plain = tuple(kind for kind in kinds if kind is not Redirect)
    if plain:
        responses["200"] = _success(plain)
    by_status: dict[int, list[type[ApiError]]] = {400: []}
    for fault in operation.route.raises:
        by_status.setdefault(fault.default_status if issubclass(fault, Fault) else 400, []).append(fault)
    for status, faults in sorted(by_status.items()):
        told = "; ".join(
            f"{fault.default_code}: {inspect.cleandoc(fault.__doc__ or '').splitlines()[0]}"
            for fault in faults
            if issubclass(fault, Fault)
        )
        responses[str(status)] = {
            "description": told or "The input has not the declared shape",
            "content": {"application/json": {"schema": _ERROR}},
        }
    for status in (401, 403, 404, 413, 415):
        responses.setdefault(
            str(status),
            {
                "description": status_name(status).replace("_", " ").capitalize(),
                "content": {"application/json": {"schema": _ERROR}},
            },
        )
    for status, told in _ALWAYS.items():
        responses.setdefault(str(status), {"description": told, "content": {"application/json": {"schema": _ERROR}}})
    return dict(sorted(responses.items()))


def _success(kinds: tuple[Any, ...]) -> dict[str, Any]:
    if kinds == (Html,):
        return {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}}
    if kinds == (Raw,):
        return {"description": "A document", "content": {"application/octet-stream": {"schema": {}}}}
    if kinds == (Empty,):
        return {"description": "Done"}
    schemas = [_schema(kind) for kind in kinds]
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    return {"description": "Success", "content": {"application/json": {"schema": schema}}}


def _schema(annotation: Any) -> JsonSchema:
    """The JSON Schema of a result type."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _schema(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        members = [each for each in get_args(annotation) if each is not UnsetType]
        schemas = [_schema(each) for each in members]
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    if origin is Literal:
        return {"enum": list(get_args(annotation))}
    if origin in (list, tuple):
        return {"type": "array", "items": _schema(get_args(annotation)[0])}
    if annotation is type(None):
        return {"type": "null"}
    if isinstance(annotation, type):
        if issubclass(annotation, Row):
            return {"$ref": f"#/components/schemas/{_title(annotation.table)}"}
        if issubclass(annotation, msgspec.Struct):
            return _struct_schema(annotation)
    simple: Mapping[Any, JsonSchema] = {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        float: {"type": "number"},
        datetime: {"type": "string", "format": "date-time"},
    }
    try:
        return dict(simple[annotation])
    except (KeyError, TypeError):
        return {}


def _struct_schema(struct: type[msgspec.Struct]) -> JsonSchema:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in msgspec.structs.fields(struct):
        properties[field.encode_name] = _schema(field.type)
        if field.default is not msgspec.UNSET:
            required.append(field.encode_name)
    found: JsonSchema = {"type": "object", "properties": properties}
    if required:
        found["required"] = required
    return found


def _row_schema(columns: Mapping[str, ColumnSpec]) -> JsonSchema:
    types_of: Mapping[str, JsonSchema] = {
        "string": {"type": "string"},
        "number": {"type": "number"},
        "boolean": {"type": "boolean"},
        "date": {"type": "string", "format": "date-time"},
        "json": {},
        "string[]": {"type": "array", "items": {"type": "string"}},
        "number[]": {"type": "array", "items": {"type": "number"}},
    }
    properties: dict[str, Any] = {}
    for name, spec in columns.items():
        if not spec.returned:
            continue
        described = dict(types_of[spec.type])
        if spec.choices:
            described["enum"] = list(spec.choices)
        if not spec.required and "type" in described:
            described["type"] = [described["type"], "null"]
        if not spec.input:
            described["readOnly"] = True
        properties[name] = described
    required = [name for name, spec in columns.items() if spec.returned and spec.required]
    return {"type": "object", "properties": properties, "required": required}
