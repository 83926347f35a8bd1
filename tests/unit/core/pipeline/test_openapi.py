"""The OpenAPI document: valid, complete, and true to what is served."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gatewright.endpoints import CORE
from gatewright.plugins.bearer.plugin import Bearer
from gatewright.plugins.open_api import OpenApi
from gatewright.plugins.open_api.contract import GenerateOpenAPISchema
from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio


async def document(options: dict[str, Any] | None = None) -> dict[str, Any]:
    app = make_app(options, plugins=[OpenApi(), Bearer()])
    made = (await app.browser().get("/open-api/generate-schema")).json
    assert made == await app.auth.execute(GenerateOpenAPISchema())
    return made


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"user": {"additional_fields": {"age": {"type": "number"}, "tags": {"type": "string[]", "required": False}}}},
    ],
)
async def test_the_document_is_valid(options: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(await document(options)).validate()


async def test_every_served_operation_is_in_it_once() -> None:
    made = await document()
    described = [
        (method.upper(), path, each["operationId"]) for path, methods in made["paths"].items() for method, each in methods.items()
    ]  # fmt: skip
    served = {
        (method, endpoint.operation.route.path)
        for endpoint in CORE
        if endpoint.operation.route.served
        for method in endpoint.operation.route.methods
    }
    assert {(method, path) for method, path, _ in described} == served | {
        ("GET", "/open-api/generate-schema"),
        ("GET", "/reference"),
    }
    names = [name for _, _, name in described]
    assert len(set(names)) == len(names)


async def test_inputs_answers_and_errors_are_said() -> None:
    made = await document()
    described = made["paths"]["/sign-in/email"]["post"]
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    assert schema["required"] == ["email", "password"]
    assert set(schema["properties"]) == {"email", "password", "callbackURL", "rememberMe"}
    assert "INVALID_EMAIL_OR_PASSWORD" in described["responses"]["401"]["description"]
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["properties"]["user"] == {"$ref": "#/components/schemas/User"}
    assert answer["required"] == ["redirect", "token", "user"]


async def test_rows_show_what_leaves_the_server_only() -> None:
    hidden = {"type": "string", "required": False, "returned": False}
    made = await document({"user": {"additional_fields": {"note": hidden, "role": {"type": "string", "input": False}}}})
    properties = made["components"]["schemas"]["User"]["properties"]
    assert "note" not in properties
    assert properties["role"]["readOnly"] is True
    assert "password" not in made["components"]["schemas"]["Account"]["properties"]


async def test_the_page_is_html_without_script() -> None:
    app = make_app(plugins=[OpenApi()])
    answer = await app.browser().get("/reference")
    page = answer.body.decode()
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert "<script" not in page
    assert "/sign-in/email" in page
    assert "default-src 'none'" in (answer.header("content-security-policy") or "")
