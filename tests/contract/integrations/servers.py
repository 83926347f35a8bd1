"""Every integration behind a real server on a loopback socket, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import itertools
import os
import secrets
import socket
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import hypercorn.config
import trio
import uvicorn
from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server as GranianServer
from quart import Quart
from quart_trio import QuartTrio
from sanic import Sanic
from werkzeug.serving import WSGIRequestHandler, make_server

from gatewright.testing.app import TestApp, make_app
from gatewright_integrations import quart as quart_integration
from gatewright_integrations import sanic as sanic_integration
from gatewright_integrations.asgi import AuthApp
from gatewright_integrations.fastapi import GatewrightFastAPI
from gatewright_integrations.wsgi import GatewrightWSGI

__all__ = ("INTEGRATIONS", "Served", "serving", "through_hypercorn", "through_uvicorn", "unused_port")

_FIRST = 20_000 + 5000 * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 2)
_PORTS = itertools.count(_FIRST + secrets.randbelow(4000))


@dataclass(frozen=True)
class Served:
    """An integration that is being served."""

    port: int
    app: TestApp


def bound() -> socket.socket:
    """A listening socket on a free port."""
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("127.0.0.1", 0))
    found.listen(64)
    return found


def unused_port() -> int:
    """A port for a server that binds it itself, later.

    It lies below those that systems choose from when they are asked for any, and apart from those of the other processes
    that pytest-xdist runs: nobody else is given it meanwhile.
    """
    while True:
        port = next(_PORTS)
        with contextlib.suppress(OSError), socket.socket() as tried:
            tried.bind(("127.0.0.1", port))
            return port


Opening = contextlib.AbstractContextManager[int]


@contextlib.contextmanager
def through_uvicorn(application: Any, **options: Any) -> Generator[int]:
    """Serve an ASGI application with uvicorn, its lifespan included."""
    given: dict[str, Any] = {
        "lifespan": "on",
        "log_level": "critical",
        "access_log": False,
        "proxy_headers": False,
        **options,
    }
    server = uvicorn.Server(uvicorn.Config(application, **given))
    place = bound()

    async def run() -> None:
        await server.serve(sockets=[place])

    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment, method-assign]
    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    try:
        yield _port(place)
    finally:
        server.should_exit = True
        thread.join(20)
        place.close()


@contextlib.contextmanager
def through_hypercorn(application: Any, backend: str = "asyncio") -> Generator[int]:
    """Serve an ASGI application with hypercorn, on asyncio or trio."""
    place = bound()
    config = hypercorn.config.Config()
    config.bind = [f"fd://{place.fileno()}"]
    config.errorlog = None
    config.graceful_timeout = 1
    ending = threading.Event()
    serve: Any = importlib.import_module(f"hypercorn.{backend}").serve

    async def until_asyncio() -> None:
        while not ending.is_set():  # noqa: ASYNC110 (set by another thread)
            await asyncio.sleep(0.02)

    async def until_trio() -> None:
        while not ending.is_set():  # noqa: ASYNC110 (set by another thread)
            await trio.sleep(0.02)

    def run() -> None:
        if backend == "trio":
            trio.run(lambda: serve(application, config, shutdown_trigger=until_trio))
        else:
            asyncio.run(serve(application, config, shutdown_trigger=until_asyncio))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield _port(place)
    finally:
        ending.set()
        thread.join(20)
        place.detach()


@contextlib.contextmanager
def through_granian(application: Any) -> Generator[int]:
    """Serve an ASGI application with granian, its lifespan included."""
    port = unused_port()
    ready, loop = threading.Event(), asyncio.new_event_loop()
    server = GranianServer(
        application, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False, log_access=False
    )

    async def serve() -> None:
        serving = asyncio.ensure_future(server.serve())
        while not serving.done():
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.02)
        ready.set()
        await serving

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(20)
        loop.close()


@contextlib.contextmanager
def through_sanic(application: Any) -> Generator[int]:
    """Serve a Sanic application with its own server."""
    place = bound()
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def start() -> Any:
        server = await application.create_server(sock=place, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        return server

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(server.before_stop())
        loop.run_until_complete(server.close())
        for connection in list(server.connections):
            connection.abort()
        loop.run_until_complete(server.after_stop())
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield _port(place)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        place.close()


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 (named by the library)
        return


@contextlib.contextmanager
def through_werkzeug(application: Any) -> Generator[int]:
    """Serve a WSGI application with Werkzeug's threaded server."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


