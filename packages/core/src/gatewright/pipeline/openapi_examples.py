"""Examples for an OpenAPI description, made from schemas: what a person would write rather than ``"string"``.

An example always fits its schema; a test validates every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.model.schema import Schema
from gatewright.pipeline.openapi_schemas import row_schema, title_of
from gatewright.wire.shapes import JsonSchema

__all__ = ("example_of",)

_TEXTS: Mapping[str, str] = {
    "callbackURL": "/dashboard",
    "code": "123456",
    "createdAt": "2026-01-01T00:00:00.000Z",
    "currentPassword": "correct horse battery staple",
    "displayName": "Ada Lovelace",
    "email": "ada@example.com",
    "image": "https://example.com/ada.png",
    "name": "Ada Lovelace",
    "newEmail": "lovelace@example.com",
    "newPassword": "another horse battery staple",
    "otp": "123456",
    "password": "correct horse battery staple",
    "phoneNumber": "+441632960000",
    "provider": "github",
    "redirectTo": "/reset-password",
    "slug": "analytical-engines",
    "username": "ada",
}
_DEPTH = 6


def example_of(schema: JsonSchema, rows: Schema, name: str = "", depth: int = 0) -> Any:
    """A value that fits ``schema``.

    Args:
        schema: Any that this package writes: references to rows, unions, objects, lists, scalars.
        rows: Where references lead.
        name: The member that the value stands under.
        depth: How deep in the example it stands; what is deep is left out where that is allowed.
    """
    reference = schema.get("$ref")
    if reference is not None:
        table = next(each for each in rows if reference == f"#/components/schemas/{title_of(each.name)}")
        return example_of(row_schema(table.columns), rows, name, depth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], rows, name, depth)
    match _kind(schema):
        case "object":
            return _object(schema, rows, depth)
        case "array":
            return [] if depth > _DEPTH else [example_of(schema["items"], rows, name, depth + 1)]
        case "string":
            return _text(schema, name)
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "null":
            return None
        case _:
            return {}


def _kind(schema: JsonSchema) -> str:
    kind: str | list[str] = schema.get("type", "")
    return kind if isinstance(kind, str) else kind[0]


def _object(schema: JsonSchema, rows: Schema, depth: int) -> JsonSchema:
    members: Mapping[str, JsonSchema] = schema.get("properties", {})
    required: set[str] = set(schema.get("required", ()))
    choices: list[str] = [each["required"][0] for each in schema.get("oneOf", ())]
    wanted = [name for name in members if name not in choices[1:]]
    if depth > _DEPTH:
        wanted = [name for name in wanted if name in required]
    return {name: example_of(members[name], rows, name, depth + 1) for name in wanted}


def _text(schema: JsonSchema, name: str) -> str:
    match schema.get("format"):
        case "date-time":
            return "2026-01-01T00:00:00.000Z"
        case "email":
            return "ada@example.com"
        case _:
            text = _TEXTS.get(name, f"a-{name}" if name else "a-text")
    text = text.ljust(schema.get("minLength", 0), "x")
    return text[: schema.get("maxLength", len(text))]
