"""An instance on a loopback socket of its own, through one of the integrations."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
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
            uvicorn.Config(application, lifespan="off", log_level="error", access_log=False, timeout_keep_alive=60)
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
    await opening.enter_async_context(_serving(make(auth), place))
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


def _asgi(auth: Auth[Any]) -> Any:
    return _integration("asgi").AuthApp(auth)


def _fastapi(auth: Auth[Any]) -> Any:
    from fastapi import FastAPI  # noqa: PLC0415 (loaded by those who ask for it)

    application = FastAPI()
    application.include_router(_integration("fastapi").GatewrightFastAPI(auth).router)
    return application


def _integration(name: str) -> Any:
    try:
        return importlib.import_module(f"gatewright_integrations.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"gatewright_integrations.{name}":
            raise
        raise Unsupported(f"listen {name}") from None


_APPLICATIONS: dict[str, Callable[[Auth[Any]], Any]] = {"asgi": _asgi, "fastapi": _fastapi}
