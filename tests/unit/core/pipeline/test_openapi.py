"""The complete OpenAPI document: valid, complete, and true to what is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.everything import OPTIONS, every_plugin

from gatewright.endpoints import CORE
from gatewright.plugins.bearer.plugin import Bearer
from gatewright.plugins.open_api import OpenApi
from gatewright.plugins.open_api.contract import OpenAPIDocument
from gatewright.testing.app import make_app
from gatewright.wire.faults import Fault

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Once is enough: the document is the same, and large."""
    return "asyncio"


async def document(options: dict[str, Any] | None = None, *, everything: bool = False) -> dict[str, Any]:
    plugins = every_plugin() if everything else [OpenApi(), Bearer()]
    app = make_app({**(OPTIONS if everything else {}), **(options or {})}, plugins=plugins)
    made = (await app.browser().get("/openapi.json")).json
    assert made == await app.auth.execute(OpenAPIDocument())
    return made


FIELDS = {
    "user": {
        "additional_fields": {
            "age": {"type": "number"},
            "tags": {"type": "string[]", "required": False},
            "role": {"type": "string", "input": False},
            "note": {"type": "string", "required": False, "returned": False},
        }
    }
}


@pytest.mark.parametrize("options", [{}, FIELDS])
async def test_the_document_is_valid(options: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(await document(options)).validate()


async def test_the_document_with_every_plugin_is_valid() -> None:
    OpenAPIV31SpecValidator(await document(everything=True)).validate()


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
        ("GET", "/openapi.json"),
        ("GET", "/reference"),
    }
    names = [name for _, _, name in described]
    assert len(set(names)) == len(names)


async def test_operations_of_every_plugin_are_in_it() -> None:
    app = make_app(OPTIONS, plugins=every_plugin())
    made = (await app.browser().get("/openapi.json")).json
    served = {
        (method.lower(), operation.route.path)
        for operation in app.auth.blueprint.programs
        if operation.route.served
        for method in operation.route.methods
    }
    assert {(method, path) for path, methods in made["paths"].items() for method in methods} == served


async def test_inputs_answers_and_errors_are_said() -> None:
    described = (await document())["paths"]["/sign-in/email"]["post"]
    body = described["requestBody"]["content"]["application/json"]
    assert body["schema"]["required"] == ["email", "password"]
    assert set(body["schema"]["properties"]) == {"email", "password", "callbackURL", "rememberMe"}
    refusal = described["responses"]["401"]
    assert "`INVALID_EMAIL_OR_PASSWORD`" in refusal["description"]
    example = refusal["content"]["application/json"]["examples"]["INVALID_EMAIL_OR_PASSWORD"]
    assert example["value"] == {"message": "Invalid email or password", "code": "INVALID_EMAIL_OR_PASSWORD"}
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["properties"]["user"] == {"$ref": "#/components/schemas/User"}
    assert answer["required"] == ["redirect", "token", "user"]


async def test_every_declared_fault_is_an_example_of_its_status() -> None:
    app = make_app(OPTIONS, plugins=every_plugin())
    made = (await app.browser().get("/openapi.json")).json
    missing: list[str] = []
    for operation in app.auth.blueprint.programs:
        route = operation.route
        if not route.served:
            continue
        responses = made["paths"][route.path][route.methods[0].lower()]["responses"]
        for fault in route.raises:
            if issubclass(fault, Fault):
                examples = responses[str(fault.default_status)]["content"]["application/json"]["examples"]
                if fault.default_code not in examples:
                    missing.append(f"{route.path} {fault.default_code}")
    assert missing == []


def media(made: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body that goes in or comes out as JSON, by where it is."""
    for path, methods in made["paths"].items():
        for method, described in methods.items():
            bodies = {"request": described.get("requestBody", {}), **described["responses"]}
            for where, each in bodies.items():
                for kind, content in each.get("content", {}).items():
                    yield f"{method} {path} {where} {kind}", content


async def test_every_body_has_an_example_that_fits_it() -> None:
    made = await document(FIELDS, everything=True)
    without: list[str] = []
    for where, content in media(made):
        schema = {**content["schema"], "components": made["components"]}
        examples = [content["example"]] if "example" in content else []
        examples += [each["value"] for each in content.get("examples", {}).values()]
        for example in examples:
            jsonschema.validate(example, schema, cls=jsonschema.Draft202012Validator)
        if not examples and where.split(" ", 2)[2] in ("request application/json", "200 application/json"):
            without.append(where)
    assert without == []


async def test_rows_show_what_leaves_the_server_only() -> None:
    schemas = (await document(FIELDS))["components"]["schemas"]
    assert "note" not in schemas["User"]["properties"]
    assert schemas["User"]["properties"]["role"]["readOnly"] is True
    assert set(schemas) == {"Error", "Session", "User"}


async def test_additional_fields_are_members_of_the_bodies_that_take_them() -> None:
    paths = (await document(FIELDS))["paths"]
    signing_up, updating = (
        paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        for path in ("/sign-up/email", "/update-user")
    )
    assert signing_up["required"] == ["name", "email", "password", "age"]
    assert signing_up["properties"]["tags"] == {"type": ["array", "null"], "items": {"type": "string"}}
    assert "role" not in signing_up["properties"]
    assert "age" in updating["properties"]
    assert "required" not in updating


async def test_how_callers_prove_who_they_are_is_said() -> None:
    made = await document()
    assert set(made["components"]["securitySchemes"]) == {"sessionCookie", "bearerAuth"}
    assert made["paths"]["/list-sessions"]["get"]["security"] == [{"sessionCookie": []}, {"bearerAuth": []}]
    assert made["paths"]["/get-session"]["get"]["security"] == [{"sessionCookie": []}, {"bearerAuth": []}, {}]
    without = (await make_app(plugins=[OpenApi()]).browser().get("/openapi.json")).json
    assert set(without["components"]["securitySchemes"]) == {"sessionCookie"}


async def test_the_cookie_is_the_one_that_is_sent() -> None:
    made = await document({"advanced": {"cookie_prefix": "acme", "use_secure_cookies": True}})
    assert made["components"]["securitySchemes"]["sessionCookie"]["name"] == "__Secure-acme.session_token"


async def test_the_page_is_html_without_script() -> None:
    app = make_app(plugins=[OpenApi()])
    answer = await app.browser().get("/reference")
    page = answer.body.decode()
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert "<script" not in page
    assert "/sign-in/email" in page
    assert "default-src 'none'" in (answer.header("content-security-policy") or "")
