"""What the hot paths cost, as ratios taken in one run; printed, and bounded far from where they are."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import anyio
import pytest
from tests.bench.bare import app as bare
from tests.bench.load import ROOT, Server, drive

from gatewright.auth import Auth
from gatewright.blueprint import Blueprint
from gatewright.contract.sign_up import SignUpEmail
from gatewright.http.request import Request
from gatewright.plugins import Bearer, OpenApi
from gatewright.settings.settings import Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.asgi import AuthApp

SECRET = "a-secret-for-benchmarks-that-is-long-enough"
ORIGIN = "http://localhost:3000"
USERS = 20
PASSWORD = "password-1234"


def settings() -> Settings:
    return Settings.load({"secret": SECRET, "base_url": ORIGIN, "email_and_password": {"enabled": True}})


async def seeded(database: Path) -> list[str]:
    """A database with a few users; the cookie of a session of each."""
    auth = Auth(settings(), SQLAlchemyAdapter.sqlite(database))
    cookies: list[str] = []
    await auth.create_tables()
    async with auth:
        for number in range(USERS):
            body = {"name": "Ada", "email": f"user{number}@example.com", "password": PASSWORD}
            answer = await auth.handle(
                Request.make(
                    "POST",
                    f"{ORIGIN}/api/auth/sign-up/email",
                    {"content-type": "application/json"},
                    json.dumps(body).encode(),
                )
            )
            cookies.append((answer.get("set-cookie") or "").partition(";")[0])
    return cookies


def get(path: str, cookie: str = "") -> bytes:
    extra = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost:3000\r\n{extra}\r\n".encode()


def sign_in(number: int) -> bytes:
    body = json.dumps({"email": f"user{number}@example.com", "password": PASSWORD})
    head = (
        "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: localhost:3000\r\nContent-Type: application/json\r\n"
        f"Origin: {ORIGIN}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def show(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n  {line}")


def test_reading_a_session_costs_a_few_bare_requests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "bench.db"
    cookies = anyio.run(seeded, database)
    env = {"BENCH_DB": str(database), "BENCH_SECRET": SECRET, "BENCH_BASE_URL": ORIGIN}
    with Server("tests.bench.bare:app", {}) as bare, Server("tests.bench.server:app", env) as ours:
        floor = drive(bare, [get("/")], count=6000)
        none = drive(ours, [get("/api/auth/get-session")], count=6000)
        read = drive(ours, [get("/api/auth/get-session", cookie) for cookie in cookies], count=6000)
        signing = drive(ours, [sign_in(number) for number in range(USERS)], count=64, connections=4)
    show(capsys, f"bare ASGI            {floor.cpu:9.0f} us CPU, p99 {floor.p99:.1f} ms")
    show(capsys, f"get-session, no cookie {none.cpu:7.0f} us CPU, {none.cpu / floor.cpu:.1f} times bare")
    show(capsys, f"get-session, database  {read.cpu:7.0f} us CPU, {read.cpu / floor.cpu:.1f} times bare")
    show(
        capsys, f"sign-in, argon2id      {signing.cpu:7.0f} us CPU, {signing.cpu / read.cpu:.0f} times a session read\n"
    )
    assert none.cpu < 6 * floor.cpu
    assert read.cpu < 15 * floor.cpu


async def _in_process(app: Any, scope: dict[str, Any], count: int) -> float:
    """Seconds of CPU per call of an ASGI application, without a server."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        assert message.get("status", 200) == 200

    for _ in range(200):
        await app(dict(scope), receive, send)
    begun = time.process_time()
    for _ in range(count):
        await app(dict(scope), receive, send)
    return (time.process_time() - begun) / count


def test_reading_a_session_without_a_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def run() -> tuple[float, float, float]:
        auth = Auth(settings(), MemoryAdapter())
        async with auth:
            await auth.create_tables()
            signed = await auth.reply(SignUpEmail(name="Ada", email="ada@example.com", password=PASSWORD))
            cookie = next(value for name, value in signed.headers if name == "set-cookie").partition(";")[0]
            scope: dict[str, Any] = {
                "type": "http",
                "method": "GET",
                "scheme": "http",
                "path": "/api/auth/get-session",
                "raw_path": b"/api/auth/get-session",
                "query_string": b"",
                "headers": [(b"host", b"localhost:3000")],
                "client": ("127.0.0.1", 1),
            }
            signed_in = {**scope, "headers": [*scope["headers"], (b"cookie", cookie.encode())]}
            app = AuthApp(auth)
            return (
                await _in_process(bare, scope, 5000),
                await _in_process(app, scope, 5000),
                await _in_process(app, signed_in, 5000),
            )

    floor, none, read = anyio.run(run)
    show(capsys, f"in process: bare {floor * 1e6:.1f} us, no cookie {none * 1e6:.1f} us, session {read * 1e6:.1f} us")
    show(capsys, f"in process: a session costs {read / floor:.0f} bare answers\n")
    assert read < 0.001


def test_an_instance_is_made_quickly_and_bound_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    adapter = MemoryAdapter()
    made = min(_seconds(lambda: Blueprint(settings(), plugins=[Bearer(), OpenApi()])) for _ in range(5))
    blueprint: Blueprint[Any] = Blueprint(settings(), plugins=[Bearer(), OpenApi()])
    bound = min(_seconds(lambda: [blueprint.bind(adapter) for _ in range(100)]) / 100 for _ in range(5))
    show(capsys, f"construction {made * 1e3:.0f} ms, bind {bound * 1e6:.0f} us\n")
    assert made < 0.150 * 5
    assert bound < 0.000_050 * 5


def test_importing_the_client_loads_no_server_room() -> None:
    code = (
        "import sys, gatewright_client; "
        "print([name for name in ('argon2', 'cryptography', 'pydantic', 'sqlalchemy') if name in sys.modules])"
    )
    sources = ":".join(str(ROOT / "packages" / name / "src") for name in ("core", "client"))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": sources}
    )
    assert done.stdout.strip() == "[]"


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
