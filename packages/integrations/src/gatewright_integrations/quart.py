"""Quart: an extension with the endpoints, the session on ``g``, a decorator for views and a function for templates.

::

    app = Quart(__name__)
    gatewright = Gatewright(auth)
    gatewright.init_app(app)

    @app.get("/me")
    @gatewright.require_session()
    async def me() -> dict[str, str]:
        return {"name": g.session.user.name}

    @app.get("/projects/<organization>")
    @gatewright.require_session(organization=FromPath("organization"), permission={"project": ["read"]})
    async def projects(organization: str) -> dict[str, str]:
        return {"role": g.member.role}

Requests to the endpoints are answered in front of Quart's routing. Runs wherever Quart does; on trio with ``QuartTrio``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar, cast

from click import UNPROCESSED, Argument, Command, Group
from quart import Quart, Response, abort, g, has_websocket_context, request, websocket
from typing_extensions import Unpack

from gatewright.auth import Auth
from gatewright.cli import COMMANDS, run
from gatewright.contract.results import SessionData
from gatewright.http.headers import Headers
from gatewright.http.response import Response as AuthResponse
from gatewright.pipeline.program import error_response
from gatewright.verify import Verifier
from gatewright.wire.faults import ApiError
from gatewright_integrations.asgi import ASGIApp
from gatewright_integrations.caller import Caller
from gatewright_integrations.middleware import GatewrightMiddleware, caller_of
from gatewright_integrations.requirement import Asked, Requirement
from gatewright_integrations.translation import answer_to, header_value

__all__ = ("Gatewright", "current_caller", "current_session", "verified")

P = ParamSpec("P")
R = TypeVar("R")


def current_caller() -> Caller:
    """Who sent the request or opened the WebSocket that is being handled.

    Raises:
        ConfigError: The extension was not given this application.
    """
    return caller_of(websocket.scope if has_websocket_context() else request.scope)


async def current_session() -> SessionData | None:
    """The caller's session or ``None``; read once for each request, and kept as ``g.session``."""
    found = await current_caller().session()
    g.session = found
    return found


class Gatewright:
    """An instance at home in a Quart application.

    Args:
        auth: The instance.
        app: The application, where it exists already; otherwise call :meth:`init_app`.
    """

    def __init__(self, auth: Auth[Any], app: Quart | None = None) -> None:
        self.auth = auth
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Quart) -> None:
        """Put the endpoints in front of ``app``, open the instance while it serves, and teach its templates.

        ``await g.caller.session()`` reads the session when it is asked for, templates call ``current_session()``, and errors
        of ``auth.api`` that a view lets pass become the contract's answers. ``quart gatewright`` has the commands of
        ``gatewright`` that are about an instance: ``migrate``, ``doctor``, ``create-admin`` and others.
        """
        inner = cast("ASGIApp", app.asgi_app)
        door = GatewrightMiddleware(inner, self.auth, lifespan=False)
        app.asgi_app = door  # type: ignore[method-assign, assignment] (Quart documents that it may be replaced)
        app.while_serving(self._serving)
        app.add_template_global(current_session, "current_session")
        app.register_error_handler(ApiError, self._answer)
        app.before_request(_meet)
        app.before_websocket(_meet)
        app.cli.add_command(self._commands())
        app.extensions["gatewright"] = self

    def require_session(
        self, **asked: Unpack[Asked]
    ) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
        """A decorator for views and WebSockets: only callers with a session get in, and ``g.session`` holds it.

        Where an organization is asked for, ``g.member`` is the caller as its member. Others are answered as
        :mod:`gatewright_integrations.requirement` says; the opening of a WebSocket is refused likewise.

        Args:
            asked: What the caller must be or may do; see :class:`~gatewright_integrations.requirement.Asked`.

        Raises:
            ConfigError: It needs a plugin that is not installed.
        """
        requirement = Requirement(self.auth, asked) if asked else None

        def decorate(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
            @wraps(view)
            async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
                caller = current_caller()
                received = websocket if has_websocket_context() else request
                g.session = await caller.meets(requirement, received.view_args)
                if caller.member is not None:
                    g.member = caller.member
                return await view(*args, **kwargs)

            return guarded

        return decorate

    def _commands(self) -> Group:
        group = Group("gatewright", help="The authentication's tables and what others are told of it.")
        settings = {"ignore_unknown_options": True, "allow_extra_args": True}
        for path, about in COMMANDS.items():
            name = path.split()[-1]
            rest = Argument(["arguments"], nargs=-1, type=UNPROCESSED)
            command = Command(
                name,
                context_settings=settings,
                callback=partial(self._run, path),
                params=[rest],
                help=about,
                add_help_option=False,
            )
            group.add_command(command)
        return group

    def _run(self, name: str, arguments: tuple[str, ...]) -> None:
        run(self.auth, name, arguments)

    async def _serving(self) -> AsyncGenerator[None]:
        async with self.auth:
            yield

    async def _answer(self, error: Exception) -> Response:
        """The contract's answer to an error that a view let pass."""
        if not isinstance(error, ApiError):
            raise error
        return _response(answer_to(self.auth, error))


def verified(verifier: Verifier) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """A decorator for services that check sessions of another server: ``g.identity`` is whoever the verifier recognises.

    Others are answered 401, and 503 where the other server had to be asked and gave no answer. Needs no extension.
    """

    def decorate(view: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @wraps(view)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            received = websocket if has_websocket_context() else request
            try:
                g.identity = await verifier.require(Headers.from_raw(tuple(received.scope["headers"])))
            except ApiError as error:
                abort(_response(error_response(error)))
            return await view(*args, **kwargs)

        return guarded

    return decorate


def _response(answer: AuthResponse) -> Response:
    response = Response(answer.body, answer.status)
    del response.headers["content-type"]
    for name, value in answer.headers:
        response.headers.add(name, header_value(value).decode("latin-1"))
    return response


async def _meet() -> None:
    g.caller = current_caller()
