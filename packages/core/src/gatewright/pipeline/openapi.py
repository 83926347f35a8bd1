"""The OpenAPI 3.1 document, read off the operations. Nothing about an endpoint is written here by hand.

Source: OpenAPI 3.1.1; JSON Schema 2020-12; RFC 6265 and RFC 6750 for how callers prove who they are.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gatewright.contract.faults import Unauthorized
from gatewright.model.column import Missing
from gatewright.model.schema import Schema
from gatewright.pipeline.handles import Endpoint
from gatewright.pipeline.openapi_answers import ERROR, answers
from gatewright.pipeline.openapi_examples import example_of
from gatewright.pipeline.openapi_schemas import column_schema, row_schema, title_of
from gatewright.wire.operation import Operation
from gatewright.wire.shapes import JsonSchema, shape_of_operation

__all__ = ("describe_operation", "document", "inlined")

TAGS: Mapping[str, str] = {
    "account": "Accounts at providers that belong to the user",
    "password": "Passwords: changing them, and what to do without one",
    "session": "The caller's sessions",
    "sign-in": "Ways in",
    "sign-out": "The way out",
    "sign-up": "New users",
    "system": "The instance itself",
    "user": "The caller's own user",
    "verification": "Proving an address",
}
"""What the groups of the core are about, by tag; a plugin's group is named after the first part of its paths."""

_GROUPS: Mapping[str, str] = {
    "account-info": "account",
    "callback": "sign-in",
    "change-email": "user",
    "change-password": "password",
    "delete-anonymous-user": "user",
    "delete-user": "user",
    "error": "system",
    "forget-password": "password",
    "get-access-token": "account",
    "get-session": "session",
    "is-username-available": "user",
    "link-social": "account",
    "list-accounts": "account",
    "list-sessions": "session",
    "ok": "system",
    "open-api": "system",
    "openapi.json": "system",
    "reference": "system",
    "refresh-token": "account",
    "request-password-reset": "password",
    "reset-password": "password",
    "revoke-other-sessions": "session",
    "revoke-session": "session",
    "revoke-sessions": "session",
    "send-verification-email": "verification",
    "unlink-account": "account",
    "update-session": "session",
    "update-user": "user",
    "verify-email": "verification",
    "verify-password": "password",
}
_EXTENDED: Mapping[str, str] = {
    "/sign-up/email": "user",
    "/sign-in/email-otp": "user",
    "/phone-number/verify": "user",
    "/update-user": "user",
    "/update-session": "session",
    "/organization/create": "organization",
    "/organization/add-member": "member",
    "/organization/invite-member": "invitation",
    "/organization/create-team": "team",
}
"""The table whose additional fields an operation takes, by path."""

_CORE_COLUMNS: Mapping[str, frozenset[str]] = {
    "user": frozenset({"id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt"}),
    "session": frozenset(
        {"id", "expiresAt", "token", "createdAt", "updatedAt", "ipAddress", "userAgent", "userId"},
    ),
}


def document(
    endpoints: Iterable[Endpoint],
    schema: Schema,
    *,
    title: str,
    version: str,
    server: str,
    cookie: str = "better-auth.session_token",
    plugins: Sequence[str] = (),
) -> JsonSchema:
    """The document of an instance.

    Args:
        endpoints: Those that are served.
        schema: Their rows.
        title: The application's name.
        version: Of the product.
        server: Where the instance is reached.
        cookie: The name of the session's cookie.
        plugins: Identifiers of those that are installed, for the ways in which callers prove who they are.
    """
    paths: dict[str, JsonSchema] = {}
    tags: dict[str, str] = {}
    schemes = _schemes(cookie, plugins)
    for endpoint in endpoints:
        route = endpoint.operation.route
        if not route.served or route.path is None:
            continue
        for method in route.methods:
            described = describe_operation(endpoint.operation, method, schema)
            described["security"] = [] if not schemes else _security(endpoint, schemes)
            tag = described["tags"][0]
            tags.setdefault(tag, TAGS.get(tag) or f"Operations below /{tag}")
            paths.setdefault(route.path, {})[method.lower()] = described
    return {
        "openapi": "3.1.1",
        "info": {
            "title": title,
            "version": version,
            "description": "Sign-up, sign-in, sessions and what the installed plugins add. Errors are JSON: a `code` for "
            "programs and a `message` for people.",
        },
        "servers": [{"url": server, "description": "This instance"}],
        "tags": [{"name": name, "description": told} for name, told in sorted(tags.items())],
        "paths": paths,
        "components": {
            "schemas": {"Error": ERROR}
            | _used({title_of(table.name): row_schema(table.columns) for table in schema}, paths),
            "securitySchemes": schemes,
        },
    }


