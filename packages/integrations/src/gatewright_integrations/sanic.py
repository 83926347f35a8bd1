"""Sanic: a blueprint with the endpoints, the session on ``request.ctx`` and decorators for views.

::

    app = Sanic("Shop")
    gatewright = Gatewright(auth)
    gatewright.init_app(app)

    @app.get("/me")
    @gatewright.require_session()
    async def me(request: Request) -> HTTPResponse:
        return json({"name": request.ctx.session.user.name})

Each worker opens the instance for itself. Runs on Sanic's own server and as an ASGI application. Signals tell what happens
to sessions, after the answer was made::

    @app.signal("gatewright.session.begun")  # likewise "ended" and "changed"
    async def welcome(operation: str, caller: Caller, **_: object) -> None: ...

With sanic-ext, handlers can ask for a ``SessionData``, a ``User`` or a ``Caller`` by annotation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

from sanic import Blueprint, HTTPResponse, Request, Sanic
from sanic.config import DEFAULT_CONFIG  # pyright: ignore[reportUnknownVariableType] (Sanic's own types)
from sanic.constants import HTTP_METHODS
from sanic.exceptions import PayloadTooLarge
from sanic.http.http1 import Http
from typing_extensions import Unpack

from gatewright.auth import Auth
from gatewright.contract.results import SessionData
from gatewright.http.headers import Headers
from gatewright.http.request import Request as AuthRequest
from gatewright.http.response import Response as AuthResponse
from gatewright.model.user import User
from gatewright.pipeline.program import error_response
from gatewright.verify import Verifier
from gatewright.wire.faults import ApiError, ConfigError
from gatewright_integrations.announcing import announcement
from gatewright_integrations.caller import KEY, Caller
from gatewright_integrations.requirement import Asked, Requirement
from gatewright_integrations.running import Running
from gatewright_integrations.translation import Limits, answer_to, base_path_of, header_pairs, header_value

__all__ = ("Gatewright", "bare", "current_caller", "current_session", "verified")

P = ParamSpec("P")
R = TypeVar("R")
SanicApp: TypeAlias = Sanic[Any, Any]
SanicRequest: TypeAlias = Request[Any, Any]


class _Disconnected(Exception):
    """The caller is gone before the whole body has arrived."""


class _Answer(HTTPResponse):
    """An answer whose headers are exactly those of the instance: Sanic would add a content type."""

    def __init__(self, answer: AuthResponse, *, head: bool = False) -> None:
        super().__init__(b"" if head else answer.body, answer.status)
        _add(self, [(name.decode("latin-1"), value.decode("ascii")) for name, value in header_pairs(answer)])

    @property
    def processed_headers(self) -> Iterator[tuple[bytes, bytes]]:
        headers: Any = self.headers
        return (
            (name.encode("ascii"), str(value).encode("utf-8", "surrogateescape")) for name, value in headers.items()
        )


def bare(status: int) -> HTTPResponse:
    """An answer without body and content type, as the instance gives to paths that it does not have."""
    return _Answer(AuthResponse(status))


def current_caller(request: SanicRequest) -> Caller:
    """Who sent a request to an application that :meth:`Gatewright.init_app` was given.

    Raises:
        ConfigError: It was not.
    """
    found: Caller | None = getattr(request.ctx, KEY, None)
    if found is None:
        auth: Auth[Any] | None = getattr(request.app.ctx, KEY, None)
        if auth is None:
            raise ConfigError("Gatewright.init_app was not given this application")
        found = Caller(auth, _headers(request))
        setattr(request.ctx, KEY, found)
    return found


async def current_session(request: SanicRequest) -> SessionData | None:
    """The caller's session or ``None``; read once for each request, and kept as ``request.ctx.session``."""
    found = await current_caller(request).session()
    request.ctx.session = found
    return found


class _Endpoints(Blueprint):
    """The endpoints; an application that takes them takes the cookies that they hand out, too."""

    def register(self, app: Any, options: Any) -> None:
        """Add the endpoints to ``app``."""
        super().register(app, options)  # pyright: ignore[reportUnknownMemberType] (Sanic's own types)
        _take_long_cookies(app)


def _take_long_cookies(app: Any) -> None:
    """Let ``app`` read headers as long as Sanic can, unless it has chosen a length itself.

    A cached session with much in it is several cookies of 4 KB. Sanic's own default ends in the middle of the third.
    """
    if DEFAULT_CONFIG["REQUEST_MAX_HEADER_SIZE"] == app.config.REQUEST_MAX_HEADER_SIZE:
        app.config.REQUEST_MAX_HEADER_SIZE = Http.HEADER_CEILING


