"""Each example is started as its first line says, in a process of its own, and used over the wire."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.contract.integrations.raw import exchange, request
from tests.contract.integrations.servers import unused_port

from gatewright.wire.json import encode

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/app.py"))
PERSON = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


def test_there_is_an_example_for_each_framework() -> None:
    assert EXAMPLES == ["fastapi", "flask", "quart", "sanic", "starlette"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_signs_up_and_knows_who_is_there(name: str) -> None:
    port = unused_port()
    path = os.pathsep.join(str(ROOT / "packages" / each / "src") for each in ("core", "adapters", "integrations"))
    environment = os.environ | {"PORT": str(port), "PYTHONPATH": path}
    command = [sys.executable, f"examples/{name}/app.py"]
    started = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        _wait(started, port)
        host = f"127.0.0.1:{port}"
        body = encode(PERSON)
        origin = f"Origin: http://{host}"
        sent = request(
            "POST", "/api/auth/sign-up/email", "Content-Type: application/json", origin, body=body, host=host
        )
        signed_up = exchange(port, sent)
        nobody = exchange(port, request("GET", "/me", host=host))
        ada = exchange(port, request("GET", "/me", f"Cookie: {signed_up.cookie}", host=host))
    finally:
        started.send_signal(signal.SIGINT)
        try:
            _, errors = started.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            started.kill()
            _, errors = started.communicate()
    assert (signed_up.status, nobody.status, ada.status) == (200, 401, 200), errors
    assert ada.json == {"name": "Ada", "email": "ada@example.com"}


def _wait(started: subprocess.Popen[bytes], port: int) -> None:
    """Until the server takes connections."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert started.poll() is None, started.stderr and started.stderr.read()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the example does not listen")
