"""What only FastAPI has: the OpenAPI document, overrides, WebSockets, exception handlers and CORS."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, nullcontext
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Request, Response, WebSocket
from fastapi.requests import HTTPConnection
from fastapi.testclient import TestClient
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.websockets import WebSocketDisconnect

from gatewright.contract.results import SessionData
from gatewright.model.user import User
from gatewright.plugins import (
    Organization,
)
from gatewright.testing.app import TestApp, make_app
from gatewright.verify import Identity, Verifier
from gatewright.wire.faults import ConfigError
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.fastapi import (
    CurrentUser,
    GatewrightFastAPI,
    OptionalSession,
    current_user,
    verified,
)
from gatewright_integrations.requirement import ACTIVE, FromPath

PERSON = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
ORIGIN = {"origin": "http://localhost:3000"}


class _Application:
    """One application with every kind of dependency."""

    def __init__(self, *, cors: bool = False, options: dict[str, Any] | None = None) -> None:
        self.tests: TestApp = make_app(options)
        self.gatewright = GatewrightFastAPI(self.tests.auth)
        self.app = FastAPI()
        self.gatewright.init_app(self.app, cors=cors)
        gatewright = self.gatewright

        async def me(user: Any = Depends(gatewright.user)) -> str:
            return str(user.name)

        async def passes() -> None:
            await gatewright.auth.api.sign_in_email(email="nobody@example.com", password="password-1234")

        async def talk(websocket: WebSocket, current: Any = Depends(gatewright.websocket_session)) -> None:
            await websocket.accept()
            await websocket.send_text(current.user.name)
            await websocket.close()

        self.app.get("/me")(me)
        self.app.get("/passes")(passes)
        self.app.websocket("/talk")(talk)


@pytest.fixture
def made() -> _Application:
    """An application."""
    return _Application()


@pytest.fixture
def client(made: _Application) -> Generator[TestClient]:
    """Its client, with the lifespan."""
    with TestClient(made.app, base_url="http://localhost:3000") as found:
        yield found


def test_the_endpoints_are_in_the_applications_own_document(made: _Application) -> None:
    document = made.app.openapi()
    assert document["paths"]["/api/auth/sign-in/email"]["post"]["tags"] == ["auth"]
    assert "/me" in document["paths"]
    hidden = FastAPI()
    hidden.include_router(GatewrightFastAPI(made.tests.auth, include_in_schema=False).router)
    assert hidden.openapi()["paths"] == {}


class _Watched(MemoryAdapter):
    """Writes down when it is opened and closed."""

    def __init__(self, events: list[str]) -> None:
        super().__init__()
        self._events = events

    async def open(self) -> None:
        """Open it."""
        self._events.append("instance opens")
        await super().open()

    async def close(self) -> None:
        """Close it."""
        self._events.append("instance closes")
        await super().close()


@pytest.mark.parametrize("way", ["init_app", "router", "mounted"])
def test_the_lifespan_goes_with_the_applications_own(way: str) -> None:
    events: list[str] = []
    gatewright = GatewrightFastAPI(make_app(adapter=_Watched(events)).auth)

    @asynccontextmanager
    async def own(app: FastAPI) -> AsyncGenerator[None]:
        events.append("application opens")
        async with gatewright.lifespan(app) if way == "mounted" else nullcontext():
            yield
        events.append("application closes")

    app = FastAPI(lifespan=own)
    if way == "init_app":
        gatewright.init_app(app)
    elif way == "router":
        app.include_router(gatewright.router)
    else:
        app.mount("/api/auth", gatewright.asgi)
    with TestClient(app, base_url="http://localhost:3000") as client:
        events.append("request")
        assert client.get("/api/auth/ok").json() == {"ok": True}
    assert events[0] == "application opens"
    assert events.index("instance opens") < events.index("request") < events.index("instance closes")
    assert sorted(events) == [
        "application closes",
        "application opens",
        "instance closes",
        "instance opens",
        "request",
    ]


def test_a_dependency_can_be_overridden(made: _Application, client: TestClient) -> None:
    assert client.get("/me").status_code == 401
    made.app.dependency_overrides[made.gatewright.user] = lambda: User(name="Grace", email="grace@example.com", id="u1")
    assert client.get("/me").json() == "Grace"


def test_an_error_of_the_api_becomes_the_contracts_answer(client: TestClient) -> None:
    answer = client.get("/passes")
    assert answer.status_code == 401
    assert answer.json() == {"code": "INVALID_EMAIL_OR_PASSWORD", "message": "Invalid email or password"}


def test_a_websocket_is_opened_for_a_session_on_a_trusted_origin_only(client: TestClient) -> None:
    client.post("/api/auth/sign-up/email", json=PERSON, headers=ORIGIN)
    with client.websocket_connect("ws://localhost:3000/talk", headers=ORIGIN) as talking:
        assert talking.receive_text() == "Ada"
    with client.websocket_connect("ws://localhost:3000/talk") as talking:
        assert talking.receive_text() == "Ada"
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("ws://localhost:3000/talk", headers={"origin": "https://evil.example"}),
    ):
        pass
    assert refused.value.code == 1008
    client.cookies.clear()
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("ws://localhost:3000/talk", headers=ORIGIN),
    ):
        pass
    assert refused.value.code == 1008


def test_cors_follows_the_trusted_origins() -> None:
    made = _Application(cors=True, options={"trusted_origins": ["https://app.example.com"]})
    asked = {"access-control-request-method": "GET"}
    with TestClient(made.app) as client:
        allowed = client.options("/me", headers={"origin": "https://app.example.com", **asked})
        refused = client.options("/me", headers={"origin": "https://evil.example", **asked})
    assert allowed.headers["access-control-allow-origin"] == "https://app.example.com"
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in refused.headers


def _function(request: object) -> list[str]:
    return ["https://app.example.com"]


@pytest.mark.parametrize("trusted", [["https://*.example.com"], _function])
def test_cors_refuses_what_it_cannot_list(trusted: Any) -> None:
    with pytest.raises(ConfigError, match="one by one"):
        _Application(cors=True, options={"trusted_origins": trusted})


def test_the_dependency_works_without_the_middleware_too() -> None:
    tests = make_app()
    gatewright = GatewrightFastAPI(tests.auth)
    app = FastAPI()
    app.include_router(gatewright.router)

    async def both(first: Any = Depends(gatewright.session), second: Any = Depends(gatewright.user)) -> str:
        return f"{first.user.name} {second.name}"

    app.get("/both")(both)
    with TestClient(app, base_url="http://localhost:3000") as client:
        client.post("/api/auth/sign-up/email", json=PERSON, headers=ORIGIN)
        tests.clock.advance(days=2)
        answer = client.get("/both")
    assert answer.json() == "Ada Ada"
    assert len(answer.headers.get_list("set-cookie")) == 1


def test_a_service_without_a_database_accepts_the_sessions_of_another() -> None:
    class Known(Verifier):
        async def identify(self, headers: Any) -> Identity | None:
            proven = headers.get("authorization") == "Bearer good"
            return Identity(User(name="Ada", email="a@example.com", id="u1"), None, "token") if proven else None

    app = FastAPI()

    known = Depends(verified(Known()))

    async def who(identity: Any = known) -> str:
        return str(identity.user.id)

    app.get("/who")(who)
    with TestClient(app) as client:
        assert client.get("/who", headers={"authorization": "Bearer good"}).json() == "u1"
        refused = client.get("/who", headers={"authorization": "Bearer bad"})
    assert (refused.status_code, refused.json()) == (
        401,
        {"detail": {"message": "Unauthorized", "code": "UNAUTHORIZED"}},
    )


def test_annotated_dependencies_read_as_in_the_documentation(made: _Application, client: TestClient) -> None:
    current = Annotated[SessionData, Depends(made.gatewright.session)]

    async def mine(connection: HTTPConnection, found: Any) -> str:
        return str(found.user.email)

    mine.__annotations__["found"] = current
    made.app.get("/mine")(mine)
    client.post("/api/auth/sign-up/email", json=PERSON, headers=ORIGIN)
    assert client.get("/mine").json() == "ada@example.com"


def _with_organizations() -> tuple[TestApp, FastAPI]:
    tests = make_app(plugins=[Organization()])
    gatewright = GatewrightFastAPI(tests.auth)
    app = FastAPI()
    app.add_middleware(BaseHTTPMiddleware, dispatch=_stamp)
    gatewright.init_app(app)
    active = gatewright.websocket_require(organization=ACTIVE)
    founder = gatewright.member(FromPath("organization", by="slug"), role="owner")

    async def role(member: Any = Depends(founder)) -> str:
        return str(member.role)

    async def talk(websocket: WebSocket, current: Any = Depends(active)) -> None:
        await websocket.accept()
        await websocket.send_text(current.user.name)
        await websocket.close()

    app.get("/organizations/{organization}/role")(role)
    app.websocket("/talk")(talk)
    return tests, app


async def _stamp(request: Request, following: RequestResponseEndpoint) -> Response:
    answer = await following(request)
    answer.headers["x-stamp"] = "1"
    return answer


def test_a_member_is_a_dependency_and_a_websocket_can_require_one() -> None:
    _, app = _with_organizations()
    with TestClient(app, base_url="http://localhost:3000") as client:
        assert client.get("/organizations/acme/role").status_code == 401
        client.post("/api/auth/sign-up/email", json=PERSON, headers=ORIGIN)
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            client.websocket_connect("ws://localhost:3000/talk", headers=ORIGIN),
        ):
            pass
        assert refused.value.code == 1008
        client.post("/api/auth/organization/create", json={"name": "Acme", "slug": "acme"}, headers=ORIGIN)
        assert client.get("/organizations/acme/role").json() == "owner"
        assert client.get("/organizations/other/role").status_code == 404
        with client.websocket_connect("ws://localhost:3000/talk", headers=ORIGIN) as talking:
            assert talking.receive_text() == "Ada"


def test_middleware_of_the_application_sees_the_endpoints_whenever_it_was_added() -> None:
    _, app = _with_organizations()
    with TestClient(app, base_url="http://localhost:3000") as client:
        answer = client.get("/api/auth/ok")
    assert (answer.status_code, answer.headers["x-stamp"]) == (200, "1")


def test_what_needs_a_plugin_says_so_where_it_is_declared(made: _Application) -> None:
    with pytest.raises(ConfigError, match="organization plugin"):
        made.gatewright.member()
    with pytest.raises(ConfigError, match="admin plugin"):
        made.gatewright.require(permission={"user": ["ban"]})


def test_the_ready_dependencies_are_overridden_by_their_functions(made: _Application, client: TestClient) -> None:
    async def mine(user: CurrentUser, maybe: OptionalSession) -> list[str]:
        return [user.name, str(maybe is None)]

    mine.__annotations__.update({"user": CurrentUser, "maybe": OptionalSession})
    made.app.get("/ready")(mine)
    assert client.get("/ready").status_code == 401
    made.app.dependency_overrides[current_user] = lambda: User(name="Grace", email="grace@example.com", id="u1")
    assert client.get("/ready").json() == ["Grace", "True"]


def test_init_app_comes_before_the_first_request(made: _Application, client: TestClient) -> None:
    client.get("/me")
    with pytest.raises(ConfigError, match="before"):
        made.gatewright.init_app(made.app)