class Gatewright:
    """An instance at home in a Sanic application.

    Args:
        auth: The instance.
        name: Of the blueprint; each instance in one application needs its own.

    Attributes:
        blueprint: The endpoints alone, for applications that compose by hand.
    """

    def __init__(self, auth: Auth[Any], *, name: str = "gatewright") -> None:
        self.auth = auth
        self._limits = Limits(auth)
        base = base_path_of(auth)
        self.blueprint = _Endpoints(name)

        async def endpoint(request: SanicRequest, path: str = "") -> HTTPResponse:
            del path  # the raw one counts
            return await self._endpoint(request)

        for number, path in enumerate(dict.fromkeys((base or "/", f"{base}/", f"{base}/<path:path>"))):
            self.blueprint.add_route(
                endpoint, path, methods=HTTP_METHODS, stream=True, name=f"endpoint_{number}", strict_slashes=True
            )

    def init_app(self, app: SanicApp) -> None:
        """Add the endpoints, a caller for each request and the lifespan of each worker to ``app``.

        Errors of ``auth.api`` that a handler lets pass become the contract's answers.
        """
        app.blueprint(self.blueprint)
        running = Running(self.auth)

        async def open_instance(_: SanicApp) -> None:
            self._inject(app)
            await running.open()

        async def close_instance(_: SanicApp) -> None:
            await running.close()

        hooks: Any = app  # its types of listeners and middleware name neither the application nor the request
        hooks.register_listener(open_instance, "before_server_start")
        hooks.register_listener(close_instance, "after_server_stop")
        setattr(app.ctx, KEY, self.auth)
        hooks.register_middleware(_renew, "response")
        hooks.exception(ApiError)(self._failed)

    def require_session(
        self, **asked: Unpack[Asked]
    ) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
        """A decorator for handlers, functions and methods of class-based views alike (or in their ``decorators``).

        Only callers with a session get in, and ``request.ctx.session`` holds it; where an organization is asked for,
        ``request.ctx.member`` is the caller as its member. Others are answered as
        :mod:`gatewright_integrations.requirement` says.

        Args:
            asked: What the caller must be or may do; see :class:`~gatewright_integrations.requirement.Asked`.

        Raises:
            ConfigError: It needs a plugin that is not installed.
        """
        requirement = Requirement(self.auth, asked) if asked else None

        def decorate(handler: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
            @wraps(handler)
            async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
                request = _request_of(args)
                caller = current_caller(request)
                request.ctx.session = await caller.meets(requirement, request.match_info)
                if caller.member is not None:
                    request.ctx.member = caller.member
                return await handler(*args, **kwargs)

            return guarded

        return decorate

    async def _announce(self, request: SanicRequest, sent: AuthRequest, answer: AuthResponse) -> None:
        """Dispatch a signal to whoever listens; the answer waits for none of them."""
        app: Any = request.app
        told = announcement(self.auth, sent, answer) if self._heard(app) else None
        if told is not None:
            caller = Caller(self.auth, told.headers)
            context = {"request": request, "operation": told.operation, "caller": caller}
            await app.dispatch(f"{KEY}.session.{told.change}", context=context, fail_not_found=False)

    @staticmethod
    def _heard(app: Any) -> bool:
        """Whether the application listens to any of our signals."""
        return any(route.parts[0] == KEY for route in app.signal_router.routes)

    def _inject(self, app: Any) -> None:
        """Teach sanic-ext, where it is there, what handlers can ask for."""
        extended: Any = getattr(app, "_ext", None)
        if extended is None:
            return

        async def session(request: SanicRequest) -> SessionData:
            return await current_caller(request).meets(None)

        async def user(request: SanicRequest) -> User:
            return (await current_caller(request).meets(None)).user

        def caller(request: SanicRequest) -> Caller:
            return current_caller(request)

        for kind, constructor in ((SessionData, session), (User, user), (Caller, caller)):
            constructor.__annotations__.clear()  # sanic-ext would take them for dependencies
            extended.add_dependency(kind, constructor, "request")

    async def _failed(self, request: SanicRequest, error: ApiError) -> HTTPResponse:
        return _Answer(answer_to(self.auth, error), head=request.method == "HEAD")

    async def _endpoint(self, request: SanicRequest) -> HTTPResponse:
        """Hand a request to the instance."""
        headers = _headers(request)
        read: bytes | AuthResponse = b""
        if request.method != "GET":
            read = await self._body(request, headers)
        elif "content-length" in headers or "transfer-encoding" in headers:
            await self._body(request, headers)  # or Sanic complains about what is left over
        if isinstance(read, AuthResponse):
            answer = read
        else:
            sent = _translate(request, headers, read)
            answer = await self.auth.handle(sent)
            await self._announce(request, sent, answer)
        return _Answer(answer, head=request.method == "HEAD")

    async def _body(self, request: SanicRequest, headers: Headers) -> bytes | AuthResponse:
        refusal = self._limits.refusal(headers)
        if refusal is not None or request.stream is None:
            return b"" if refusal is None else refusal
        parts: list[bytes] = []
        size = 0
        try:
            async for part in _parts(request):
                size += len(part)
                if size > self._limits.body:
                    return self._limits.too_large
                parts.append(part)
        except PayloadTooLarge:
            # The server's own limit is lower than ours.
            return self._limits.too_large
        except _Disconnected:
            return self._limits.incomplete
        return b"".join(parts)


def verified(
    verifier: Verifier,
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R | HTTPResponse]]]:
    """A decorator for services that check sessions of another server: ``request.ctx.identity`` is whoever it recognises.

    Others are answered 401, and 503 where the other server had to be asked and gave no answer. For functions and methods of
    class-based views alike; needs no :class:`Gatewright`.
    """

    def decorate(handler: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R | HTTPResponse]]:
        @wraps(handler)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> R | HTTPResponse:
            request = _request_of(args)
            try:
                request.ctx.identity = await verifier.require(_headers(request))
            except ApiError as error:
                return _Answer(error_response(error), head=request.method == "HEAD")
            return await handler(*args, **kwargs)

        return guarded

    return decorate