def _port(place: socket.socket) -> int:
    port: int = place.getsockname()[1]
    return port


def _asgi(app: TestApp) -> Opening:
    return through_uvicorn(AuthApp(app.auth))


def _asgi_h11(app: TestApp) -> Opening:
    return through_uvicorn(AuthApp(app.auth), http="h11", loop="asyncio")


def _asgi_trio(app: TestApp) -> Opening:
    return through_hypercorn(AuthApp(app.auth), "trio")


def _asgi_granian(app: TestApp) -> Opening:
    return through_granian(AuthApp(app.auth))


def _fastapi_app(app: TestApp) -> FastAPI:
    application = FastAPI()
    GatewrightFastAPI(app.auth).init_app(application)
    return application


def _fastapi(app: TestApp) -> Opening:
    return through_uvicorn(_fastapi_app(app))


def _fastapi_granian(app: TestApp) -> Opening:
    return through_granian(_fastapi_app(app))


def _fastapi_hypercorn(app: TestApp) -> Opening:
    return through_hypercorn(_fastapi_app(app))


def _quart(app: TestApp) -> Opening:
    application = Quart("quart_integration")
    quart_integration.Gatewright(app.auth).init_app(application)
    return through_uvicorn(application)


def _quart_hypercorn(app: TestApp) -> Opening:
    application = Quart("quart_integration")
    quart_integration.Gatewright(app.auth, application)
    return through_hypercorn(application)


def _quart_trio(app: TestApp) -> Opening:
    application = QuartTrio("quart_integration")
    quart_integration.Gatewright(app.auth, application)
    return through_hypercorn(application, "trio")


def _sanic_app(app: TestApp) -> Any:
    Sanic.test_mode = True  # several applications of one name, one after the other
    application: Any = Sanic("integration", configure_logging=False)
    application.config.MOTD = False
    sanic_integration.Gatewright(app.auth).init_app(application)
    return application


def _sanic(app: TestApp) -> Opening:
    return through_sanic(_sanic_app(app))


def _sanic_asgi(app: TestApp) -> Opening:
    return through_uvicorn(_sanic_app(app))


def _wsgi(app: TestApp) -> Opening:
    return through_werkzeug(GatewrightWSGI(app.auth))


def forget_sanic() -> None:
    """Forget the applications that Sanic keeps by name."""
    registry: Any = getattr(Sanic, "_app_registry")  # noqa: B009 (Sanic has no public way)
    registry.clear()


INTEGRATIONS: dict[str, Callable[[TestApp], Opening]] = {
    "asgi-uvicorn": _asgi,
    "asgi-uvicorn-h11": _asgi_h11,
    "asgi-hypercorn-trio": _asgi_trio,
    "asgi-granian": _asgi_granian,
    "fastapi-uvicorn": _fastapi,
    "fastapi-hypercorn": _fastapi_hypercorn,
    "fastapi-granian": _fastapi_granian,
    "quart-uvicorn": _quart,
    "quart-hypercorn": _quart_hypercorn,
    "quart-hypercorn-trio": _quart_trio,
    "sanic": _sanic,
    "sanic-asgi-uvicorn": _sanic_asgi,
    "wsgi-werkzeug": _wsgi,
}
"""Integration and server by name."""


@contextlib.contextmanager
def serving(name: str, options: dict[str, Any] | None = None) -> Generator[Served]:
    """A new instance behind one of the integrations."""
    app = make_app({"advanced": {"max_body_bytes": 4096}, **(options or {})})
    try:
        with INTEGRATIONS[name](app) as port:
            yield Served(port, app)
    finally:
        forget_sanic()
