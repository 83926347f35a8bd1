"""Sanic with several workers: each opens the instance and its database for itself, and a session is known to all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import httpx
from tests.contract.integrations.servers import unused_port

APPLICATION = """
import os
from sanic import Sanic
from sanic.response import json
from gatewright import Auth, Settings
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.sanic import Gatewright

auth = Auth(
    Settings.load({
        "secret": "a-secret-for-tests-that-is-long-enough",
        "base_url": os.environ["ORIGIN"],
        "email_and_password": {"enabled": True},
    }),
    SQLAlchemyAdapter.sqlite("workers.db"),
)
app = Sanic("workers")
gatewright = Gatewright(auth)
gatewright.init_app(app)

@app.main_process_start
async def tables(_):
    async with auth.unchecked():
        await auth.create_tables()

@app.get("/me")
@gatewright.require_session()
async def me(request):
    return json({"name": request.ctx.session.user.name, "worker": os.getpid()})
"""
PERSON = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


@contextlib.contextmanager
def _started(folder: Path, workers: int) -> Generator[str]:
    """The application under Sanic's own worker manager."""
    (folder / "workers_app.py").write_text(APPLICATION, encoding="utf-8")
    port = unused_port()
    origin = f"http://127.0.0.1:{port}"
    environment = os.environ | {"ORIGIN": origin, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    command = [sys.executable, "-m", "sanic", "workers_app:app", "--port", str(port), "--workers", str(workers)]
    with subprocess.Popen(
        [*command, "--no-motd"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end:
                assert process.poll() is None, process.communicate()[1]
                with contextlib.suppress(httpx.TransportError):
                    if httpx.get(f"{origin}/api/auth/ok").status_code == 200:
                        break
                time.sleep(0.1)
            yield origin
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def test_every_worker_knows_a_session_that_another_has_begun(tmp_path: Path) -> None:
    with _started(tmp_path, 2) as origin:
        answer = httpx.post(f"{origin}/api/auth/sign-up/email", json=PERSON, headers={"origin": origin})
        assert answer.status_code == 200, answer.text
        cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in answer.cookies.items())}
        workers: set[int] = set()
        end = time.monotonic() + 60
        # A connection of its own each time, so that either worker may take it.
        while len(workers) < 2 and time.monotonic() < end:
            mine = httpx.get(f"{origin}/me", headers=cookie)
            assert (mine.status_code, mine.json()["name"]) == (200, "Ada")
            workers.add(mine.json()["worker"])
    assert len(workers) == 2
