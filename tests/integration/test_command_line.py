"""The recording of the example of a command line, in the client's README, is what the commands say."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from tests.architecture.source import ROOT, SOURCES
from tests.unit.client.servers import PASSWORD

README = ROOT / "packages" / "client" / "README.md"
PORT, CODE = "8765", "K9QD3PVG"
"""As they are in the recording."""
PATIENCE = 60.0
"""Seconds for a process that has to start on a busy machine."""


def recorded() -> list[tuple[str, str]]:
    """Each command with what it says."""
    (block,) = re.findall(r"^```console\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def free_port() -> str:
    """One with as many digits as the recording's, which decide how wide a panel is."""
    for port in range(8800, 9999):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return str(port)
    raise AssertionError("no port is free")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """The environment of the commands, beside a running server."""
    pytest.importorskip("fastapi", reason="the example's server needs FastAPI")
    pytest.importorskip("uvicorn", reason="the example's server needs uvicorn")
    pytest.importorskip("rich", reason="the recording was made with Rich")
    port = free_port()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, SOURCES)),
        "PYTHONIOENCODING": "utf-8",
        "XDG_STATE_HOME": str(tmp_path),
        "ACCOUNT_PASSWORD": PASSWORD,
        "ACCOUNT_SERVER": f"http://127.0.0.1:{port}",
        "PORT": port,
        "COLUMNS": "100",
    }
    server = subprocess.Popen([sys.executable, "examples/cli/server.py"], cwd=ROOT, env=environment)
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/api/auth/ok")
                break
            except httpx.TransportError:
                assert server.poll() is None, "the server has ended"
                assert time.monotonic() < until, "the server does not answer"
        yield environment
    finally:
        server.terminate()
        server.wait(PATIENCE)


def begin(command: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    program, *arguments = shlex.split(command)
    assert program == "python"
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def test_the_recording_is_what_the_commands_say(place: Mapping[str, str]) -> None:
    waiting: tuple[subprocess.Popen[str], str, str] | None = None
    code = ""
    for command, expected in recorded():
        typed, said = (text.replace(PORT, place["PORT"]).replace(CODE, code) for text in (command, expected))
        process = begin(typed, place)
        if command.endswith("login"):
            assert process.stdout is not None
            shown = ""
            while not (found := re.search(r"enter (\w+)", shown)):
                line = process.stdout.readline()
                assert line, f"it waits for nobody: {shown}"
                shown += line
            code = found[1]
            waiting = (process, shown, expected)
            continue
        assert process.communicate(timeout=PATIENCE)[0] == said
        if waiting is not None:
            other, begun, whole = waiting
            waiting = None
            assert other.stdout is not None
            with other, other.stdout:
                rest = other.stdout.read()
            assert begun + rest == whole.replace(PORT, place["PORT"]).replace(CODE, code)
        assert process.returncode == 0
