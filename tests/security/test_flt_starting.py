"""FLT-30 to 33: how an instance starts and how it ends: unfit secrets and tables, rotated secrets, the end of a process."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.integrations.servers import bound
from tests.security.attacker import SIGN_IN, SIGN_UP, QuickPasswords, app_on
from tests.unit.core.cli.application import run, write_application
from tests.unit.plugins.two_factor.factor import (
    PASSWORD,
    app_with,
    challenged,
    code_of,
    enrolled,
    is_signed_in,
    signing_in,
)

from gatewright.auth import Auth
from gatewright.plugins.two_factor import TwoFactorRow
from gatewright.ports.adapter import Adapter
from gatewright.settings.settings import Settings
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ConfigError
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.asgi import AuthApp

ONE = "Zk3v0qT9xW1rB7nM5cY8dF2hJ6gL4pS0"
TWO = "p9Xe2LwQ7sKd4RjV1mTn8YbH5cZf3GaU"
PUBLIC = "better-auth-secret-12345678901234567890"
NEW = {**SIGN_UP, "email": "new@example.com"}


# FLT-30 --------------------------------------------------------------------------------------------------------------

APPLICATION = """
import os
import signal
import socket
import sys
import anyio
import uvicorn
from gatewright import Auth, Settings
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.asgi import AuthApp


def say(line):
    os.write(1, line.encode() + b"\\n")


class Server(uvicorn.Server):
    def handle_exit(self, number, frame):
        super().handle_exit(number, frame)
        say("ending")


async def told(line):
    say(line)
    await anyio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True)


async def hashed(password):
    await told("hashing")
    return "hashed:" + password


async def verified(given):
    return False


async def mail(message, request):
    await told("mailing")
    say("mailed")


settings = Settings.load({
    "secret": "a-secret-for-tests-that-is-long-enough",
    "base_url": sys.argv[1],
    "email_and_password": {"enabled": True, "password": {"hash": hashed, "verify": verified}},
    "email_verification": {"send_on_sign_up": True, "send_verification_email": mail},
})


async def tables():
    async with Auth(settings, SQLAlchemyAdapter.sqlite(sys.argv[2])).unchecked() as auth:
        await auth.create_tables()


anyio.run(tables)
serving = AuthApp(Auth(settings, SQLAlchemyAdapter.sqlite(sys.argv[2])))


async def application(scope, receive, send):
    async def heard():
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            say("closing")
        return message

    await serving(scope, heard, send)


