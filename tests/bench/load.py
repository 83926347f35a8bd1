"""A server process under load, and what a request costs it: CPU time, which neighbours on a machine disturb least."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ("Cost", "Server", "drive")

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request costs the server: CPU microseconds, and how long callers waited in milliseconds."""

    cpu: float
    p50: float
    p99: float


class Server:
    """``uvicorn`` with one application in a process of its own; or a module that is given a name and the port."""

    def __init__(self, application: str, env: Mapping[str, str], *, module: str | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        command = [
            *(sys.executable, "-m", "uvicorn", application, "--host", "127.0.0.1", "--port", str(self.port)),
            *("--no-access-log", "--log-level", "warning"),
        ]
        if module is not None:
            command = [sys.executable, "-m", module, application, str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": _path(), **env})

    def __enter__(self) -> Self:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise RuntimeError("the server did not start")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)

    def cpu_seconds(self) -> float:
        """User and system time of the process so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def drive(server: Server, requests: Sequence[bytes], *, count: int, connections: int = 8) -> Cost:
    """Send ``count`` requests over a few connections, closed loop; every answer must be a 200."""
    waits: list[float] = []

    async def caller(share: int, first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for number in range(share):
            begun = time.perf_counter()
            writer.write(requests[(first + number) % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            size = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(size)
            waits.append(time.perf_counter() - begun)
        writer.close()

    async def run() -> None:
        share = count // connections
        await asyncio.gather(*(caller(share, index * share) for index in range(connections)))

    asyncio.run(run())
    waits.clear()
    before = server.cpu_seconds()
    asyncio.run(run())
    spent = server.cpu_seconds() - before
    waits.sort()
    return Cost(
        cpu=spent / len(waits) * 1e6,
        p50=waits[len(waits) // 2] * 1e3,
        p99=waits[int(len(waits) * 0.99)] * 1e3,
    )


def _path() -> str:
    sources = [str(ROOT / "packages" / name / "src") for name in ("core", "adapters", "integrations", "client")]
    return os.pathsep.join([str(ROOT), *sources])
