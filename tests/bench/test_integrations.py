"""What each integration adds to the bare ASGI application, as ratios taken in one run, and FastAPI's dependency by itself.

CPU time of this process, without a server in between; each figure is the least of several rounds, taken in turn, so that a
neighbour on the machine disturbs all of them alike.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi import FastAPI, Request
from quart import Quart
from tests.bench.load import Server, drive
from tests.bench.test_cost import SECRET, get, seeded

from gatewright.auth import Auth
from gatewright.contract.sign_up import SignUpEmail
from gatewright.settings.settings import Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations import quart as quart_integration
from gatewright_integrations.asgi import AuthApp
from gatewright_integrations.fastapi import CurrentSession, GatewrightFastAPI
from gatewright_integrations.middleware import GatewrightMiddleware, caller_of

ORIGIN = "http://localhost:3000"
RATIO = 1.5
DEPENDENCY = 60e-6
"""Seconds that FastAPI's dependency may add."""
ROUNDS = 7
CALLS = 300

Once = Callable[[], Awaitable[None]]


def _scope(path: str, cookie: str, app: Any = None) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost:3000"), (b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 3000),
        "state": {},
    }


def _asgi(app: Any, path: str, cookie: str) -> Once:
    async def once() -> None:
        received = False

        async def receive() -> dict[str, Any]:
            nonlocal received
            if received:
                await anyio.sleep_forever()
            received = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            assert message.get("status", 200) == 200, message

        await app(_scope(path, cookie), receive, send)

    return once


async def _measured(ways: dict[str, Once]) -> dict[str, float]:
    """Seconds of CPU for one call of each."""
    found = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, once in ways.items():
            begun = time.process_time()
            for _ in range(CALLS):
                await once()
            found[name] = min(found[name], (time.process_time() - begun) / CALLS)
    return found


async def _instance() -> tuple[Auth[Any], str]:
    settings = Settings.load(
        {
            "secret": SECRET,
            "base_url": ORIGIN,
            "email_and_password": {"enabled": True},
        }
    )
    auth = Auth(settings, MemoryAdapter())
    signed = await auth.reply(SignUpEmail(name="Ada", email="ada@example.com", password="password-1234"))
    return auth, next(value for name, value in signed.headers if name == "set-cookie").partition(";")[0]


async def _integrations() -> dict[str, float]:
    auth, cookie = await _instance()
    fastapi = FastAPI()
    GatewrightFastAPI(auth).init_app(fastapi)
    quart = Quart("bench")
    quart_integration.Gatewright(auth, quart)
    path = "/api/auth/get-session"

    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("not an endpoint")

    ways = {
        "asgi": _asgi(AuthApp(auth), path, cookie),
        "middleware": _asgi(GatewrightMiddleware(nothing, auth), path, cookie),
        "fastapi": _asgi(fastapi, path, cookie),
        "quart": _asgi(quart, path, cookie),
    }
    async with auth:
        return await _measured(ways)


def _show(capsys: pytest.CaptureFixture[str], lines: list[str]) -> None:
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(f"  {line}" for line in lines) + "\n")


def test_an_integration_costs_little_more_than_the_bare_application(capsys: pytest.CaptureFixture[str]) -> None:
    found = anyio.run(_integrations)
    bare = found["asgi"]
    _show(capsys, [f"get-session, {name:<12}{cost * 1e6:7.0f} us, {cost / bare:.2f}" for name, cost in found.items()])
    for name, cost in found.items():
        assert cost <= RATIO * bare, name


def test_behind_its_own_server_an_integration_costs_little_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sanic brings its own server, so that only whole processes can be compared: on SQLite, over a socket."""
    database = tmp_path / "bench.db"
    cookies = anyio.run(seeded, database)
    env = {"BENCH_DB": str(database), "BENCH_SECRET": SECRET, "BENCH_BASE_URL": ORIGIN}
    requests = [get("/api/auth/get-session", cookie) for cookie in cookies]
    found: dict[str, float] = {}
    with ExitStack() as stack:
        names = ("asgi", "fastapi", "quart", "sanic")
        servers = {name: stack.enter_context(Server(name, env, module="tests.bench.served")) for name in names}
        for _ in range(3):
            for name, server in servers.items():
                found[name] = min(found.get(name, float("inf")), drive(server, requests, count=2000).cpu)
    bare = found["asgi"]
    _show(capsys, [f"served get-session, {name:<8}{cost:7.0f} us, {cost / bare:.2f}" for name, cost in found.items()])
    for name, cost in found.items():
        assert cost <= RATIO * bare, name


async def _dependency() -> dict[str, float]:
    auth, cookie = await _instance()
    app = FastAPI()
    GatewrightFastAPI(auth).init_app(app)

    async def by_hand(request: Request) -> str:
        found = await caller_of(request.scope).session()
        assert found is not None
        return "ok"

    async def injected(request: Request, current: CurrentSession) -> str:
        return "ok"

    # Text annotations of a nested function cannot be looked up.
    by_hand.__annotations__["request"] = Request
    injected.__annotations__.update({"request": Request, "current": CurrentSession})
    app.get("/by-hand")(by_hand)
    app.get("/injected")(injected)
    async with auth:
        return await _measured({"by hand": _asgi(app, "/by-hand", cookie), "injected": _asgi(app, "/injected", cookie)})


def test_the_dependency_of_fastapi_costs_little_more_than_reading_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    found = anyio.run(_dependency)
    added = found["injected"] - found["by hand"]
    _show(capsys, [f"fastapi, {name:<10}{cost * 1e6:7.0f} us" for name, cost in found.items()])
    _show(capsys, [f"fastapi's dependency adds {added * 1e6:.0f} us"])
    assert added <= DEPENDENCY
