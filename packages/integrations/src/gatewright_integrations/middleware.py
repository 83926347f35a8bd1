"""Pure ASGI: the endpoints in front of any application, and the caller's session in its scope.

For Starlette, Litestar, Django and whatever else speaks ASGI::

    app = GatewrightMiddleware(app, auth)

    async def me(request):
        current = await caller_of(request.scope).session()

Source: ASGI 3.0 HTTP, WebSocket and lifespan specifications.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.auth import Auth
from gatewright.http.headers import Headers
from gatewright.wire.faults import ConfigError
from gatewright_integrations.asgi import ASGIApp, AuthApp, Message, Receive, Scope, Send, raw_path
from gatewright_integrations.caller import KEY, Caller
from gatewright_integrations.translation import base_path_of, header_value, is_below

__all__ = ("Caller", "GatewrightMiddleware", "caller_of")

_STARTS = frozenset({"http.response.start", "websocket.accept"})


def caller_of(scope: Mapping[str, Any]) -> Caller:
    """Who sent the request of this scope.

    Raises:
        ConfigError: The application does not stand behind :class:`GatewrightMiddleware`.
    """
    found = scope.get(KEY)
    if not isinstance(found, Caller):
        raise ConfigError("the application does not stand behind GatewrightMiddleware")
    return found


class GatewrightMiddleware:
    """Answers below the instance's base path; all other requests reach the application with their caller.

    The session is read when it is first asked for. Cookies that reading renews or clears are added to the application's
    answer, whatever kind of answer that is.

    Args:
        app: The application.
        auth: The instance.
        serve: Answer below the base path; otherwise the application mounts the endpoints itself.
        lifespan: Open and close the instance with the server, also where the application has no lifespan of its own.
    """

    __slots__ = ("_base", "_door", "_opens", "_serves", "app", "auth")

    def __init__(self, app: ASGIApp, auth: Auth[Any], *, serve: bool = True, lifespan: bool = True) -> None:
        self.app = app
        self.auth = auth
        self._base = base_path_of(auth)
        if serve and not self._base:
            raise ConfigError(
                "an instance without a base path leaves nothing for the application; mount AuthApp instead"
            )
        self._door = AuthApp(auth)
        self._serves = serve
        self._opens = lifespan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, or let the application do so."""
        kind = scope["type"]
        if kind == "lifespan" and self._opens:
            await self._lifespan(scope, receive, send)
            return
        if kind not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if self._serves and kind == "http" and is_below(raw_path(scope), self._base):
            await self._door(scope, receive, send)
            return
        caller = Caller(self.auth, Headers.from_raw(scope["headers"]))

        async def send_with_cookies(message: Message) -> None:
            if caller.lines and message["type"] in _STARTS:
                lines = [(name.encode("latin-1"), header_value(value)) for name, value in caller.lines]
                message = {**message, "headers": [*message.get("headers", ()), *lines]}
            await send(message)

        await self.app({**scope, KEY: caller}, receive, send_with_cookies)

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.auth.__aenter__()
        except Exception as error:  # noqa: BLE001 (the server is told, and stops)
            await receive()
            await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
            return
        inner = _Inner(receive, send)
        try:
            try:
                await self.app(scope, inner.receive, inner.send)
            except Exception:
                # An application without a lifespan refuses the scope before it has said anything.
                if inner.answers:
                    raise
            await inner.finish()
        finally:
            await self.auth.__aexit__(None, None, None)


class _Inner:
    """The lifespan protocol as the application inside sees it, finished for those that have none."""

    __slots__ = ("_receive", "_send", "answers", "asked")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.asked = 0
        self.answers = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self.asked += 1
        return message

    async def send(self, message: Message) -> None:
        self.answers += 1
        await self._send(message)

    async def finish(self) -> None:
        """Say what the application left unsaid."""
        if self.answers:
            return
        for number, step in enumerate(("startup", "shutdown")):
            if self.asked <= number:
                await self.receive()
            await self.send({"type": f"lifespan.{step}.complete"})
