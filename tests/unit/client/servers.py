"""Servers that the client's tests talk to: an instance in this process, and the Node reference where it is present."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import anyio
import httpx
from tests.conformance.codec import decode, encode

from gatewright.http.request import Request
from gatewright.ports.egress import EgressError, Outbound
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.egress import ScriptedEgress
from gatewright.wire.json import Json
from gatewright_client import Client, MemoryStorage, Storage, SyncClient
from gatewright_integrations.asgi import AuthApp

__all__ = (
    "KIT",
    "ORIGIN",
    "PASSWORD",
    "Post",
    "Recorded",
    "async_client",
    "async_client_of",
    "reference",
    "scripted",
    "sync_client",
)

ORIGIN = "http://localhost:3000"
PASSWORD = "password-1234"
KIT = "GATEWRIGHT_CONFORMANCE"
"""Environment variable with the folder of the conformance kit, whose ``reference`` holds the Node server."""


@dataclass
class Recorded:
    """The requests that went out."""

    requests: list[httpx.Request] = field(default_factory=list[httpx.Request])

    @property
    def lines(self) -> list[str]:
        """``METHOD path`` of each, below the base path."""
        return [f"{each.method} {each.url.raw_path.decode().removeprefix('/api/auth')}" for each in self.requests]

    def clear(self) -> None:
        """Forget what went out so far."""
        self.requests.clear()


class _Recording(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncBaseTransport, recorded: Recorded) -> None:
        self.inner = inner
        self.recorded = recorded

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.recorded.requests.append(request)
        return await self.inner.handle_async_request(request)


C = TypeVar("C", bound="Client[Any]")


def async_client(
    app: TestApp | None = None, *, recorded: Recorded | None = None, storage: Storage | None = None, **more: Any
) -> Client:
    """A client of ``app``, in this process."""
    return async_client_of(Client, app, recorded=recorded, storage=storage, **more)


def async_client_of(
    kind: type[C],
    app: TestApp | None = None,
    *,
    recorded: Recorded | None = None,
    storage: Storage | None = None,
    **more: Any,
) -> C:
    """A client of an application's own class."""
    app = app or make_app()
    transport = _Recording(httpx.ASGITransport(AuthApp(app.auth)), recorded or Recorded())
    http = httpx.AsyncClient(transport=transport)
    return kind(ORIGIN, http=http, storage=storage or MemoryStorage(), now=app.clock.now, **more)


def sync_client(app: TestApp | None = None, **more: Any) -> SyncClient:
    """A synchronous client of ``app``: each request runs the instance in an event loop of its own."""
    app = app or make_app()

    def handle(request: httpx.Request) -> httpx.Response:
        asked = Request.make(request.method, str(request.url), dict(request.headers), request.content, peer="127.0.0.1")
        response = anyio.run(app.auth.handle, asked)
        return httpx.Response(response.status, headers=list(response.headers), content=response.body)

    return SyncClient(ORIGIN, http=httpx.Client(transport=httpx.MockTransport(handle)), now=app.clock.now, **more)


def scripted(
    answer: Callable[[httpx.Request], httpx.Response], *, url: str = ORIGIN, **more: Any
) -> tuple[Client, Recorded]:
    """A client of a server that answers as told, and what it was sent."""
    recorded = Recorded()
    http = httpx.AsyncClient(transport=_Recording(httpx.MockTransport(answer), recorded))
    return Client(url, http=http, **more), recorded


@contextmanager
def reference(
    options: Mapping[str, object], plugins: Sequence[Mapping[str, Json]] = (), post: Post | None = None
) -> Generator[str]:
    """The origin of a running Node reference with an instance of these options; ``post`` is all that it reaches."""
    node = shutil.which("node")
    assert node is not None, f"{KIT} is set, and there is no node to run it"
    kit = Path(os.environ[KIT]) / "reference"
    process = subprocess.Popen([node, "server.mjs", "--port", "0"], cwd=kit, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        control = process.stdout.readline().split()[-1]
        with _post_office(post or Post()) as callback:
            asked = {
                "options": options,
                "plugins": list(plugins),
                "listen": "asgi",
                "callbackUrl": f"{callback}/cb",
                "egressUrl": f"{callback}/egress",
            }
            made = httpx.post(f"{control}/__instances", json=asked, timeout=60).json()
            assert made.get("origin"), json.dumps(made)
            yield made["origin"]
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


class Post:
    """What servers deliver, ask and send out.

    Attributes:
        delivered: For each sender the values that it was called with, as JSON.
        answers: What a function gives back, by its name; senders give nothing back.
        egress: The rest of the Internet.
    """

    def __init__(self) -> None:
        self.delivered: dict[str, list[Any]] = {}
        self.answers: dict[str, Callable[[Any], Json]] = {}
        self.egress = ScriptedEgress()

    def take(self, sender: str, value: Any) -> Json:
        """Something is delivered, or asked."""
        self.delivered.setdefault(sender, []).append(value)
        answer = self.answers.get(sender)
        return None if answer is None else answer(value)

    def last(self, sender: str) -> Any:
        """What was delivered last."""
        return self.delivered[sender][-1]

    def function(self, name: str, path: str) -> Callable[..., object]:
        """The function of an instance in this process."""

        async def deliver(*values: object) -> object:
            return decode(self.take(name, encode(values[0]) if values else None))

        return deliver

    def send(self, asked: Mapping[str, Any]) -> Mapping[str, object] | None:
        """What the rest of the Internet answers to a request of the reference; ``None`` when nothing is there."""
        body = None if asked["body"] is None else base64.b64decode(asked["body"])
        headers = {name.lower(): value for name, value in asked["headers"]}
        try:
            reply = anyio.run(self.egress.send, Outbound(asked["method"], asked["url"], headers, body))
        except EgressError:
            return None
        body64 = base64.b64encode(reply.body).decode()
        return {"status": reply.status, "headers": list(reply.headers.items()), "body": body64}


@contextmanager
def _post_office(post: Post) -> Generator[str]:
    """Where the reference calls the functions of its options, and what it sees of the rest of the Internet."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            kind, _, name = self.path.strip("/").partition("/")
            if kind == "egress":
                self._say(post.send(body))
            else:
                self._say({"value": post.take(unquote(name), body["args"][0] if body["args"] else None)})

        def _say(self, answer: object) -> None:
            said = json.dumps(answer).encode()
            self.send_response(200 if answer is not None else 502)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (as the base class names it)
            """Nothing is written."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
