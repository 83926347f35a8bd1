"""How long a statement over the application's engine may take, and how one that takes longer is ended.

Most drivers end what they wait for when their task is cancelled. psycopg first asks the server to stop the statement, and
waits for that: where the server does not answer, the connection is cut instead, which it notices at once.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from gatewright.ports.adapter import StoreUnavailable
from gatewright.wire.faults import ConfigError

__all__ = ("given_back", "on_asyncio", "within")

_GRACE_SECONDS = 0.5
"""After its connection was cut a driver gives up within this time."""


@asynccontextmanager
async def within(seconds: float, connection: AsyncConnection | None = None) -> AsyncGenerator[None]:
    """At most ``seconds``, on asyncio, without being cancelled halfway: a pool loses connections that are interrupted.

    Args:
        seconds: How long.
        connection: Over which a statement runs.

    Raises:
        StoreUnavailable: It takes longer.
    """
    on_asyncio()
    loop = asyncio.get_running_loop()
    cut = False
    try:
        with anyio.CancelScope(shield=True):
            async with asyncio.timeout(seconds + _GRACE_SECONDS) as scope:

                def end() -> None:
                    nonlocal cut
                    cut = connection is not None and _cut(connection)
                    if not cut:
                        scope.reschedule(loop.time())

                timer = loop.call_later(seconds, end)
                try:
                    yield
                except SQLAlchemyError:
                    if cut:
                        raise TimeoutError from None
                    raise
                finally:
                    timer.cancel()
    except TimeoutError:
        raise StoreUnavailable("the database takes too long") from None


async def given_back(held: AsyncConnection | AsyncSession, seconds: float) -> None:
    """Close what a caller has from a pool, and have it closed before anybody goes on, cancelled or late as they may be."""
    closing = asyncio.ensure_future(held.close())
    with anyio.CancelScope(shield=True):
        await asyncio.wait({closing}, timeout=seconds)
        if not closing.done():
            if isinstance(held, AsyncConnection):
                _cut(held)
            await asyncio.wait({closing}, timeout=_GRACE_SECONDS)
    if not closing.done():
        closing.cancel()
        raise StoreUnavailable("the database takes too long")
    closing.result()


def on_asyncio() -> None:
    """Refuse any other event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigError(
            "an AsyncEngine works on asyncio only; on trio use SQLAlchemyAdapter.sqlite or another adapter"
        ) from None


def _cut(connection: AsyncConnection) -> bool:
    """End the connection to the server, and say whether its driver needs that; it is noticed as a server that has gone."""
    if connection.dialect.driver != "psycopg" or connection.closed:
        return False
    with suppress(SQLAlchemyError, OSError, AttributeError):
        driver: Any = connection.sync_connection.connection.driver_connection  # pyright: ignore[reportOptionalMemberAccess]
        # A second name of the socket: the driver's own stays as it is until the driver closes it.
        with socket.socket(fileno=os.dup(driver.fileno())) as there:
            there.shutdown(socket.SHUT_RDWR)
        return True
    return False