def _translate(request: SanicRequest, headers: Headers, body: bytes) -> AuthRequest:
    path, _, query = request.raw_url.partition(b"?")
    peer: Any = request.conn_info
    return AuthRequest(
        method=request.method,
        # The connection's own scheme: Sanic's ``scheme`` follows forwarded headers by rules of its own.
        scheme="https" if peer is not None and peer.ssl else _scope(request).get("scheme", "http"),
        host=next(iter(headers.all("host")), "localhost"),
        path=path.decode("latin-1"),
        query=query.decode("latin-1"),
        headers=headers,
        body=body,
        peer=None if peer is None else peer.client_ip or None,
    )


async def _parts(request: SanicRequest) -> AsyncIterator[bytes]:
    """The body as it arrives."""
    stream: Any = request.stream  # an asynchronous iterator on either server, which its type does not say
    if not _scope(request):
        async for part in stream:
            yield part
        return
    # Sanic takes a caller who has left for the end of the body, and what arrived for all of it.
    transport: Any = request.transport
    while stream.request_body:
        message: MutableMapping[str, Any] = await transport.receive()
        stream.request_body = message.get("more_body", False)
        if message["type"] == "http.disconnect":
            raise _Disconnected
        yield message.get("body", b"")


def _scope(request: SanicRequest) -> dict[str, Any]:
    """The ASGI scope; empty on Sanic's own server."""
    found: dict[str, Any] = getattr(request.transport, "scope", {})
    return found


def _headers(request: SanicRequest) -> Headers:
    """The fields as they were received: Sanic decodes them in a way that can be undone."""
    received: Any = request.headers
    return Headers.from_raw(
        tuple(
            (name.encode("utf-8", "surrogateescape"), value.encode("utf-8", "surrogateescape"))
            for name, value in received.items()
        )
    )


def _add(response: HTTPResponse, pairs: list[tuple[str, str]]) -> None:
    headers: Any = response.headers
    for name, value in pairs:
        headers.add(name, value)


def _request_of(args: tuple[Any, ...]) -> SanicRequest:
    """The request among a handler's arguments; a method has its view in front of it."""
    for each in args[:2]:
        if isinstance(each, Request):
            return each  # pyright: ignore[reportUnknownVariableType] (Sanic's type parameters are erased here)
    raise TypeError("require_session() decorates handlers that take the request")


async def _renew(request: SanicRequest, response: HTTPResponse) -> None:
    caller: Caller | None = getattr(request.ctx, KEY, None)
    if caller is not None:
        _add(response, [(name, header_value(value).decode("ascii")) for name, value in caller.lines])
