"""Results, rows and columns as JSON Schema. Not inputs: their shapes describe themselves (``wire.shapes``).

Source: JSON Schema 2020-12.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec import UnsetType

from gatewright.model.column import ColumnSpec
from gatewright.model.row import Row
from gatewright.wire.shapes import JsonSchema

__all__ = ("column_schema", "result_schema", "row_schema", "title_of")

_COLUMNS: Mapping[str, JsonSchema] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date-time"},
    "json": {},
    "string[]": {"type": "array", "items": {"type": "string"}},
    "number[]": {"type": "array", "items": {"type": "number"}},
}
_SIMPLE: Mapping[Any, JsonSchema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
}


def title_of(table: str) -> str:
    """The name of a table's schema: ``twoFactor`` is ``TwoFactor``."""
    return table[:1].upper() + table[1:]


def result_schema(annotation: Any) -> JsonSchema:
    """The schema of a result's type; a row is a reference into ``components``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return result_schema(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        members = [each for each in get_args(annotation) if each is not UnsetType]
        schemas = [result_schema(each) for each in members]
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    if origin is Literal:
        return {"enum": list(get_args(annotation))}
    if origin in (list, tuple):
        return {"type": "array", "items": result_schema(get_args(annotation)[0])}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": result_schema(get_args(annotation)[1]) or True}
    if annotation is type(None):
        return {"type": "null"}
    if isinstance(annotation, type):
        if issubclass(annotation, Row) and annotation.beside:
            found = row_schema(annotation.columns)
            further = {name: result_schema(kind) for name, kind in annotation.beside.items()}
            return {**found, "properties": {**found["properties"], **further}}
        if issubclass(annotation, Row):
            return {"$ref": f"#/components/schemas/{title_of(annotation.table)}"}
        if issubclass(annotation, msgspec.Struct):
            return _struct_schema(annotation)
    try:
        return dict(_SIMPLE[annotation])
    except (KeyError, TypeError):
        return {}


def row_schema(columns: Mapping[str, ColumnSpec]) -> JsonSchema:
    """What of a row leaves the server."""
    properties: dict[str, JsonSchema] = {}
    for name, spec in columns.items():
        if spec.returned:
            properties[name] = column_schema(spec) | ({} if spec.input else {"readOnly": True})
    required = [name for name, spec in columns.items() if spec.returned and spec.required]
    return {"type": "object", "properties": properties, "required": required}


def column_schema(spec: ColumnSpec) -> JsonSchema:
    """A column's value."""
    described = dict(_COLUMNS[spec.type])
    if spec.choices:
        described["enum"] = [*spec.choices, *(() if spec.required else (None,))]
    if not spec.required and "type" in described:
        described["type"] = [described["type"], "null"]
    return described


def _struct_schema(struct: type[msgspec.Struct]) -> JsonSchema:
    properties: dict[str, JsonSchema] = {}
    required: list[str] = []
    for field in msgspec.structs.fields(struct):
        properties[field.encode_name] = result_schema(field.type)
        if field.default is not msgspec.UNSET:
            required.append(field.encode_name)
    found: JsonSchema = {"type": "object", "properties": properties}
    if required:
        found["required"] = required
    return found
