"""ASGI: the one translation that every asynchronous integration mounts. No policy lives here.

Source: ASGI 3.0 HTTP and lifespan specifications.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import quote

from gatewright.auth import Auth
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright_integrations.translation import Limits, header_pairs

__all__ = ("ASGIApp", "AuthApp", "Message", "Receive", "Scope", "Send", "raw_path", "send_response")

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Disconnected(Exception):
    """The caller is gone before the whole request has arrived."""


class AuthApp:
    """An instance as an ASGI application.

    Serves the instance's base path; everything else is a bare 404. Mount it below a framework's router, or run it as an
    application of its own, in which case it runs the instance's lifespan too.

    A caller who leaves before the body is complete changes nothing. Cancelling the application cancels the handler;
    writes are guarded one by one, so no half-done request can be used twice.

    Args:
        auth: The instance.
    """

    __slots__ = ("_handle", "_limits", "auth")

    def __init__(self, auth: Auth[Any]) -> None:
        self.auth = auth
        self._handle = auth.handle
        self._limits = Limits(auth)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        kind = scope["type"]
        if kind == "http":
            try:
                request = await self._read(scope, receive)
            except _Disconnected:
                return
            response = await self._handle(request) if isinstance(request, Request) else request
            await send_response(response, send, head=scope["method"] == "HEAD")
        elif kind == "lifespan":
            await self._lifespan(receive, send)
        elif kind == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})

    async def _read(self, scope: Scope, receive: Receive) -> Request | Response:
        headers = Headers.from_raw(scope["headers"])
        body = b""
        method: str = scope["method"]
        if method != "GET":
            read = await self._body(headers, receive)
            if isinstance(read, Response):
                return read
            body = read
        client = scope.get("client")
        hosts = headers.all("host")
        if hosts:
            host = hosts[0]
        else:
            server = scope.get("server") or ("localhost", None)
            host = f"{server[0]}:{server[1]}" if server[1] else str(server[0])
        return Request(
            method=method,
            scheme=scope.get("scheme", "http"),
            host=host,
            path=raw_path(scope),
            query=scope.get("query_string", b"").decode("latin-1"),
            headers=headers,
            body=body,
            peer=client[0] if client else None,
        )

    async def _body(self, headers: Headers, receive: Receive) -> bytes | Response:
        """The whole body, or the answer to one that is too large: it is not read further than the limit."""
        refusal = self._limits.refusal(headers)
        if refusal is not None:
            return refusal
        limit = self._limits.body
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        first: bytes = message.get("body", b"")
        if not message.get("more_body", False):
            return first if len(first) <= limit else self._limits.too_large
        parts = [first]
        size = len(first)
        while message.get("more_body", False):
            if size > limit:
                return self._limits.too_large
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Disconnected
            part: bytes = message.get("body", b"")
            size += len(part)
            parts.append(part)
        return b"".join(parts) if size <= limit else self._limits.too_large

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.auth.__aenter__()
        except Exception as error:  # noqa: BLE001 (the server is told, and stops)
            await send({"type": "lifespan.startup.failed", "message": f"{type(error).__name__}: {error}"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        try:
            await self.auth.__aexit__(None, None, None)
        except Exception as error:  # noqa: BLE001 (the server is told)
            await send({"type": "lifespan.shutdown.failed", "message": f"{type(error).__name__}: {error}"})
            return
        await send({"type": "lifespan.shutdown.complete"})


def raw_path(scope: Scope) -> str:
    """The path with its escapes, as it was sent; where the server keeps only the decoded one, escaped again."""
    raw: bytes | None = scope.get("raw_path")
    return quote(scope["path"]) if raw is None else raw.partition(b"?")[0].decode("latin-1")


async def send_response(response: Response, send: Send, *, head: bool = False) -> None:
    """Send an answer; each ``set-cookie`` on a line of its own."""
    await send({"type": "http.response.start", "status": response.status, "headers": header_pairs(response)})
    await send({"type": "http.response.body", "body": b"" if head else response.body})
