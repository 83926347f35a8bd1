"""An instance on a loopback socket of its own, through one of the integrations."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import itertools
import socket
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack
from typing import Any

import uvicorn
from tests.conformance.codec import Unsupported

from gatewright.auth import Auth
from gatewright.wire.json import Json

__all__ = ("Quiet", "Served", "bound", "listen")


class Served(uvicorn.Server):
    """A server that says when it is up.

    Attributes:
        up: Set when it serves, or has failed to.
    """

    def __init__(self, application: Any) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                lifespan="off",
                log_level="error",
                access_log=False,
                timeout_keep_alive=60,
                proxy_headers=False,
            )
        )
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve."""
        try:
            await super().startup(sockets)
        finally:
            self.up.set()


class Quiet(Served):
    """A server that leaves the process's signals alone: several run in one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one."""
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    found.listen(128)
    return found


async def listen(auth: Auth[Any], wanted: Json, opening: AsyncExitStack) -> str | None:
    """The origin at which the instance is served until ``opening`` ends; ``None`` where that is not wanted.

    Raises:
        Unsupported: There is no such integration.
    """
    kind, port = (wanted.get("listen"), wanted.get("port")) if isinstance(wanted, dict) else (wanted, None)
    if kind is None:
        return None
    make = _APPLICATIONS.get(str(kind))
    if make is None:
        raise Unsupported(f"listen {kind}")
    place = bound("127.0.0.1", port if isinstance(port, int) else 0)
    serve = _serving_sanic if kind == "sanic" else _serving
    await opening.enter_async_context(serve(make(auth), place))
    return f"http://127.0.0.1:{place.getsockname()[1]}"


@contextlib.asynccontextmanager
async def _serving(application: Any, place: socket.socket) -> AsyncGenerator[None]:
    server = Quiet(application)
    task = asyncio.create_task(server.serve(sockets=[place]))
    await server.up.wait()
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await task
        place.close()


@contextlib.asynccontextmanager
async def _serving_sanic(application: Any, place: socket.socket) -> AsyncGenerator[None]:
    """Sanic's own server; the instance is open already."""
    server = await application.create_server(sock=place, return_asyncio_server=True, access_log=False)
    await server.startup()
    try:
        yield
    finally:
        await server.close()
        for connection in list(server.connections):
            connection.abort()
        place.close()
        application.__class__.unregister_app(application)


def _asgi(auth: Auth[Any]) -> Any:
    return _integration("asgi").AuthApp(auth)


def _fastapi(auth: Auth[Any]) -> Any:
    from fastapi import FastAPI, Response  # noqa: PLC0415 (loaded by those who ask for it)

    application = FastAPI()
    application.include_router(_integration("fastapi").GatewrightFastAPI(auth).router)

    async def nothing(request: Any, error: Exception) -> Response:
        return Response(status_code=404)

    # Beside the instance's paths an application answers as it likes; this one as an instance alone would.
    application.add_exception_handler(404, nothing)
    return application


def _quart(auth: Auth[Any]) -> Any:
    from quart import Quart, Response  # noqa: PLC0415 (loaded by those who ask for it)

    application = Quart("conformance")
    _integration("quart").Gatewright(auth).init_app(application)

    async def nothing(error: Exception) -> Response:
        response = Response(b"", 404)
        del response.headers["content-type"]
        return response

    application.register_error_handler(404, nothing)
    return application


def _sanic(auth: Auth[Any]) -> Any:
    from sanic import Sanic  # noqa: PLC0415 (loaded by those who ask for it)
    from sanic.exceptions import NotFound  # noqa: PLC0415

    Sanic.test_mode = True  # several applications in one process, one after the other
    application: Any = Sanic(f"conformance_{next(_NUMBERS)}", configure_logging=False)
    application.config.MOTD = False
    application.config.AUTO_EXTEND = False  # sanic-ext sets itself up with the server's lifespan, which is not run here
    sanic = _integration("sanic")
    application.blueprint(sanic.Gatewright(auth).blueprint)

    async def nothing(request: Any, error: Exception) -> Any:
        return sanic.bare(404)

    application.exception(NotFound)(nothing)
    return application


def _integration(name: str) -> Any:
    try:
        return importlib.import_module(f"gatewright_integrations.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"gatewright_integrations.{name}":
            raise
        raise Unsupported(f"listen {name}") from None


_NUMBERS = itertools.count(1)
_APPLICATIONS: dict[str, Callable[[Auth[Any]], Any]] = {
    "asgi": _asgi,
    "fastapi": _fastapi,
    "quart": _quart,
    "sanic": _sanic,
}
