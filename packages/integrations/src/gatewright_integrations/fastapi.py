"""FastAPI: a router with the endpoints in the application's own OpenAPI, and the session as a dependency.

::

    gatewright = GatewrightFastAPI(auth)
    app = FastAPI()
    gatewright.init_app(app)

    @app.get("/me")
    async def me(current: CurrentSession) -> str:
        return current.user.name

    Editor = Annotated[SessionData, Depends(gatewright.require(permission={"project": ["update"]}))]

A request to an auth endpoint goes straight from the application's middleware to the instance; FastAPI's router, dependency
solver and response models see only the application's own requests.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, FastAPI, HTTPException, WebSocketException
from fastapi import Response as FastAPIResponse
from fastapi.requests import HTTPConnection
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from typing_extensions import Unpack

from gatewright.auth import Auth
from gatewright.contract.results import SessionData
from gatewright.http.base_url import InvalidHost, resolve
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.model.user import User
from gatewright.plugins.organization.model import Member
from gatewright.verify import Identity, Verifier
from gatewright.wire.faults import ApiError, ConfigError
from gatewright_integrations.asgi import AuthApp, Receive, Scope, Send, raw_path
from gatewright_integrations.caller import KEY, Caller
from gatewright_integrations.fastapi_document import Document, Secured
from gatewright_integrations.middleware import GatewrightMiddleware, caller_of
from gatewright_integrations.requirement import ACTIVE, Asked, AskedOfMember, OrganizationSource, Requirement
from gatewright_integrations.translation import answer_to, base_path_of, header_pairs, header_value

__all__ = (
    "CurrentSession",
    "CurrentUser",
    "GatewrightFastAPI",
    "OptionalSession",
    "current_session",
    "current_user",
    "optional_session",
    "verified",
)

SessionDependency = Callable[[HTTPConnection, FastAPIResponse], Awaitable[SessionData]]
UserDependency = Callable[[HTTPConnection, FastAPIResponse], Awaitable[User]]
MemberDependency = Callable[[HTTPConnection, FastAPIResponse], Awaitable[Member]]
WebSocketDependency = Callable[[HTTPConnection], Awaitable[SessionData]]
_POLICY_VIOLATION = 1008  # RFC 6455 §7.4.1


class _Door:
    """The instance as an endpoint; a class, so that the framework takes it for an ASGI application."""

    def __init__(self, app: AuthApp) -> None:
        self._app = app
        self.__name__ = "gatewright"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class GatewrightFastAPI:
    """An instance at home in a FastAPI application.

    ``app.dependency_overrides[gatewright.session]`` replaces a dependency in tests.

    Args:
        auth: The instance.
        include_in_schema: Whether the endpoints appear in the application's own OpenAPI document. Routes that depend on a
            session appear there as such in any case.
        tags: Their tags there.

    Attributes:
        router: For ``app.include_router``; runs the instance's lifespan with the application's.
        asgi: The bare application, for ``app.mount``.
    """

    def __init__(self, auth: Auth[Any], *, include_in_schema: bool = True, tags: tuple[str, ...] = ("auth",)) -> None:
        self.auth = auth
        self.asgi = AuthApp(auth)
        base_path = base_path_of(auth)
        self.router = APIRouter(lifespan=self._router_lifespan)
        door: Any = _Door(self.asgi)  # an ASGI application is an endpoint too
        for path in (base_path, f"{base_path}/{{path:path}}"):
            if path:
                self.router.add_route(path, door, methods=None, include_in_schema=False)
        self._document = Document(auth, base_path)
        if include_in_schema:
            self._document.add_routes(self.router, tags)
        cookie = self._document.cookie
        self.session: SessionDependency = Secured(self._session, cookie)
        """The caller's session, else 401; for ``Depends``."""
        self.user: UserDependency = Secured(self._user, cookie)
        """The caller, else 401; for ``Depends``."""

    def init_app(self, app: FastAPI, *, cors: bool = False) -> None:
        """Do all that an application usually wants: routes, renewed cookies on every answer, errors in the contract's form.

        Args:
            app: The application.
            cors: Let browsers call it from the trusted origins, with cookies; see :meth:`add_cors`.

        Raises:
            ConfigError: The application serves already, or :meth:`add_cors` refuses.
        """
        if app.middleware_stack is not None:
            raise ConfigError("init_app comes before the application has served anything")
        app.include_router(self.router)
        # Last in the list is innermost: whatever middleware the application adds, before or after, sees the endpoints too.
        # They are answered here, so that their requests pass no router; an instance without a base path has only its routes.
        serves = bool(base_path_of(self.auth))
        app.user_middleware.append(Middleware(GatewrightMiddleware, auth=self.auth, serve=serves, lifespan=False))
        app.add_exception_handler(ApiError, self.answer)
        self._document.install(app)
        if cors:
            self.add_cors(app)

    def add_cors(self, app: FastAPI) -> None:
        """Let browsers call ``app`` from exactly the origins that the instance trusts, with cookies.

        Raises:
            ConfigError: A function decides about origins, or a pattern has wildcards: name the origins here and there.
        """
        settings = self.auth.blueprint.settings
        patterns = self.auth.blueprint.plan.origins.patterns
        if callable(settings.trusted_origins) or any(pattern.kind == "glob" for pattern in patterns):
            raise ConfigError("CORS needs the trusted origins one by one: a function and wildcards cannot be listed")
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[pattern.text for pattern in patterns if pattern.kind == "exact"],
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type"],
            expose_headers=["set-auth-token"],
        )

    async def optional_session(self, connection: HTTPConnection, response: FastAPIResponse) -> SessionData | None:
        """The caller's session or ``None``, for ``Depends``. Renewed cookies ride along with the response."""
        caller = self._caller(connection)
        try:
            return await caller.session()
        except ApiError as error:
            raise _http(error) from None
        finally:
            _renew(connection, caller, response)

    async def websocket_session(self, connection: HTTPConnection) -> SessionData:
        """The session of whoever opens a WebSocket, for ``Depends``.

        The origin is checked as for other requests with cookies: browsers let any page open a WebSocket anywhere.

        Raises:
            WebSocketException: 1008, there is none or the origin is not trusted; the opening is refused.
        """
        return await self._opened(connection, None)

    async def _opened(self, connection: HTTPConnection, requirement: Requirement | None) -> SessionData:
        headers = Headers.from_raw(connection.scope["headers"])
        origin = headers.get("origin")
        try:
            if origin is not None and not await self._trusts(origin, connection):
                raise WebSocketException(_POLICY_VIOLATION, "Invalid origin")
            return await self._caller(connection).meets(requirement, connection.path_params)
        except ApiError as error:
            raise WebSocketException(_POLICY_VIOLATION, error.message) from None

    def require(self, **asked: Unpack[Asked]) -> SessionDependency:
        """A dependency that is stricter than :meth:`session`; see :mod:`gatewright_integrations.requirement` for answers.

        Make it once and keep it where ``dependency_overrides`` should find it.

        Args:
            asked: What the caller must be or may do; see :class:`~gatewright_integrations.requirement.Asked`.

        Raises:
            ConfigError: It needs a plugin that is not installed.
        """
        requirement = Requirement(self.auth, asked) if asked else None

        async def required(connection: HTTPConnection, response: FastAPIResponse) -> SessionData:
            return await self._required(connection, response, requirement)

        return Secured(required, self._document.cookie)

    def member(self, organization: OrganizationSource = ACTIVE, **asked: Unpack[AskedOfMember]) -> MemberDependency:
        """A dependency on the caller as a member of an organization; as strict as :meth:`require`.

        Args:
            organization: Where the route finds it; by default the one that the session works in.
            asked: What the member must be or may do.

        Raises:
            ConfigError: The organization plugin is not installed.
        """
        requirement = Requirement(self.auth, {**asked, "organization": organization})

        async def found(connection: HTTPConnection, response: FastAPIResponse) -> Member:
            await self._required(connection, response, requirement)
            return cast("Member", self._caller(connection).member)

        return Secured(found, self._document.cookie)

    def websocket_require(self, **asked: Unpack[Asked]) -> WebSocketDependency:
        """A dependency that is stricter than :meth:`websocket_session`.

        Args:
            asked: What the caller must be or may do; see :class:`~gatewright_integrations.requirement.Asked`.

        Raises:
            ConfigError: It needs a plugin that is not installed.
        """
        requirement = Requirement(self.auth, asked) if asked else None

        async def required(connection: HTTPConnection) -> SessionData:
            return await self._opened(connection, requirement)

        return required

    async def answer(self, request: Any, error: Exception) -> FastAPIResponse:
        """The contract's answer to an error of ``auth.api`` that a route lets pass; an exception handler."""
        del request
        if not isinstance(error, ApiError):
            raise error
        answer = answer_to(self.auth, error)
        response = FastAPIResponse(answer.body, answer.status)
        response.raw_headers = header_pairs(answer)
        return response

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncGenerator[None]:  # noqa: ARG002 (given by the framework)
        """Opens and closes the instance; for applications that mount :attr:`asgi` instead of the router."""
        async with self.auth:
            yield

    @asynccontextmanager
    async def _router_lifespan(self, app: Any) -> AsyncGenerator[None]:
        if isinstance(app, FastAPI):
            self._document.install(app)
        async with self.auth:
            yield

    async def _session(self, connection: HTTPConnection, response: FastAPIResponse) -> SessionData:
        return await self._required(connection, response)

    async def _user(self, connection: HTTPConnection, response: FastAPIResponse) -> User:
        return (await self._required(connection, response)).user

    async def _required(
        self,
        connection: HTTPConnection,
        response: FastAPIResponse,
        requirement: Requirement | None = None,
    ) -> SessionData:
        caller = self._caller(connection)
        try:
            return await caller.meets(requirement, connection.path_params)
        except ApiError as error:
            raise _http(error) from None
        finally:
            _renew(connection, caller, response)

    def _caller(self, connection: HTTPConnection) -> Caller:
        found = connection.scope.get(KEY) or connection.scope.get(_OWN)
        if not isinstance(found, Caller):
            found = connection.scope[_OWN] = Caller(self.auth, Headers.from_raw(connection.scope["headers"]))
        return found

    async def _trusts(self, origin: str, connection: HTTPConnection) -> bool:
        """Whether a WebSocket may be opened by a page of this origin."""
        plan = self.auth.blueprint.plan
        request = _request(connection)
        try:
            base = plan.base or resolve(request, plan.dynamic_base)
        except InvalidHost:
            base = None
        origins = plan.origins if base is None else plan.origins.including((base.origin,))
        more = self.auth.blueprint.settings.trusted_origins
        if callable(more):
            answer = more(request)
            origins = origins.including(await answer if inspect.isawaitable(answer) else answer)
        return origins.allows_origin(origin)


