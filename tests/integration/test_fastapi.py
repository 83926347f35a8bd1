"""An instance in a FastAPI application: routes, document, lifespan, dependencies; once on a real server."""

import threading
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
import pytest
import uvicorn
from fastapi import Depends, FastAPI
from openapi_spec_validator import OpenAPIV31SpecValidator

from gatewright.contract.results import SessionData
from gatewright.testing.app import TestApp, make_app
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.fastapi import GatewrightFastAPI

pytestmark = pytest.mark.anyio

ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


class Watched(MemoryAdapter):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    async def open(self) -> None:
        self.seen.append("open")

    async def close(self) -> None:
        self.seen.append("close")


def application(app: TestApp, **more: Any) -> FastAPI:
    gatewright = GatewrightFastAPI(app.auth)
    made = FastAPI(**more)
    made.include_router(gatewright.router)

    async def me(current: Annotated[SessionData, Depends(gatewright.session)]) -> dict[str, str]:
        return {"email": current.user.email}

    async def maybe(
        current: Annotated[SessionData | None, Depends(gatewright.optional_session)],
        again: Annotated[SessionData | None, Depends(gatewright.optional_session)],
    ) -> dict[str, bool]:
        return {"known": current is not None, "same": current is again}

    made.add_api_route("/me", me)
    made.add_api_route("/maybe", maybe)
    return made


def client(made: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(made),
        base_url="http://localhost:3000",
        headers={"origin": "http://localhost:3000"},
    )


async def test_the_session_is_a_dependency() -> None:
    async with client(application(make_app())) as http:
        refused = await http.get("/me")
        assert (refused.status_code, refused.json()) == (
            401,
            {"detail": {"message": "Unauthorized", "code": "UNAUTHORIZED"}},
        )
        assert (await http.get("/maybe")).json() == {"known": False, "same": True}
        assert (await http.post("/api/auth/sign-up/email", json=ADA)).status_code == 200
        assert (await http.get("/me")).json() == {"email": "ada@example.com"}
        assert (await http.get("/maybe")).json() == {"known": True, "same": True}


async def test_renewed_cookies_ride_along_with_the_applications_answer() -> None:
    app = make_app()
    async with client(application(app)) as http:
        await http.post("/api/auth/sign-up/email", json=ADA)
        assert "set-cookie" not in (await http.get("/me")).headers
        app.clock.advance(days=2)
        assert "better-auth.session_token=" in (await http.get("/me")).headers["set-cookie"]


async def test_the_endpoints_are_in_the_applications_own_document() -> None:
    async with client(application(make_app())) as http:
        document = (await http.get("/openapi.json")).json()
        OpenAPIV31SpecValidator(document).validate()
        described = document["paths"]["/api/auth/sign-in/email"]["post"]
        assert described["operationId"] == "signInEmail"
        assert described["tags"] == ["auth"]
        assert "requestBody" in described
        assert described["description"] == "Sign in with an e-mail address and a password."
        assert set(document["paths"]["/api/auth/error"]["get"]["responses"]["200"]["content"]) == {"text/html"}


async def test_a_path_that_nobody_serves_is_a_bare_404() -> None:
    async with client(application(make_app())) as http:
        answer = await http.get("/api/auth/nothing")
        assert (answer.status_code, answer.content) == (404, b"")
        assert (await http.get("/elsewhere")).status_code == 404


async def test_lifespans_compose() -> None:
    adapter = Watched()
    order: list[str] = []

    @asynccontextmanager
    async def own(made: FastAPI) -> AsyncGenerator[None]:
        order.append("own begins")
        yield
        order.append("own ends")

    made = application(make_app(adapter=adapter), lifespan=own)
    async with made.router.lifespan_context(made):
        assert (adapter.seen, order) == (["open"], ["own begins"])
    assert (adapter.seen, order) == (["open", "close"], ["own begins", "own ends"])


def test_on_a_real_server() -> None:
    app = make_app()
    config = uvicorn.Config(application(app), host="127.0.0.1", port=0, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            thread.join(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        headers = {"origin": "http://localhost:3000"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as http:
            assert http.get("/api/auth/ok").json() == {"ok": True}
            assert http.post("/api/auth/sign-up/email", json=ADA).status_code == 200
            assert http.get("/me").json() == {"email": "ada@example.com"}
            chunks = (b" " * 65_536 for _ in range(20))
            large = http.post("/api/auth/sign-in/email", content=chunks, headers={"content-type": "application/json"})
            assert large.status_code == 413
    finally:
        server.should_exit = True
        thread.join(20)
    assert not thread.is_alive()