# uvicorn raises the signal again when it has ended.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
config = uvicorn.Config(application, log_level="critical", access_log=False)
Server(config).run([socket.socket(fileno=int(sys.argv[3]))])
"""
"""Tells where it is, and goes on when it is told a line."""


@contextmanager
def process(origin: str, place: socket.socket, folder: Path) -> Generator[subprocess.Popen[str]]:
    """The application in a process of its own, on a socket that listens already."""
    script = folder / "serving.py"
    script.write_text(APPLICATION, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script), origin, str(folder / "app.db"), str(place.fileno())],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        pass_fds=[place.fileno()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        place.close()
        try:
            yield started
        finally:
            started.kill()


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.skipif(os.name != "posix", reason="this system has no SIGTERM")
def test_flt_30_what_is_in_flight_ends_before_the_process_does(tmp_path: Path) -> None:
    place = bound()
    port: int = place.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    with ThreadPoolExecutor() as pool, process(origin, place, tmp_path) as server:
        asked = pool.submit(
            httpx.post, f"{origin}/api/auth/sign-up/email", json=dict(SIGN_UP), headers={"origin": origin}, timeout=60
        )
        assert told(server) == "hashing"
        server.send_signal(signal.SIGTERM)
        assert told(server) == "ending"
        go_on(server)
        assert (asked.result().status_code, asked.result().json()["user"]["email"]) == (200, "ada@example.com")
        # The answer is there, the mail is not: the process waits for it too.
        assert told(server) == "mailing"
        assert told(server) == "closing"
        go_on(server)
        assert told(server) == "mailed"
        assert server.wait(60) == 0
    with sqlite3.connect(tmp_path / "app.db") as there:
        assert there.execute("SELECT email FROM user").fetchall() == [("ada@example.com",)]
        assert there.execute("SELECT count(*) FROM session").fetchone() == (1,)
    there.close()


# FLT-31 --------------------------------------------------------------------------------------------------------------

LACKING = {
    "table": ('DROP TABLE "session"', "session"),
    "column": ('ALTER TABLE "session" DROP COLUMN "userAgent"', "session.userAgent"),
}


@pytest.mark.parametrize(("statement", "name"), LACKING.values(), ids=LACKING)
def test_flt_31_what_the_database_lacks_is_named_before_anything_is_served(
    statement: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    instance = f"{write_application(tmp_path)}:auth"
    assert run("migrate", "--config", instance, "--yes").exit_code == 0
    with sqlite3.connect(tmp_path / "app.db") as there:
        there.execute(statement)
    there.close()
    told = run("doctor", "--config", instance)
    assert told.exit_code == 1
    assert f"The database lacks {name}" in told.output
    assert run("migrate", "--config", instance, "--yes").exit_code == 0
    assert "The database lacks" not in run("doctor", "--config", instance).output


@pytest.mark.anyio
@pytest.mark.parametrize(("statement", "name"), LACKING.values(), ids=LACKING)
async def test_flt_31_a_server_does_not_start_on_a_database_that_lacks_something(
    statement: str, name: str, tmp_path: Path
) -> None:
    settings = Settings.load({"secret": ONE, "base_url": "http://localhost:3000"})
    auth = Auth(settings, SQLAlchemyAdapter.sqlite(tmp_path / "app.db"))
    await auth.create_tables()
    assert await started(auth) == {"type": "lifespan.startup.complete"}
    with sqlite3.connect(tmp_path / "app.db") as there:
        there.execute(statement)
    there.close()
    told = await started(auth)
    assert told["type"] == "lifespan.startup.failed"
    assert told["message"].startswith(f"ConfigError: the database lacks {name}: run `gatewright migrate`")


async def started(auth: Auth[Any]) -> dict[str, Any]:
    """What a server hears that begins with the instance, and ends at once."""
    heard: list[dict[str, Any]] = []
    asked = iter(({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}))

    async def receive() -> dict[str, Any]:
        return next(asked)

    async def send(message: Any) -> None:
        heard.append(message)

    await AuthApp(auth)({"type": "lifespan"}, receive, send)
    return heard[0]


@pytest.mark.anyio
@pytest.mark.parametrize("statement", [statement for statement, _ in LACKING.values()], ids=LACKING)
async def test_flt_31_an_instance_that_lacks_something_serves_nobody_by_half(statement: str, tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    async with opened(path) as app:
        browser = await app.signed_up()
    with sqlite3.connect(path) as there:
        there.execute(statement)
    there.close()
    async with opened(path, create=False) as app:
        known = app.browser()
        known.jar.update(browser.jar)
        answers = [
            await known.get("/get-session"),
            await app.browser().post("/sign-in/email", SIGN_IN),
            await app.browser().post("/sign-up/email", NEW),
        ]
    for answer in answers:
        assert (answer.status, answer.json["code"]) == (503, "SERVICE_UNAVAILABLE"), answer
        assert not [line for line in answer.cookies if "session_token=" in line and "Max-Age=0" not in line]
    assert "are its tables created?" in app.log.text()
    with sqlite3.connect(path) as there:
        users = there.execute("SELECT email FROM user").fetchall()
        accounts = there.execute("SELECT count(*) FROM account").fetchone()
    there.close()
    assert (users, accounts) == ([("ada@example.com",)], (1,))


@asynccontextmanager
async def opened(path: Path, *, create: bool = True) -> AsyncGenerator[TestApp]:
    adapter = SQLAlchemyAdapter.sqlite(path)
    await adapter.open()
    yield (
        await app_on(adapter) if create else make_app({"email_and_password": QuickPasswords.options()}, adapter=adapter)
    )
    await adapter.close()


# FLT-32 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", [None, "", PUBLIC, "short", ONE[:31], "a" * 64])
def test_flt_32_in_production_a_secret_that_can_be_guessed_does_not_start(secret: str | None) -> None:
    unfit: list[Any] = [{"secret": secret}, {"secret": ONE, "secrets": [{"version": 1, "value": secret}]}]
    for given in unfit:
        with pytest.raises(ConfigError) as refused:
            Auth(Settings.load({"base_url": "https://app.example", "production": True, **given}), MemoryAdapter())
        assert not secret or secret not in str(refused.value)
    Auth(Settings.load({"base_url": "https://app.example", "production": True, "secret": ONE}), MemoryAdapter())


@pytest.mark.parametrize("variables", [{}, {"BETTER_AUTH_SECRET": PUBLIC}, {"AUTH_SECRET": "short"}])
def test_flt_32_what_the_environment_says_is_held_to_the_same(variables: Mapping[str, str]) -> None:
    environ = {"NODE_ENV": "production", "BETTER_AUTH_URL": "https://app.example", **variables}
    with pytest.raises(ConfigError):
        Auth(Settings.from_env(environ), MemoryAdapter())
    Auth(Settings.from_env({**environ, "BETTER_AUTH_SECRET": ONE}), MemoryAdapter())


# FLT-33 --------------------------------------------------------------------------------------------------------------


def restarted(store: Adapter, *versions: tuple[int, str]) -> TestApp:
    """An instance with these secrets, the current one first, an hour after the others."""
    secrets = [{"version": version, "value": value} for version, value in versions]
    app = app_with(adapter=store, settings={"secret": None, "secrets": secrets})
    app.clock.advance(minutes=60 * versions[0][0])
    return app


async def sealed(app: TestApp) -> str:
    """The stored form of the only authenticator app."""
    (row,) = await app.auth.services.database.find_many(TwoFactorRow)
    return row.secret


@pytest.mark.anyio
async def test_flt_33_after_a_rotation_the_old_is_read_and_the_new_secret_writes(store: Adapter) -> None:
    old = restarted(store, (1, ONE))
    await old.auth.create_tables()
    before, given = await enrolled(old)
    assert (await sealed(old)).startswith("$ba$1$")

    new = restarted(store, (2, TWO), (1, ONE))
    # Signatures are made and verified with the current secret alone (contract: crypto.json), so that the cookie of
    # before asks for another sign-in; what was encrypted is read.
    stale = new.browser()
    stale.jar.update(before.jar)
    answer = await stale.get("/get-session")
    assert (answer.status, answer.json) == (200, None)
    browser = await challenged(new)
    answer = await browser.post("/two-factor/verify-totp", {"code": code_of(new, given["totpURI"])})
    assert answer.status == 200
    uri = await browser.post("/two-factor/get-totp-uri", {"password": PASSWORD})
    assert uri.json["totpURI"] == given["totpURI"]
    assert (await sealed(new)).startswith("$ba$2$")

    later = restarted(store, (2, TWO)).browser()
    later.jar.update(browser.jar)
    assert await is_signed_in(later)


@pytest.mark.anyio
async def test_flt_33_what_a_removed_secret_made_is_a_refusal_and_no_failure(store: Adapter) -> None:
    old = restarted(store, (1, ONE))
    await old.auth.create_tables()
    before, given = await enrolled(old)

    new = restarted(store, (2, TWO))
    stale = new.browser()
    stale.jar.update(before.jar)
    answer = await stale.get("/get-session")
    assert (answer.status, answer.json) == (200, None)
    assert (await stale.get("/list-sessions")).status == 401
    browser = new.browser()
    assert (await signing_in(browser)).json["twoFactorRedirect"] is True
    for path, code in (
        ("verify-totp", code_of(new, given["totpURI"])),
        ("verify-backup-code", given["backupCodes"][0]),
    ):
        answer = await browser.post(f"/two-factor/{path}", {"code": code})
        assert (answer.status, await is_signed_in(browser)) == (401, False), answer
    signed = await new.as_user()
    answer = await signed.post("/two-factor/get-totp-uri", {"password": PASSWORD})
    assert (answer.status, answer.json["code"]) == (400, "TOTP_NOT_ENABLED")
    # Who is let in another way enrols anew.
    again = (await signed.post("/two-factor/enable", {"password": PASSWORD})).json
    browser = await challenged(new)
    answer = await browser.post("/two-factor/verify-totp", {"code": code_of(new, again["totpURI"])})
    assert answer.status == 200
