"""FLT-29: sessions are read while many passwords are being verified, which the event loop never waits for.

How long a read takes meanwhile is measured in ``tests/bench/test_reads_beside_sign_ins.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.from_thread
import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP

from gatewright.auth import Auth
from gatewright.ports.workers import ThreadWorkers
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET
from gatewright.testing.browser import Answer, Browser
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio

T = TypeVar("T")
SIGN_INS = 30
THREADS = 2


class Held:
    """The real threads, whose work goes on when it may."""

    def __init__(self) -> None:
        self._threads = ThreadWorkers(threads=THREADS, nice=0)
        self._lock = threading.Lock()
        self.may = threading.Event()
        self.busy = anyio.Event()
        self.at_once = self.most = 0

    async def run(self, work: Callable[[], T], /) -> T:
        def held() -> T:
            with self._lock:
                self.at_once += 1
                self.most = max(self.most, self.at_once)
                if self.at_once == THREADS:
                    anyio.from_thread.run_sync(self.busy.set)
            try:
                assert self.may.wait(60)
                return work()
            finally:
                with self._lock:
                    self.at_once -= 1

        return await self._threads.run(held)


async def test_flt_29_sessions_are_read_while_thirty_passwords_are_verified(tmp_path: Path) -> None:
    workers = Held()
    given: dict[str, Any] = {"secret": SECRET, "base_url": "http://localhost:3000"}
    settings = Settings.load({**given, "email_and_password": {"enabled": True}, "rate_limit": {"enabled": False}})
    auth = Auth(settings, SQLAlchemyAdapter.sqlite(tmp_path / "app.db"), workers=workers)
    await auth.create_tables()
    signed_in: list[Answer] = []

    async def sign_in() -> None:
        signed_in.append(await Browser(auth).post("/sign-in/email", SIGN_IN))

    async with auth:
        workers.may.set()
        browser = Browser(auth)
        assert (await browser.post("/sign-up/email", SIGN_UP)).status == 200
        workers.may.clear()
        async with anyio.create_task_group() as tasks:
            for _ in range(SIGN_INS):
                tasks.start_soon(sign_in)
            with anyio.fail_after(30):
                await workers.busy.wait()
                for _ in range(100):
                    assert (await browser.get("/get-session")).json["user"]["email"] == SIGN_UP["email"]
            assert signed_in == []
            workers.may.set()
        assert [answer.status for answer in signed_in] == [200] * SIGN_INS
    assert workers.most == THREADS