async def optional_session(connection: HTTPConnection) -> SessionData | None:
    """The caller's session or ``None``, for ``Depends``, in applications that ``init_app`` was given."""
    try:
        return await caller_of(connection.scope).session()
    except ApiError as error:
        raise _http(error) from None


@Secured
async def current_session(connection: HTTPConnection) -> SessionData:
    """The caller's session, else 401; for ``Depends``, in applications that ``init_app`` was given."""
    try:
        return await caller_of(connection.scope).meets(None)
    except ApiError as error:
        raise _http(error) from None


@Secured
async def current_user(connection: HTTPConnection) -> User:
    """The caller, else 401; for ``Depends``, in applications that ``init_app`` was given."""
    return (await current_session(connection)).user


CurrentSession = Annotated[SessionData, Depends(current_session)]
"""The caller's session; whoever has none is answered 401. Overridden in tests by ``current_session``."""

OptionalSession = Annotated[SessionData | None, Depends(optional_session)]
"""The caller's session or ``None``. Overridden in tests by ``optional_session``."""

CurrentUser = Annotated[User, Depends(current_user)]
"""The caller; whoever has no session is answered 401. Overridden in tests by ``current_user``."""

_OWN = f"{KEY}.dependency"
"""A caller that a dependency met, where the middleware is not installed."""


