"""What limits and copies of sessions add to reading a session, as ratios taken in one run, without a server."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio
import pytest

from gatewright.auth import Auth
from gatewright.contract.sign_up import SignUpEmail
from gatewright.settings.settings import Settings
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.asgi import AuthApp

ORIGIN = "http://localhost:3000"
OPTIONS: Mapping[str, Any] = {
    "secret": "a-secret-for-benchmarks-that-is-long-enough",
    "base_url": ORIGIN,
    "email_and_password": {"enabled": True},
}
ROUNDS, COUNT = 140, 150
"""Short rounds and many: the median of their ratios tells a few percent apart, where nine long ones do not."""


async def _reader(auth: Auth[Any], cookie: str) -> Callable[[], Awaitable[None]]:
    """Reads a session through the ASGI door, as one request."""
    app: Any = AuthApp(auth)
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/api/auth/get-session",
        "raw_path": b"/api/auth/get-session",
        "query_string": b"",
        "headers": [(b"host", b"localhost:3000"), (b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        assert message.get("status", 200) == 200
        assert message.get("body", b"x") != b"null"

    async def read() -> None:
        await app(dict(scope), receive, send)

    return read


async def _signed_up(auth: Auth[Any]) -> str:
    await auth.create_tables()
    made = await auth.reply(SignUpEmail(name="Ada", email="ada@example.com", password="password-1234"))
    return "; ".join(value.partition(";")[0] for name, value in made.headers if name == "set-cookie")


async def _interleaved(readers: Mapping[str, Callable[[], Awaitable[None]]]) -> dict[str, list[float]]:
    """Microseconds of CPU per reading, of each reader in each round; the order changes every round."""
    told: dict[str, list[float]] = {name: [] for name in readers}
    names = list(readers)
    for round_ in range(-1, ROUNDS):
        for name in names if round_ % 2 else reversed(names):
            read = readers[name]
            begun = time.process_time()
            for _ in range(COUNT):
                await read()
            if round_ >= 0:
                told[name].append((time.process_time() - begun) / COUNT * 1e6)
    return told


def _show(capsys: pytest.CaptureFixture[str], told: Mapping[str, list[float]], base: str) -> dict[str, float]:
    """Print medians, and the median of the rounds' ratios to ``base``; those ratios."""
    ratios: dict[str, float] = {}
    with capsys.disabled():
        for name, rounds in told.items():
            ratios[name] = statistics.median(one / other for one, other in zip(rounds, told[base], strict=True))
            sys.stdout.write(f"\n  {name:32} {statistics.median(rounds):7.1f} us CPU, {ratios[name]:.3f} of {base}")
        sys.stdout.write("\n")
    return ratios


def test_limits_in_memory_add_a_few_percent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def run() -> dict[str, list[float]]:
        adapter = SQLAlchemyAdapter.sqlite(tmp_path / "bench.db")
        plain = Auth(Settings.load(OPTIONS), adapter)
        most = {"enabled": True, "window": 60, "max": 1_000_000_000}
        limited = Auth(Settings.load({**OPTIONS, "rate_limit": most}), adapter)
        async with plain.unchecked():
            cookie = await _signed_up(plain)
            return await _interleaved(
                {"get-session": await _reader(plain, cookie), "with limits": await _reader(limited, cookie)}
            )

    ratios = _show(capsys, anyio.run(run), "get-session")
    assert ratios["with limits"] < 1.05


def test_a_copy_of_the_session_costs_less_than_reading_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def run() -> dict[str, list[float]]:
        readers: dict[str, Callable[[], Awaitable[None]]] = {}
        async with AsyncExitStack() as stack:
            for name in ("get-session", "compact", "jwt", "jwe"):
                copies = (
                    {} if name == "get-session" else {"session": {"cookie_cache": {"enabled": True, "strategy": name}}}
                )
                adapter = SQLAlchemyAdapter.sqlite(tmp_path / f"{name}.db")
                auth = await stack.enter_async_context(Auth(Settings.load({**OPTIONS, **copies}), adapter).unchecked())
                readers[name] = await _reader(auth, await _signed_up(auth))
            return await _interleaved(readers)

    ratios = _show(capsys, anyio.run(run), "get-session")
    assert ratios["compact"] < 0.5
