"""Requests to other servers: which connection they go over."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import anyio
import pytest
from anyio.abc import SocketAttribute, SocketStream

from gatewright.ports.egress import HttpxEgress, Outbound

pytestmark = pytest.mark.anyio


class Server:
    """Answers every request, and counts the connections over which they come."""

    def __init__(self) -> None:
        self.connections = 0
        self.url = ""

    async def serve(self, stream: SocketStream) -> None:
        self.connections += 1
        async with stream:
            while True:
                try:
                    await stream.receive()
                except (anyio.EndOfStream, anyio.BrokenResourceError):
                    return
                await stream.send(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener, anyio.create_task_group() as tasks:
        server.url = f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}/"
        tasks.start_soon(listener.serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize(("idle", "connections"), [(2, 1), (4, 2)])
async def test_a_connection_is_not_used_again_once_the_server_may_close_it(
    server: Server, idle: int, connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    egress = HttpxEgress()
    assert (await egress.send(Outbound("POST", server.url))).body == b"ok"
    now = time.monotonic
    monkeypatch.setattr("time.monotonic", lambda: now() + idle)
    assert (await egress.send(Outbound("POST", server.url))).body == b"ok"
    monkeypatch.undo()
    await egress.close()
    assert server.connections == connections
