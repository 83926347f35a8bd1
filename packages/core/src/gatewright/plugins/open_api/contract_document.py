"""The document as the contract shapes it: fewer statuses and parameters than there are, and its own security schemes.

Tools that were made for a better-auth document read this one alike. What is complete is ``pipeline.openapi``, which this
is cut from. Rules come first; the tables below hold where the contract's document says something else of an operation
than its rule would, by path. Source: the contract's published document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gatewright.model.schema import Schema, Table
from gatewright.pipeline.handles import Endpoint
from gatewright.pipeline.openapi import describe_operation
from gatewright.pipeline.openapi_schemas import column_schema, title_of
from gatewright.wire.operation import Operation
from gatewright.wire.shapes import JsonSchema

__all__ = ("contract_document",)

_STATUSES: Mapping[str, str] = {
    "400": "The input is not what the operation takes",
    "401": "The caller is not signed in, or not well enough",
    "403": "The caller may not do this",
    "404": "There is nothing of that kind",
    "429": "Too many requests; try again later",
    "500": "Something went wrong that is not the caller's fault",
}
"""What every operation of the document lists, whether it answers it or not."""

_BEYOND = frozenset(
    {
        "/open-api/generate-schema",
        "/openapi.json",
        "/organization/page-invitations",
        "/organization/page-members",
        "/organization/page-organizations",
        "/organization/transfer-ownership",
        "/reference",
    }
)
"""Operations that the contract's document does not list."""

_BEYOND_GET = frozenset({"/two-factor/get-totp-uri", "/two-factor/view-backup-codes"})
"""Likewise, of those that are read."""

_WITHOUT_QUERY = frozenset(
    {
        "/account-info",
        "/api-key/list",
        "/callback/{id}",
        "/error",
        "/get-session",
        "/organization/get-active-member-role",
        "/organization/get-full-organization",
        "/organization/get-organization",
        "/organization/get-role",
        "/organization/list-invitations",
        "/organization/list-members",
        "/organization/list-roles",
        "/organization/list-team-members",
        "/organization/list-teams",
        "/organization/list-user-invitations",
        "/reset-password",
    }
)
"""Their queries are not described."""

_REQUIRED_QUERY = frozenset(
    {
        ("/oauth-proxy-callback", "callbackURL"),
        ("/reset-password/{token}", "callbackURL"),
        ("/verify-email", "token"),
    }
)
"""The only parameters of queries that are called required."""

_WITHOUT_SUCCESS = frozenset(
    {
        "/admin/stop-impersonating",
        "/is-username-available",
        "/multi-session/list-device-sessions",
        "/oauth-popup/start",
        "/one-time-token/generate",
        "/one-time-token/verify",
        "/organization/cancel-invitation",
        "/organization/check-slug",
        "/organization/create-role",
        "/organization/delete-role",
        "/organization/get-active-member-role",
        "/organization/get-role",
        "/organization/leave",
        "/organization/list-invitations",
        "/organization/list-members",
        "/organization/list-roles",
        "/organization/update-role",
        "/siwe/get-nonce",
        "/siwe/nonce",
        "/siwe/verify",
    }
)
"""What they answer is not described."""

_MORE_STATUSES: Mapping[str, Mapping[str, str]] = {
    "/oauth-proxy-callback": {"302": "On to another place"},
    "/reset-password/{token}": {"200": "Success"},
    "/sign-in/username": {"422": "The name is none"},
    "/sign-up/email": {"422": "The address is taken, or the user cannot be stored"},
}

_EMPTY_BODY = frozenset(
    {"/get-session", "/revoke-other-sessions", "/revoke-sessions", "/siwe/get-nonce", "/siwe/nonce"},
)
"""Their bodies are described as objects without members."""

_WHOLE_BODY = frozenset({"/organization/delete-role", "/organization/update-role"})
"""Their bodies are described as one of several objects, not member by member."""

_MEMBERS: Mapping[str, Mapping[str, JsonSchema | None]] = {
    "/admin/has-permission": {"userId": None, "role": None, "permission": None},
    "/api-key/delete": {"configId": None},
    "/device/token": {"grant_type": {"enum": ["urn:ietf:params:oauth:grant-type:device_code"]}},
    "/link-social": {"provider": {"anyOf": [{"type": "string"}]}},
    "/organization/create": {"logo": {"type": ["string", "null"]}},
    "/organization/has-permission": {"organizationId": None},
    "/sign-in/social": {"provider": {"anyOf": [{"type": "string"}]}},
    "/update-user": {"image": {"type": "string"}},
}
"""Members of bodies that are described otherwise, or not at all."""

_CLOSED = frozenset({"/phone-number/verify", "/sign-in/email-otp"})
"""Their bodies take additional fields that are not described."""

_REQUIRED: Mapping[str, Sequence[str]] = {
    "/admin/has-permission": ("permissions",),
    "/device/code": ("client_id",),
    "/organization/has-permission": ("permissions",),
    "/passkey/verify-registration": (),
    "/two-factor/disable": ("password",),
    "/two-factor/enable": ("password",),
    "/two-factor/generate-backup-codes": ("password",),
    "/two-factor/get-totp-uri": ("password",),
}
"""Members of bodies that are called required, where it is not those that are."""


