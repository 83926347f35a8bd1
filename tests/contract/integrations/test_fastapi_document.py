"""FastAPI's own document: models, security schemes, and what a router brings alone."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from openapi_spec_validator import validate
from pydantic import BaseModel

from gatewright.plugins import (
    Admin,
    ApiKey,
    Bearer,
    DeviceAuthorization,
    Jwt,
    Organization,
    TwoFactor,
    Username,
)
from gatewright.testing.app import TestApp, make_app
from gatewright.verify import Verifier
from gatewright.wire.json import encode
from gatewright_integrations.fastapi import CurrentSession, GatewrightFastAPI, verified


class _Application:
    """One application with a route that wants a user and one that does not."""

    def __init__(self) -> None:
        self.tests: TestApp = make_app()
        self.gatewright = GatewrightFastAPI(self.tests.auth)
        self.app = FastAPI()
        self.gatewright.init_app(self.app)

        async def me(user: Any = Depends(self.gatewright.user)) -> str:
            return str(user.name)

        async def passes() -> None:
            """Anybody."""

        self.app.get("/me")(me)
        self.app.get("/passes")(passes)


@pytest.fixture
def made() -> _Application:
    """An application."""
    return _Application()


def _parts(document: dict[str, Any], path: str, method: str = "post") -> tuple[Any, Any, Any, Any]:
    """What one operation takes, gives and refuses with, and what it wants."""
    operation = document["paths"][path][method]
    content = operation["responses"]
    return (
        operation["requestBody"]["content"]["application/json"]["schema"] if "requestBody" in operation else None,
        content["200"]["content"]["application/json"]["schema"],
        content["401"]["content"]["application/json"]["schema"],
        operation.get("security"),
    )


def test_what_the_endpoints_take_and_give_are_models_of_the_document() -> None:
    made = _Application()
    document = made.app.openapi()
    validate(document)
    assert _parts(document, "/api/auth/sign-in/email") == (
        {"$ref": "#/components/schemas/SignInEmailBody"},
        {"$ref": "#/components/schemas/SignInEmailResult"},
        {"$ref": "#/components/schemas/AuthError"},
        None,
    )
    models = document["components"]["schemas"]
    assert models["SignInEmailResult"]["properties"]["user"] == {"$ref": "#/components/schemas/AuthUser"}
    assert models["SignInEmailBody"]["properties"]["password"] == {"type": "string"}
    assert models["AuthUser"]["properties"]["emailVerified"]["type"] == "boolean"
    assert "password" not in models["AuthUser"]["properties"]
    # Asked again it is the same, and nothing was named twice.
    assert made.app.openapi() is document


def test_routes_that_want_a_session_say_so_in_the_document(made: _Application) -> None:
    @made.app.get("/mine")
    async def mine(current: CurrentSession) -> str:
        return current.user.name

    document = made.app.openapi()
    wanted: list[Any] = [{"sessionCookie": []}]
    paths = document["paths"]
    assert document["components"]["securitySchemes"] == {
        "sessionCookie": {"type": "apiKey", "in": "cookie", "name": "better-auth.session_token"}
    }
    assert (paths["/me"]["get"]["security"], paths["/mine"]["get"]["security"]) == (wanted, wanted)
    assert paths["/api/auth/change-password"]["post"]["security"] == wanted
    assert "security" not in paths["/passes"]["get"]
    assert "security" not in paths["/api/auth/get-session"]["get"]


def test_the_document_names_the_instances_own_cookie_and_tokens() -> None:
    tests = make_app({"advanced": {"cookie_prefix": "shop"}}, plugins=[Bearer()])
    app = FastAPI()
    GatewrightFastAPI(tests.auth).init_app(app)

    @app.get("/mine")
    async def mine(current: CurrentSession) -> str:
        return current.user.name

    document = app.openapi()
    validate(document)
    assert document["components"]["securitySchemes"] == {
        "sessionCookie": {"type": "apiKey", "in": "cookie", "name": "shop.session_token"},
        "bearerAuth": {"type": "http", "scheme": "bearer"},
    }
    assert document["paths"]["/mine"]["get"]["security"] == [{"sessionCookie": []}, {"bearerAuth": []}]
    assert document["paths"]["/api/auth/list-sessions"]["get"]["security"] == [
        {"sessionCookie": []},
        {"bearerAuth": []},
    ]


class AuthUser(BaseModel):
    """The application has a model of this name."""

    nickname: str


def test_a_model_of_the_application_keeps_its_name(made: _Application) -> None:
    @made.app.get("/own")
    async def own() -> AuthUser:
        return AuthUser(nickname="Ada")

    models = made.app.openapi()["components"]["schemas"]
    assert list(models["AuthUser"]["properties"]) == ["nickname"]
    assert "email" in models["GatewrightAuthUser"]["properties"]
    assert models["SignInEmailResult"]["properties"]["user"] == {"$ref": "#/components/schemas/GatewrightAuthUser"}


def test_a_router_alone_brings_a_whole_document_whose_models_get_names_when_it_is_served(made: _Application) -> None:
    def application() -> FastAPI:
        app = FastAPI()
        app.include_router(GatewrightFastAPI(made.tests.auth).router)
        return app

    alone = application().openapi()
    validate(alone)
    assert _parts(alone, "/api/auth/sign-in/email")[1]["properties"]["user"]["type"] == "object"
    with TestClient(application()) as client:
        served = client.get("/openapi.json").json()
    validate(served)
    assert _parts(served, "/api/auth/sign-in/email")[1] == {"$ref": "#/components/schemas/SignInEmailResult"}


def test_with_every_plugin_the_document_is_valid_and_every_model_is_used() -> None:
    plugins = [Admin(), ApiKey(), Bearer(), DeviceAuthorization(), Jwt(), Organization(), TwoFactor(), Username()]
    app = FastAPI()
    GatewrightFastAPI(make_app(plugins=plugins).auth).init_app(app)
    document = app.openapi()
    validate(document)
    text = encode(document).decode()
    unused = [name for name in document["components"]["schemas"] if f'"#/components/schemas/{name}"' not in text]
    assert unused == []
    assert "AuthOrganization" in document["components"]["schemas"]


def test_a_verified_route_wants_a_token_in_the_document() -> None:
    app = FastAPI()
    recognised = verified(Verifier())

    async def who(identity: Any = Depends(recognised)) -> str:
        return str(identity.user.name)

    app.get("/who")(who)
    document = app.openapi()
    assert document["paths"]["/who"]["get"]["security"] == [{"bearerAuth": []}]
    assert document["components"]["securitySchemes"] == {"bearerAuth": {"type": "http", "scheme": "bearer"}}
