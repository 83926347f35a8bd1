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
from sqlalchemy.ext.asyncio import AsyncConnection

from gatewright.ports.adapter import StoreUnavailable
from gatewright.wire.faults import ConfigError

__all__ = ("Patience", "on_asyncio", "within")

_GRACE_SECONDS = 0.5
"""After its connection was cut a driver gives up within this time."""


class Patience:
    """What is to be cut when the time is over.

    Attributes:
        connection: Over which a statement runs, once there is one.
        cut: Whether it was cut.
    """

    __slots__ = ("_scope", "connection", "cut")

    def __init__(self, scope: asyncio.Timeout) -> None:
        self._scope = scope
        self.connection: AsyncConnection | None = None
        self.cut = False

    def end(self) -> None:
        """The time is over."""
        if self.connection is not None and _cut(self.connection):
            self.cut = True
        else:
            self._scope.reschedule(asyncio.get_running_loop().time())


@asynccontextmanager
async def within(seconds: float, connection: AsyncConnection | None = None) -> AsyncGenerator[Patience]:
    """At most ``seconds``, on asyncio, without being cancelled halfway: a pool loses connections that are interrupted.

    Raises:
        StoreUnavailable: It takes longer.
    """
    on_asyncio()
    try:
        with anyio.CancelScope(shield=True):
            async with asyncio.timeout(seconds + _GRACE_SECONDS) as scope:
                patience = Patience(scope)
                patience.connection = connection
                timer = asyncio.get_running_loop().call_later(seconds, patience.end)
                try:
                    yield patience
                except SQLAlchemyError:
                    if patience.cut:
                        raise TimeoutError from None
                    raise
                finally:
                    timer.cancel()
    except TimeoutError:
        raise StoreUnavailable("the database takes too long") from None


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
