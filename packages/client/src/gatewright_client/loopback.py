"""A listener on the loopback interface that waits for a browser to come back once.

Not a web server: it knows one path and one answer. Source: RFC 8252 §7.3, §8.3; RFC 9110 for the little HTTP there is.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Mapping
from hmac import compare_digest
from urllib.parse import parse_qsl

import anyio
from anyio.abc import ByteStream, SocketAttribute

__all__ = ("Loopback", "loopback")

PATH = "/callback"
MAX_HEAD = 16 * 1024
"""Bytes of a request's head that are read."""
HEAD_TIMEOUT = 10.0
"""Seconds that a connection has to send its head."""

_PAGE = "<!doctype html><meta charset=utf-8><title>Signed in</title><p>You may close this window and go back to the program."


class Loopback:
    """Where the browser is to come back to.

    Attributes:
        url: The address, with the port that was free.
    """

    def __init__(self, url: str, state: str) -> None:
        self.url = url
        self._state = state
        self._answers: Mapping[str, str] = {}
        self._came = anyio.Event()

    def visit(self, answers: Mapping[str, str]) -> bool:
        """Take the query of a visit: whether it carries the right ``state``. Only the first one counts."""
        if not compare_digest(answers.get("state", "").encode(), self._state.encode()):
            return False
        if not self._came.is_set():
            self._answers = answers
            self._came.set()
        return True

    async def wait(self) -> Mapping[str, str]:
        """The query of the first visit with the right ``state``; cancel it to give up."""
        await self._came.wait()
        return self._answers


@contextlib.asynccontextmanager
async def loopback(state: str, *, page: str = _PAGE) -> AsyncGenerator[Loopback]:
    """Listen on a free port of 127.0.0.1 while the context is open.

    Args:
        state: The secret that the visit must carry; any other visit is answered 404 and changes nothing.
        page: The HTML that the visitor sees.
    """
    failed: Exception | None = None
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    async with listener, anyio.create_task_group() as tasks:
        port = listener.extra(SocketAttribute.local_port)  # noqa: S610 (an attribute of the socket)
        found = Loopback(f"http://127.0.0.1:{port}{PATH}", state)

        async def visit(stream: ByteStream) -> None:
            # A visitor who breaks off, or who sends nothing, concerns nobody else.
            with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream):
                async with stream:
                    with anyio.move_on_after(HEAD_TIMEOUT):
                        await _answer(found, stream, page)

        tasks.start_soon(listener.serve, visit)
        try:
            yield found
        except Exception as error:  # noqa: BLE001 (raised below, where no task group wraps it)
            failed = error
        finally:
            tasks.cancel_scope.cancel()
    if failed is not None:
        raise failed


async def _answer(found: Loopback, stream: ByteStream, page: str) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        head += await stream.receive()
        if len(head) > MAX_HEAD:
            return
    method, _, rest = head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    path, _, query = rest.partition(" ")[0].partition("?")
    answers = dict(parse_qsl(query, keep_blank_values=True))
    if method == "GET" and path == PATH and found.visit(answers):
        await stream.send(_response("200 OK", page))
    else:
        await stream.send(_response("404 Not Found", ""))


def _response(status: str, page: str) -> bytes:
    body = page.encode()
    return (
        f"HTTP/1.1 {status}\r\n"
        "content-type: text/html; charset=utf-8\r\n"
        f"content-length: {len(body)}\r\n"
        "content-security-policy: default-src 'none'\r\n"
        "referrer-policy: no-referrer\r\n"
        "cache-control: no-store\r\n"
        "connection: close\r\n\r\n"
    ).encode() + body
