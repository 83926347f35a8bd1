"""ASGI: the one translation that every asynchronous integration mounts. No policy lives here.

Source: ASGI 3.0 HTTP and lifespan specifications.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import quote

from gatewright.auth import Auth
from gatewright.contract.faults import BadRequest, PayloadTooLarge
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.pipeline.program import error_response

__all__ = ("AuthApp", "Receive", "Scope", "Send", "send_response")

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class _Disconnected(Exception):
    """The caller is gone before the whole request has arrived."""


class AuthApp:
    """An instance as an ASGI application.

    Serves the instance's base path; everything else is a bare 404. Mount it below a framework's router, or run it as an
    application of its own, in which case it runs the instance's lifespan too.

    Args:
        auth: The instance.
    """

    __slots__ = ("_handle", "_max_body", "auth")

    def __init__(self, auth: Auth[Any]) -> None:
        self.auth = auth
        self._handle = auth.handle
        self._max_body = auth.blueprint.settings.advanced.max_body_bytes

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
        raw: bytes | None = scope.get("raw_path")
        path = quote(scope["path"]) if raw is None else raw.partition(b"?")[0].decode("latin-1")
        client = scope.get("client")
        host = headers.get("host")
        if host is None:
            server = scope.get("server") or ("localhost", None)
            host = f"{server[0]}:{server[1]}" if server[1] else str(server[0])
        return Request(
            method=method,
            scheme=scope["scheme"],
            host=host,
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=body,
            peer=client[0] if client else None,
        )

    async def _body(self, headers: Headers, receive: Receive) -> bytes | Response:
        """The whole body, or the answer to one that is too large: it is not read further than the limit."""
        limit = self._max_body
        declared = headers.all("content-length")
        if declared:
            said = declared[0]
            if len(set(declared)) > 1 or not (said.isascii() and said.isdigit()):
                return error_response(BadRequest(message="Invalid Content-Length"))
            # More digits than the limit has are more bytes; Python reads only so many of them.
            if len(said.lstrip("0")) > len(str(limit)) or int(said.lstrip("0") or "0") > limit:
                return error_response(PayloadTooLarge())
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        first: bytes = message.get("body", b"")
        if not message.get("more_body", False):
            return first if len(first) <= limit else error_response(PayloadTooLarge())
        parts = [first]
        size = len(first)
        while message.get("more_body", False):
            if size > limit:
                return error_response(PayloadTooLarge())
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Disconnected
            part: bytes = message.get("body", b"")
            size += len(part)
            parts.append(part)
        return b"".join(parts) if size <= limit else error_response(PayloadTooLarge())

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


async def send_response(response: Response, send: Send, *, head: bool = False) -> None:
    """Send an answer; each ``set-cookie`` on a line of its own."""
    body = response.body
    headers = [(name.encode("latin-1"), _encode(value)) for name, value in response.headers]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


def _encode(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        # A place with characters that no header can hold, as browsers would write it.
        return quote(value, safe="!#$%&'()*+,/:;=?@[]~-._").encode()
