"""The least that an ASGI application can do: the other side of every ratio."""

from __future__ import annotations

from typing import Any

__all__ = ("app",)

BODY = b'{"ok":true}'


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer everything with a constant."""
    if scope["type"] != "http":
        return
    if scope["method"] != "GET":
        await receive()
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": BODY})
