"""A service without a database that accepts the sessions of another server, in each framework."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from quart import Quart, g
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json
from sanic.views import HTTPMethodView
from tests.contract.integrations.raw import exchange, request
from tests.contract.integrations.servers import forget_sanic, through_hypercorn, through_sanic, through_uvicorn

from gatewright.contract.faults import ServiceUnavailable
from gatewright.http.headers import Headers
from gatewright.model.user import User
from gatewright.verify import Identity, Verifier
from gatewright_integrations import fastapi as fastapi_integration
from gatewright_integrations import quart as quart_integration
from gatewright_integrations import sanic as sanic_integration


class _Known(Verifier):
    """Knows one bearer; another one it cannot tell."""

    async def identify(self, headers: Any) -> Identity | None:
        match Headers.of(headers).get("authorization"):
            case "Bearer good":
                return Identity(User(name="Ada", email="a@example.com", id="u1"), None, "token")
            case "Bearer unknown":
                raise ServiceUnavailable
            case _:
                return None


def _fastapi() -> AbstractContextManager[int]:
    application = FastAPI()
    known = Depends(fastapi_integration.verified(_Known()))

    async def who(identity: Any = known) -> dict[str, str]:
        return {"id": identity.user.id}

    application.get("/who")(who)
    return through_uvicorn(application)


def _quart() -> AbstractContextManager[int]:
    application = Quart("verified")

    @application.get("/who")
    @quart_integration.verified(_Known())
    async def who() -> dict[str, str]:
        return {"id": g.identity.user.id}

    return through_hypercorn(application)


def _sanic() -> Any:
    Sanic.test_mode = True
    application: Any = Sanic("verified", configure_logging=False)
    application.config.MOTD = False
    return application


def _sanic_function() -> AbstractContextManager[int]:
    application = _sanic()

    @application.get("/who")
    @sanic_integration.verified(_Known())
    async def who(request: Request[Any, Any]) -> HTTPResponse:
        return json({"id": request.ctx.identity.user.id})

    return through_sanic(application)


def _sanic_class() -> AbstractContextManager[int]:
    class Who(HTTPMethodView):
        @sanic_integration.verified(_Known())
        async def get(self, request: Request[Any, Any]) -> HTTPResponse:
            return json({"id": request.ctx.identity.user.id})

    application = _sanic()
    application.add_route(Who.as_view(), "/who")
    return through_uvicorn(application)


@pytest.mark.parametrize("opening", [_fastapi, _quart, _sanic_function, _sanic_class])
def test_whoever_the_verifier_recognises_gets_in(opening: Callable[[], AbstractContextManager[int]]) -> None:
    try:
        with opening() as port:
            good, bad, none, unknown = (
                exchange(port, request("GET", "/who", *headers))
                for headers in (
                    ["Authorization: Bearer good"],
                    ["Authorization: Bearer bad"],
                    [],
                    ["Authorization: Bearer unknown"],
                )
            )
    finally:
        forget_sanic()
    assert (good.status, good.json) == (200, {"id": "u1"})
    assert (bad.status, none.status, unknown.status) == (401, 401, 503)
    assert b'"UNAUTHORIZED"' in bad.body
