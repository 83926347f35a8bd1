"""FastAPI: a router with the endpoints in the application's own OpenAPI, and the session as a dependency.

::

    gatewright = GatewrightFastAPI(auth)
    app = FastAPI()
    app.include_router(gatewright.router)

    CurrentSession = Annotated[SessionData, Depends(gatewright.session)]

    @app.get("/me")
    async def me(current: CurrentSession) -> str:
        return current.user.name

A request to an auth endpoint passes one route and goes straight to the instance; FastAPI's dependency solver and
response models see only the application's own requests.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException
from fastapi import Request as FastAPIRequest
from fastapi import Response as FastAPIResponse

from gatewright.auth import Auth
from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.pipeline.openapi import describe_operation, inlined
from gatewright.wire.faults import ApiError
from gatewright_integrations.asgi import AuthApp, Receive, Scope, Send

__all__ = ("GatewrightFastAPI",)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]


class _Door:
    """The instance as an endpoint; a class, so that the framework takes it for an ASGI application."""

    def __init__(self, app: AuthApp) -> None:
        self._app = app
        self.__name__ = "gatewright"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class GatewrightFastAPI:
    """An instance at home in a FastAPI application.

    Args:
        auth: The instance.
        include_in_schema: Whether the endpoints appear in the application's own OpenAPI document.
        tags: Their tags there.

    Attributes:
        router: For ``app.include_router``; runs the instance's lifespan with the application's.
        asgi: The bare application, for ``app.mount``.
    """

    def __init__(self, auth: Auth[Any], *, include_in_schema: bool = True, tags: tuple[str, ...] = ("auth",)) -> None:
        self.auth = auth
        self.asgi = AuthApp(auth)
        base = auth.blueprint.plan.base
        base_path = base.base_path if base is not None else auth.blueprint.settings.base_path
        self.router = APIRouter(lifespan=self._router_lifespan)
        self.router.add_route(
            f"{base_path}/{{path:path}}",
            _Door(self.asgi),  # pyright: ignore[reportArgumentType] (an ASGI application is an endpoint too)
            methods=None,
            include_in_schema=False,
        )
        if include_in_schema:
            self._document(base_path, tags)

    async def session(self, request: FastAPIRequest, response: FastAPIResponse) -> SessionData:
        """The caller's session, for ``Depends``.

        Raises:
            HTTPException: 401, there is none.
        """
        found = await self.optional_session(request, response)
        if found is None:
            raise HTTPException(401, detail={"message": "Unauthorized", "code": "UNAUTHORIZED"})
        return found

    async def optional_session(self, request: FastAPIRequest, response: FastAPIResponse) -> SessionData | None:
        """The caller's session or ``None``, for ``Depends``. Renewed cookies ride along with the response."""
        known: object = request.scope.get("gatewright.session", self)
        if known is not self:
            return known if isinstance(known, SessionData) else None
        try:
            reply = await self.auth.reply(GetSession(), dict(request.headers))
        except ApiError as error:
            raise HTTPException(error.status, detail=dict(error.body or {})) from None
        for name, value in reply.headers:
            response.headers.append(name, value)
        request.scope["gatewright.session"] = reply.value
        return reply.value

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncGenerator[None]:  # noqa: ARG002 (given by the framework)
        """Opens and closes the instance; for applications that mount :attr:`asgi` instead of the router."""
        async with self.auth:
            yield

    @asynccontextmanager
    async def _router_lifespan(self, app: Any) -> AsyncGenerator[None]:  # noqa: ARG002 (given by the framework)
        async with self.auth:
            yield

    def _document(self, base_path: str, tags: tuple[str, ...]) -> None:
        """Add what the application's own OpenAPI document says of the endpoints. These routes are never reached."""
        # An operation that was replaced runs the program of the one that took over, which is there once.
        for program in dict.fromkeys(self.auth.blueprint.programs.values()):
            route = program.operation.route
            if not route.served or route.path is None:
                continue
            for method in route.methods:
                described = inlined(describe_operation(program.operation, method), self.auth.blueprint.plan.schema)
                self.router.add_api_route(
                    base_path + route.path,
                    _never,
                    methods=[method],
                    name=route.name,
                    operation_id=described.get("operationId"),
                    summary=described.get("summary"),
                    description=described.get("description"),
                    tags=list(tags),
                    response_model=None,
                    # Without a media type of its own: what is answered is said in the description alone.
                    response_class=FastAPIResponse,
                    openapi_extra={
                        name: described[name]
                        for name in ("parameters", "requestBody", "responses", "security")
                        if name in described
                    },
                )


# Stands for an endpoint in the document; the route before it answers. A docstring would be shown in the document.
async def _never() -> None: ...