def verified(verifier: Verifier) -> Callable[[HTTPConnection], Awaitable[Identity]]:
    """A dependency for services that check sessions of another server: whoever the verifier recognises, else 401."""

    async def identity(connection: HTTPConnection) -> Identity:
        try:
            return await verifier.require(Headers.from_raw(connection.scope["headers"]))
        except ApiError as error:
            raise _http(error) from None

    return Secured(identity, None)


def _http(error: ApiError) -> HTTPException:
    return HTTPException(error.status, detail=dict(error.body or {}))


def _renew(connection: HTTPConnection, caller: Caller, response: FastAPIResponse) -> None:
    """Put renewed cookies on the answer, unless the middleware does; a second dependency adds none twice."""
    if connection.scope.get(_OWN) is caller and connection.scope.get(_SENT) is not caller.lines:
        connection.scope[_SENT] = caller.lines
        for name, value in caller.lines:
            response.headers.append(name, header_value(value).decode("ascii"))


_SENT = f"{KEY}.sent"
"""The lines that a dependency has put on the answer already."""


def _request(connection: HTTPConnection) -> Request:
    """The request that opens a WebSocket, for the rules that look at requests."""
    headers = Headers.from_raw(connection.scope["headers"])
    scheme = "https" if connection.scope["scheme"] in ("wss", "https") else "http"
    query: bytes = connection.scope["query_string"]
    return Request(
        "GET", scheme, headers.get("host") or "", raw_path(connection.scope), query.decode("latin-1"), headers
    )