_REQUIRED_COLUMNS: Mapping[str, frozenset[str]] = {
    "jwks": frozenset({"privateKey"}),
    "walletAddress": frozenset({"isPrimary"}),
}
"""Columns that are called required where their rule says that they are not, and the reverse, by table."""


def contract_document(
    endpoints: Sequence[Endpoint], schema: Schema, *, title: str, version: str, server: str
) -> JsonSchema:
    """The document of an instance, in the contract's shape."""
    paths: dict[str, JsonSchema] = {}
    for endpoint in endpoints:
        route = endpoint.operation.route
        path = route.path
        if not route.served or path is None or path in _BEYOND:
            continue
        for method in route.methods:
            if method == "GET" and path in _BEYOND_GET:
                continue
            described = describe_operation(endpoint.operation, method, schema)
            paths.setdefault(path, {})[method.lower()] = _cut(path, endpoint.operation, method, described)
    return {
        "openapi": "3.1.1",
        "info": {"title": title, "description": f"What {title} serves for signing up and in", "version": version},
        "components": {
            "schemas": {title_of(table.name): _row(table) for table in schema},
            "securitySchemes": {
                "apiKeyCookie": {"type": "apiKey", "in": "cookie", "name": "apiKeyCookie"},
                "bearerAuth": {"type": "http", "scheme": "bearer"},
            },
        },
        "security": [{"apiKeyCookie": [], "bearerAuth": []}],
        "servers": [{"url": server}],
        "tags": [{"name": "Default", "description": "What is there without a plugin"}],
        "paths": paths,
    }


def _cut(path: str, operation: type[Operation[Any]], method: str, described: JsonSchema) -> JsonSchema:
    found: JsonSchema = {
        "tags": ["Default"],
        "summary": described["summary"],
        "description": described["description"],
        "operationId": described["operationId"],
        "security": [{"bearerAuth": []}],
        "parameters": [
            each | {"required": each["in"] == "path" or (path, each["name"]) in _REQUIRED_QUERY}
            for each in described.get("parameters", ())
            if each["in"] == "path" or path not in _WITHOUT_QUERY
        ],
    }
    body = _body(path, operation, described, reads=method != "GET")
    if body is not None:
        found["requestBody"] = {
            "required": bool(body.get("required")),
            "content": {"application/json": {"schema": body}},
        }
    found["responses"] = _responses(path, described["responses"])
    return found


def _body(path: str, operation: type[Operation[Any]], described: JsonSchema, *, reads: bool) -> JsonSchema | None:
    route = operation.route
    if reads and path in _EMPTY_BODY:
        return {"type": "object", "properties": {}}
    if "requestBody" not in described:
        return None
    whole: JsonSchema = next(iter(described["requestBody"]["content"].values()))["schema"]
    members: dict[str, JsonSchema] = whole["properties"]
    if not members:
        return (
            {"type": "object", "propertyNames": {"type": "string"}, "additionalProperties": {}} if route.open else None
        )
    if route.one_of and path not in _REQUIRED:
        return {"anyOf": [{"type": "object", "properties": members, "required": [name]} for name in _one_of(whole)]}
    if path in _WHOLE_BODY:
        return {"allOf": [whole]}
    found: JsonSchema = {"type": "object"}
    if path in _CLOSED:
        members = {name: members[name] for name in operation.__struct_encode_fields__ if name in members}
    if route.open:
        # Among them the additional fields, which are described like the columns that they go to.
        members = {name: _without_null(each) for name, each in members.items()}
    own = _MEMBERS.get(path, {})
    found["properties"] = {
        name: _plain(each) for name, schema in members.items() if (each := own.get(name, schema)) is not None
    }
    required = _REQUIRED.get(path, whole.get("required", ()))
    if required:
        found["required"] = list(required)
    return found


def _one_of(whole: JsonSchema) -> list[str]:
    """The members of which exactly one is given."""
    return [each["required"][0] for each in whole["oneOf"]]


def _plain(schema: JsonSchema) -> JsonSchema:
    """A member without what the contract's document does not say of one: that a text is an address."""
    return {name: value for name, value in schema.items() if name not in ("format", "pattern")}


def _without_null(schema: JsonSchema) -> JsonSchema:
    kind: Any = schema.get("type")
    return schema | {"type": kind[0]} if isinstance(kind, list) else schema


def _responses(path: str, described: Mapping[str, Any]) -> JsonSchema:
    told = dict(_STATUSES) | dict(_MORE_STATUSES.get(path, {}))
    error: JsonSchema = {"type": "object", "properties": {"message": {"type": "string"}}}
    found: JsonSchema = {
        status: {"description": text, "content": {"application/json": {"schema": error}}}
        for status, text in told.items()
    }
    if "200" in described and path not in _WITHOUT_SUCCESS:
        found["200"] = described["200"]
    return dict(sorted(found.items()))


def _row(table: Table) -> JsonSchema:
    """Every column, as if none could be null; what does not leave the server is never required."""
    properties: JsonSchema = {}
    for name, spec in table.columns.items():
        described = _without_null(column_schema(spec))
        if not spec.input:
            described["readOnly"] = True
        properties[name] = described
    found: JsonSchema = {"type": "object", "properties": properties}
    other = _REQUIRED_COLUMNS.get(table.name, frozenset())
    required = [
        name for name, spec in table.columns.items() if (spec.required and spec.returned) is not (name in other)
    ]
    return found | ({"required": required} if required else {})
