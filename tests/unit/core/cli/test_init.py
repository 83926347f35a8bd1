"""``init`` writes an application that runs as it is, for each framework, and touches nothing that is there."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
from tests.unit.core.cli.application import run

FILES = [".env", ".gitignore", "app.py", "auth.py", "requirements.txt"]
PERSON = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


@contextlib.contextmanager
def _started(folder: Path) -> Generator[httpx.Client]:
    """The application as its last step says, on a port of its own."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    environment = os.environ | {"PORT": str(port), "BETTER_AUTH_URL": origin, "PYTHONPATH": os.pathsep.join(sys.path)}
    migrated = subprocess.run(
        [sys.executable, "-m", "gatewright.cli", "migrate", "--config", "auth:auth", "--yes"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert migrated.returncode == 0, migrated.stderr
    with subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as process:
        try:
            with httpx.Client(base_url=origin, headers={"origin": origin}) as http:
                _wait(process, http)
                yield http
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _wait(process: subprocess.Popen[str], http: httpx.Client) -> None:
    end = time.monotonic() + 40
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()[1]
        with contextlib.suppress(httpx.TransportError):
            if http.get("/api/auth/ok").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the application does not answer")


@pytest.mark.parametrize("framework", ["fastapi", "quart", "sanic"])
def test_what_is_written_signs_people_up_and_in(tmp_path: Path, framework: str) -> None:
    folder = tmp_path / "my shop"
    told = run("init", str(folder), "--framework", framework, "--json")
    assert told.exit_code == 0, told.output
    written = json.loads(told.output)
    assert (written["framework"], written["files"]) == (framework, [str(folder / name) for name in FILES])
    with _started(folder) as http:
        signed_up = http.post("/api/auth/sign-up/email", json=PERSON)
        assert signed_up.status_code == 200, signed_up.text
        mine = http.get("/me")
        http.cookies.clear()
        nobody = http.get("/me")
        http.post("/api/auth/sign-in/email", json={"email": PERSON["email"], "password": PERSON["password"]})
        again = http.get("/me")
    assert (mine.json(), again.json(), nobody.status_code) == (
        {"name": "Ada", "email": "ada@example.com"},
        {"name": "Ada", "email": "ada@example.com"},
        401,
    )


def test_the_secret_is_a_new_one_that_only_its_owner_reads(tmp_path: Path) -> None:
    secrets: set[str] = set()
    for name in ("one", "two"):
        assert run("init", str(tmp_path / name)).exit_code == 0
        path = tmp_path / name / ".env"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        first = path.read_text().splitlines()[0]
        assert first.startswith("BETTER_AUTH_SECRET=")
        secrets.add(first.partition("=")[2])
        assert ".env" in (tmp_path / name / ".gitignore").read_text().splitlines()
    assert sorted(len(each) for each in secrets) == [43, 43]


def test_nothing_is_written_where_a_file_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("mine")
    told = run("init", str(tmp_path), "--name", "Shop")
    assert (told.exit_code, told.output) == (
        2,
        f"gatewright: {tmp_path} has app.py already: nothing was written\n",
    )
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"app.py": "mine"}


@pytest.mark.parametrize("name", ['"""', "a\\b", "{x}", "a\nb", " "])
def test_a_name_that_would_not_fit_into_the_source_is_refused(tmp_path: Path, name: str) -> None:
    told = run("init", str(tmp_path / "new"), "--name", name)
    assert (told.exit_code, "is no name of" in told.output, (tmp_path / "new").exists()) == (2, True, False)


def test_the_steps_that_follow_are_said(tmp_path: Path) -> None:
    told = run("init", str(tmp_path / "shop"))
    assert told.output.splitlines()[-5:] == [
        "Then:",
        f"  cd {tmp_path / 'shop'}",
        "  pip install -r requirements.txt",
        "  gatewright migrate --config auth:auth",
        "  python app.py",
    ]
