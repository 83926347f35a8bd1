"""A TCP proxy in front of a real service, which refuses, freezes or lets everything through as it is told."""

from __future__ import annotations

import asyncio
from contextlib import suppress

__all__ = ("Proxy",)


class Proxy:
    """Listens on a port of its own and passes bytes on.

    Args:
        host, port: Of the service.

    Attributes:
        port: Where it listens.
    """

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._server: asyncio.Server | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self._pipes: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def start(self) -> None:
        """Listen, on the same port as before where there was one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Cut every connection and accept no other."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._cut()

    def freeze(self) -> None:
        """Keep every connection, accept new ones, and pass nothing on."""
        self._flows.clear()

    async def recover(self) -> None:
        """Let everything through again."""
        self._flows.set()
        if self._server is None:
            await self.start()

    async def stop(self) -> None:
        """End."""
        self._flows.set()
        await self.refuse()

    async def _cut(self) -> None:
        for pipe in list(self._pipes):
            pipe.cancel()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._pipes.add(task)
        self._writers.add(writer)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await self._flows.wait()
                there, to = await asyncio.open_connection(*self._there)
                self._writers.add(to)
                try:
                    await asyncio.gather(self._pass(reader, to), self._pass(there, writer))
                finally:
                    to.transport.abort()
                    self._writers.discard(to)
        finally:
            writer.transport.abort()
            self._writers.discard(writer)
            self._pipes.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._flows.wait()
            writer.write(data)
            await writer.drain()
        writer.transport.abort()
