"""FLT-01, 02, 03, 05, 06, 07: a process that is killed while it writes leaves nothing half-written behind.

``GATEWRIGHT_KILLS`` says how often a process is killed for each work and store; 200 takes a few minutes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from tests.contract.adapters import test_postgres as postgres
from tests.security.attacker import SIGN_UP
from tests.security.victim import PASSWORD, auth_on, opened, social_sign_in

from gatewright.testing.browser import Browser

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork"),
]

SEED = 20260101
LONGEST_SECONDS = 0.12
KILLS: Mapping[str, int] = {
    "sign_up": 80,
    "create_organization": 8,
    "accept_invitation": 8,
    "enable_two_factor": 8,
    "delete_user": 8,
    "social_sign_in": 8,
}

HALVES: Mapping[str, str] = {
    "users without account": (
        'SELECT count(*) FROM "user" u LEFT JOIN account a ON a."userId" = u.id WHERE a.id IS NULL'
    ),
    "accounts without user": (
        'SELECT count(*) FROM account a LEFT JOIN "user" u ON a."userId" = u.id WHERE u.id IS NULL'
    ),
    "sessions without user": (
        'SELECT count(*) FROM session s LEFT JOIN "user" u ON s."userId" = u.id WHERE u.id IS NULL'
    ),
    "organizations without owner": (
        'SELECT count(*) FROM organization o LEFT JOIN member m ON m."organizationId" = o.id'
        " AND m.role = 'owner' WHERE m.id IS NULL"
    ),
    "accepted invitations without member": (
        'SELECT count(*) FROM invitation i JOIN "user" u ON u.email = i.email'
        ' LEFT JOIN member m ON m."organizationId" = i."organizationId" AND m."userId" = u.id'
        " WHERE i.status = 'accepted' AND m.id IS NULL"
    ),
    "members with a pending invitation": (
        'SELECT count(*) FROM invitation i JOIN "user" u ON u.email = i.email'
        ' JOIN member m ON m."organizationId" = i."organizationId" AND m."userId" = u.id'
        " WHERE i.status = 'pending'"
    ),
    "second factors without secret": (
        'SELECT count(*) FROM "user" u LEFT JOIN "twoFactor" t ON t."userId" = u.id'
        ' WHERE u."twoFactorEnabled" AND t.id IS NULL'
    ),
}
"""What must never be found, as a question about the tables."""


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The process that is killed has a loop of its own."""
    return str(request.param)


@asynccontextmanager
async def store(kind: str, path: Path) -> AsyncGenerator[tuple[str, AsyncEngine]]:
    """The address of an empty database, and a look at it from outside."""
    if kind == "sqlite":
        engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
        yield str(path), engine
        await engine.dispose()
        return
    if reason := await postgres.refusal():
        pytest.skip(reason)
    async with postgres.engine_of_its_own(postgres.URL) as engine:
        async with engine.connect() as connection:
            schema = (await connection.execute(text("SELECT current_schema()"))).scalar_one()
        address = engine.url.update_query_dict({"search_path": schema})
        yield address.render_as_string(hide_password=False), engine


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("work", KILLS)
async def test_flt_01_02_03_05_06_07_a_killed_process_leaves_no_half(kind: str, work: str, tmp_path: Path) -> None:
    kills = int(os.environ.get("GATEWRIGHT_KILLS") or KILLS[work])
    chance = random.Random(SEED)
    written = 0
    async with store(kind, tmp_path / "app.db") as (address, engine), opened(address) as adapter:
        auth = auth_on(adapter)
        await auth.create_tables()
        with victims(address, work) as kill:
            for number in range(kills):
                told = kill(str(number), chance.uniform(0, LONGEST_SECONDS))
                written += len(told)
                async with engine.connect() as connection:
                    halves = {name: (await connection.execute(text(ask))).scalar_one() for name, ask in HALVES.items()}
                assert halves == dict.fromkeys(HALVES, 0), (number, told)
                if told:
                    await usable(auth, told[-1])
                    if work == "social_sign_in":
                        await usable_socially(auth, told[-1])
    # Each had begun to write at least one user; how many more, depends on the machine.
    assert written >= kills


async def usable(auth: Any, email: str) -> None:
    """The user whose writing was cut short signs in, or signs up again."""
    browser = Browser(auth)
    answer = await browser.post("/sign-in/email", {"email": email, "password": PASSWORD})
    if answer.status != 200:
        answer = await browser.post("/sign-up/email", {**SIGN_UP, "email": email})
    assert answer.status == 200
    assert (await browser.get("/get-session")).json["user"]["email"] == email


async def usable_socially(auth: Any, email: str) -> None:
    """Whoever came from the provider meanwhile can come again, or for the first time."""
    browser = Browser(auth)
    await social_sign_in(browser, email)
    assert (await browser.get("/get-session")).json["user"]["email"] == f"social-{email}"


class _Kill:
    """Kills a child after so many seconds of work; the users that it said it would write."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        assert self._out.readline() == "ready\n"

    def __call__(self, name: str, seconds: float) -> list[str]:
        self._in.write(f"{name}\n")
        self._in.flush()
        pid = int(self._out.readline())
        told = [self._out.readline().strip()]
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        while told[-1]:
            told.append(self._out.readline().strip())
        return told[:-1]


@contextmanager
def victims(address: str, work: str) -> Generator[_Kill]:
    command = [sys.executable, str(Path(__file__).with_name("victim.py")), address, work]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        yield _Kill(process)
    finally:
        process.communicate(timeout=20)
