"""The same small application in every framework: who is there, who must be, who must be fresh, who must be admin."""

# Django has no types of its own.
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from typing import Annotated, Any

import django
from django.conf import settings as django_settings
from fastapi import Depends, FastAPI
from flask import Flask
from flask import request as flask_request
from litestar import Litestar
from litestar import Request as LitestarRequest
from litestar import Response as LitestarResponse
from litestar import get as litestar_get
from quart import Quart, render_template_string
from quart import g as quart_g
from sanic import HTTPResponse as SanicResponse
from sanic import Request as SanicRequest
from sanic import Sanic
from sanic.response import json as sanic_json
from sanic.views import HTTPMethodView
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.contract.integrations.servers import (
    Served,
    forget_sanic,
    through_hypercorn,
    through_sanic,
    through_uvicorn,
    through_werkzeug,
)

from gatewright.access.defaults import ADMIN_ACCESS
from gatewright.contract.results import SessionData
from gatewright.plugins import Admin, AdminOptions, Organization
from gatewright.plugins.assurance import Assurance, Needed
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ApiError
from gatewright_integrations import quart as quart_integration
from gatewright_integrations import sanic as sanic_integration
from gatewright_integrations.caller import Caller
from gatewright_integrations.fastapi import GatewrightFastAPI, current_session, optional_session
from gatewright_integrations.middleware import GatewrightMiddleware, caller_of
from gatewright_integrations.requirement import ACTIVE, Asked, FromHeader, FromPath
from gatewright_integrations.wsgi import GatewrightWSGI, require_session, session_of

__all__ = ("APPLICATIONS", "BELOW", "RULES", "asked_at", "decide", "name_of", "running")

Opening = contextlib.AbstractContextManager[int]
RULES: dict[str, Asked] = {
    "/me": {},
    "/fresh": {"fresh": True},
    "/sure": {"assurance": Needed.of(methods=("pwd", "hwk"), max_age=300)},
    "/admin": {"role": "admin"},
    "/sees": {"permission": {"session": ["list"]}},
    "/ends": {"permission": {"session": ["delete"]}},
    "/active": {"organization": ACTIVE},
    "/founds": {"organization": FromHeader("X-Organization", by="slug"), "role": ["owner", "chair"]},
    "/chairs": {"organization": FromHeader("X-Organization"), "role": "chair"},
}
INVITES: Asked = {"organization": FromPath("organization"), "permission": {"invitation": ["create"]}}
FLIES: Asked = {"organization": FromPath("organization", by="slug"), "permission": {"invitation": ["fly"]}}
BELOW: dict[str, Asked] = {"/invites": INVITES, "/flies": FLIES}
"""Paths that go on with the name of an organization."""


def name_of(data: SessionData | None) -> dict[str, str | None]:
    return {"name": None if data is None else data.user.name}


def asked_at(path: str) -> tuple[dict[str, object], Asked]:
    """The parameters of a path, and what it asks."""
    first, _, organization = path[1:].partition("/")
    return {"organization": organization}, RULES.get(path) or BELOW.get(f"/{first}") or {}


async def decide(caller: Caller, path: str) -> tuple[dict[str, Any], int]:
    """What an application without an integration of its own does with a caller."""
    parameters, asked = asked_at(path)
    try:
        data = await caller.session() if path == "/maybe" else await caller.require(parameters, **asked)
    except ApiError as error:
        return dict(error.body or {}), error.status
    return name_of(data), 200


def _fastapi(app: TestApp) -> Opening:
    gatewright = GatewrightFastAPI(app.auth)
    application = FastAPI()
    gatewright.init_app(application)
    for path, rule in {**RULES, **{f"{path}/{{organization}}": rule for path, rule in BELOW.items()}}.items():
        dependency = gatewright.require(**rule) if rule else current_session

        def required(current: Annotated[SessionData, Depends(dependency)]) -> dict[str, str | None]:
            return name_of(current)

        required.__annotations__["current"] = Annotated[SessionData, Depends(dependency)]
        application.get(path)(required)

    async def maybe(current: Any = Depends(optional_session)) -> dict[str, str | None]:
        return name_of(current)

    application.get("/maybe")(maybe)
    return through_uvicorn(application)


def _quart(app: TestApp) -> Opening:
    application = Quart("quart_application")
    gatewright = quart_integration.Gatewright(app.auth, application)
    for path, rule in {**RULES, **{f"{path}/<organization>": rule for path, rule in BELOW.items()}}.items():

        @gatewright.require_session(**rule)
        async def required(**parameters: str) -> dict[str, str | None]:
            return name_of(quart_g.session)

        application.add_url_rule(path, path, required)

    @application.get("/maybe")
    async def maybe() -> tuple[str, dict[str, str]]:
        template = '{"name": {{ current_session().user.name | tojson if current_session() else "null" }}}'
        return await render_template_string(template), {"content-type": "application/json"}

    return through_hypercorn(application)


