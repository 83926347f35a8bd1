"""What only Sanic has: signals, injection by sanic-ext, class-based views."""

from __future__ import annotations

import queue
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json
from sanic.views import HTTPMethodView
from tests.contract.integrations.raw import Wire, exchange, request
from tests.contract.integrations.servers import forget_sanic, through_sanic, through_uvicorn

from gatewright.contract.results import SessionData
from gatewright.model.user import User
from gatewright.testing.app import make_app
from gatewright.wire.json import encode
from gatewright_integrations.caller import Caller
from gatewright_integrations.sanic import Gatewright

PERSON = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
SERVERS: dict[str, Callable[[Any], Any]] = {"sanic": through_sanic, "uvicorn": through_uvicorn}


class _Site:
    """A Sanic application that is being served, and what it heard."""

    def __init__(self) -> None:
        Sanic.test_mode = True
        self.app: Any = Sanic("application", configure_logging=False)
        self.app.config.MOTD = False
        self.app.config.OAS = False
        self.gatewright = Gatewright(make_app().auth)
        self.gatewright.init_app(self.app)
        self.heard: queue.Queue[tuple[str, str, str | None]] = queue.Queue()
        self.port = 0

    def listen(self, change: str) -> None:
        async def hear(operation: str, caller: Caller, **_: Any) -> None:
            found = await caller.session()
            self.heard.put((change, operation, None if found is None else found.user.name))

        self.app.signal(f"gatewright.session.{change}")(hear)

    def post(self, path: str, body: object, cookie: str = "") -> Wire:
        headers = ("Content-Type: application/json", "Origin: http://localhost:3000", f"Cookie: {cookie}")
        return exchange(self.port, request("POST", f"/api/auth{path}", *headers, body=encode(body)))

    @contextmanager
    def serving(self, server: str) -> Generator[None]:
        with SERVERS[server](self.app) as port:
            self.port = port
            yield


@pytest.fixture
def site() -> Generator[_Site]:
    """A Sanic application."""
    yield _Site()
    forget_sanic()


@pytest.mark.parametrize("server", SERVERS)
def test_signals_tell_what_happens_to_sessions(site: _Site, server: str) -> None:
    for change in ("begun", "ended", "changed"):
        site.listen(change)
    with site.serving(server):
        cookie = site.post("/sign-up/email", PERSON).cookie
        first = site.heard.get(timeout=20)
        site.post("/update-user", {"name": "Grace"}, cookie)
        second = site.heard.get(timeout=20)
        exchange(site.port, request("GET", "/api/auth/get-session", f"Cookie: {cookie}"))
        site.post("/sign-in/email", {**PERSON, "password": "not-the-password"})
        site.post("/sign-out", {}, cookie)
        third = site.heard.get(timeout=20)
        rest = site.heard.qsize()
    assert (first, second, third, rest) == (
        ("begun", "signUpEmail", "Ada"),
        ("changed", "updateUser", "Grace"),
        ("ended", "signOut", None),
        0,
    )


def test_a_listener_that_fails_does_not_fail_the_request(site: _Site) -> None:
    async def fail(**_: Any) -> None:
        raise RuntimeError("no")

    site.app.signal("gatewright.session.begun")(fail)
    with site.serving("sanic"):
        assert site.post("/sign-up/email", PERSON).status == 200


@pytest.mark.parametrize("server", SERVERS)
def test_sanic_ext_injects_the_session_the_user_and_the_caller(site: _Site, server: str) -> None:
    pytest.importorskip("sanic_ext")

    async def mine(request: Request[Any, Any], session: SessionData, user: User) -> HTTPResponse:
        return json({"same": session.user.id == user.id, "name": user.name})

    async def maybe(request: Request[Any, Any], caller: Caller) -> HTTPResponse:
        return json({"known": await caller.session() is not None})

    class View(HTTPMethodView):
        async def get(self, request: Request[Any, Any], user: User) -> HTTPResponse:
            return json({"name": user.name})

    site.app.add_route(mine, "/mine")
    site.app.add_route(maybe, "/maybe")
    site.app.add_route(View.as_view(), "/view")
    with site.serving(server):
        cookie = f"Cookie: {site.post('/sign-up/email', PERSON).cookie}"
        assert exchange(site.port, request("GET", "/mine", cookie)).json == {"same": True, "name": "Ada"}
        assert exchange(site.port, request("GET", "/view", cookie)).json == {"name": "Ada"}
        assert exchange(site.port, request("GET", "/maybe")).json == {"known": False}
        assert exchange(site.port, request("GET", "/maybe", cookie)).json == {"known": True}
        assert exchange(site.port, request("GET", "/mine")).status == 401