def describe_operation(operation: type[Operation[Any]], method: str, schema: Schema) -> JsonSchema:
    """One operation as an OpenAPI operation object; rows and errors are references into ``components``."""
    route = operation.route
    path = route.path or ""
    template = {part[1:-1] for part in path.split("/") if part.startswith("{")}
    shape = shape_of_operation(operation)
    names = dict(zip(operation.__struct_fields__, operation.__struct_encode_fields__, strict=True))
    in_path = {names[name] for name in template}
    from_query = {names[name] for name in route.query}
    in_body = method != "GET" and bool(route.media)
    parameters: list[JsonSchema] = []
    body: dict[str, JsonSchema] = {}
    required: list[str] = []
    for name, (member, needed) in shape.members.items():
        described = member.schema()
        if name in in_path:
            parameters.append({"name": name, "in": "path", "required": True, "schema": described | {"minLength": 1}})
        elif not in_body:
            parameters.append({"name": name, "in": "query", "required": needed, "schema": described})
        else:
            body[name] = described
            if needed:
                required.append(name)
            if name in from_query:
                parameters.append({"name": name, "in": "query", "required": False, "schema": described})
    if route.open:
        more, needs = _additional_fields(path, schema)
        body |= more
        required += needs
    summary, _, rest = inspect.cleandoc(operation.__doc__ or route.name).partition("\n")
    found: JsonSchema = {
        "operationId": route.name if method == route.methods[0] else f"{route.name}{method.capitalize()}",
        "summary": summary.rstrip("."),
        "description": f"{summary}\n{rest}".strip(),
        "tags": [_tag(path)],
    }
    if parameters:
        found["parameters"] = parameters
    if in_body:
        content = _body(body, required, shape.one_of, strict=route.strict)
        needed = bool(required or shape.one_of)
        sample = example_of(content, schema)
        media = {each: {"schema": content, "example": sample} for each in sorted(route.media)}
        found["requestBody"] = {"required": needed, "content": media}
    found["responses"] = answers(operation, schema, reads_body=in_body)
    return found


def inlined(described: JsonSchema, schema: Schema) -> JsonSchema:
    """A description whose rows and errors stand in it themselves, for a document without components of ours."""
    known = {f"#/components/schemas/{title_of(table.name)}": row_schema(table.columns) for table in schema}
    known["#/components/schemas/Error"] = ERROR

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            members: JsonSchema = value  # pyright: ignore[reportUnknownVariableType]
            row = known.get(str(members.get("$ref")))
            return row if row is not None else {name: walk(each) for name, each in members.items()}
        if isinstance(value, list):
            items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
            return [walk(each) for each in items]
        return value

    return walk(described)


def _body(members: JsonSchema, required: Sequence[str], one_of: Sequence[str], *, strict: bool) -> JsonSchema:
    found: JsonSchema = {"type": "object", "properties": members}
    if required:
        found["required"] = list(required)
    if strict:
        found["additionalProperties"] = False
    if one_of:
        found["oneOf"] = [{"required": [name]} for name in one_of]
    return found


def _additional_fields(path: str, schema: Schema) -> tuple[dict[str, JsonSchema], list[str]]:
    """What the application and plugins have added to the table that an operation writes, and what of it is needed."""
    model = _EXTENDED.get(path)
    table = next((each for each in schema if each.name == model), None)
    if table is None or model not in _CORE_COLUMNS:
        return {}, []
    columns = {
        name: spec for name, spec in table.columns.items() if spec.input and name not in _CORE_COLUMNS[table.name]
    }
    needs = [name for name, spec in columns.items() if spec.required and spec.default is Missing.NONE]
    return {name: column_schema(spec) for name, spec in columns.items()}, needs if path.startswith("/sign-up") else []


def _schemes(cookie: str, plugins: Sequence[str]) -> dict[str, JsonSchema]:
    found: dict[str, JsonSchema] = {
        "sessionCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "The session's cookie, as sign-in sets it",
        }
    }
    if "bearer" in plugins:
        found["bearerAuth"] = {
            "type": "http",
            "scheme": "bearer",
            "description": "The session's token, as sign-in answers it in the header set-auth-token",
        }
    return found


def _security(endpoint: Endpoint, schemes: Mapping[str, JsonSchema]) -> list[JsonSchema]:
    """Any one of the ways will do; an empty one where nothing has to be proven."""
    ways: list[JsonSchema] = [{name: []} for name in schemes]
    evidence = getattr(endpoint.guard, "__annotations__", {}).get("return")
    if evidence == "Signed" or any(issubclass(fault, Unauthorized) for fault in endpoint.operation.route.raises):
        return ways
    return [*ways, {}]


def _tag(path: str) -> str:
    first = path.split("/")[1]
    return _GROUPS.get(first, first)


def _used(schemas: Mapping[str, JsonSchema], paths: Mapping[str, JsonSchema]) -> dict[str, JsonSchema]:
    """Only what something refers to: rows that never leave the server are nobody's business."""
    text = repr(paths)
    return {name: each for name, each in schemas.items() if f"'#/components/schemas/{name}'" in text}