def _sanic(app: TestApp) -> Opening:
    Sanic.test_mode = True
    application: Any = Sanic("application", configure_logging=False)
    application.config.MOTD = False
    gatewright = sanic_integration.Gatewright(app.auth)
    gatewright.init_app(application)

    @application.get("/me")
    @gatewright.require_session()
    async def me(request: SanicRequest[Any, Any]) -> SanicResponse:
        return sanic_json(name_of(request.ctx.session))

    class Fresh(HTTPMethodView):
        @gatewright.require_session(fresh=True)
        async def get(self, request: SanicRequest[Any, Any]) -> SanicResponse:
            return sanic_json(name_of(request.ctx.session))

    class Admin(HTTPMethodView):
        decorators = [gatewright.require_session(role="admin")]  # noqa: RUF012 (as Sanic declares it)

        async def get(self, request: SanicRequest[Any, Any]) -> SanicResponse:
            return sanic_json(name_of(request.ctx.session))

    @application.get("/maybe")
    async def maybe(request: SanicRequest[Any, Any]) -> SanicResponse:
        return sanic_json(name_of(await sanic_integration.current_session(request)))

    for number, (path, rule) in enumerate(
        {**RULES, **{f"{path}/<organization>": rule for path, rule in BELOW.items()}}.items()
    ):
        if path in ("/me", "/fresh", "/admin"):
            continue

        @gatewright.require_session(**rule)
        async def required(request: SanicRequest[Any, Any], **parameters: str) -> SanicResponse:
            return sanic_json(name_of(request.ctx.session))

        application.add_route(required, path, name=f"required_{number}")

    application.add_route(Fresh.as_view(), "/fresh")
    application.add_route(Admin.as_view(), "/admin")
    return through_sanic(application)


def _starlette(app: TestApp) -> Opening:
    async def view(request: StarletteRequest) -> JSONResponse:
        body, status = await decide(caller_of(request.scope), request.url.path)
        return JSONResponse(body, status)

    paths = (*RULES, *(f"{path}/{{organization}}" for path in BELOW), "/maybe")
    application = Starlette(routes=[Route(path, view) for path in paths])
    return through_uvicorn(GatewrightMiddleware(application, app.auth))


def _litestar(app: TestApp) -> Opening:
    @litestar_get([*RULES, *(f"{path}/{{organization:str}}" for path in BELOW), "/maybe"])
    async def view(request: LitestarRequest[Any, Any, Any]) -> LitestarResponse[dict[str, Any]]:
        body, status = await decide(caller_of(request.scope), request.url.path)
        return LitestarResponse(body, status_code=status)

    view.fn.__annotations__.update({"request": LitestarRequest, "return": LitestarResponse})
    application: Any = Litestar([view], openapi_config=None)
    return through_uvicorn(GatewrightMiddleware(application, app.auth))


def _django() -> None:
    if not django_settings.configured:
        settings: Any = django_settings
        settings.configure(
            ROOT_URLCONF="tests.contract.integrations.django_urls",
            ALLOWED_HOSTS=["*"],
            SECRET_KEY="only-for-tests",
            LOGGING_CONFIG=None,
        )
        django.setup(set_prefix=False)


def _django_asgi(app: TestApp) -> Opening:
    _django()
    from django.core.asgi import get_asgi_application  # noqa: PLC0415 (needs its settings first)

    application: Any = get_asgi_application()
    return through_uvicorn(GatewrightMiddleware(application, app.auth))


def _django_wsgi(app: TestApp) -> Opening:
    _django()
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 (needs its settings first)

    application: Any = get_wsgi_application()
    return through_werkzeug(GatewrightWSGI(app.auth, application))


def _flask(app: TestApp) -> Opening:
    application = Flask("flask_application")

    def view(**parameters: str) -> tuple[dict[str, Any], int]:
        environ: dict[str, Any] = flask_request.environ
        try:
            if flask_request.path == "/maybe":
                return dict(name_of(session_of(environ))), 200
            _, asked = asked_at(flask_request.path)
            return dict(name_of(require_session(environ, parameters, **asked))), 200
        except ApiError as error:
            return dict(error.body or {}), error.status

    for path in (*RULES, *(f"{path}/<organization>" for path in BELOW), "/maybe"):
        application.add_url_rule(path, path, view)
    return through_werkzeug(GatewrightWSGI(app.auth, application.wsgi_app))


APPLICATIONS: dict[str, Callable[[TestApp], Opening]] = {
    "fastapi": _fastapi,
    "quart": _quart,
    "sanic": _sanic,
    "starlette": _starlette,
    "litestar": _litestar,
    "django-asgi": _django_asgi,
    "django-wsgi": _django_wsgi,
    "flask": _flask,
}


@contextlib.contextmanager
def running(name: str) -> Generator[Served]:
    """The application in one of the frameworks, with a new instance."""
    roles = {"user": ADMIN_ACCESS.new_role({"session": ["list"]})}
    app = make_app(plugins=[Admin(AdminOptions(roles=roles)), Organization(), Assurance()])
    try:
        with APPLICATIONS[name](app) as port:
            yield Served(port, app)
    finally:
        forget_sanic()
