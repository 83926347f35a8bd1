"""LOG: what operators are told, and what nobody is."""

from __future__ import annotations

import logging

import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, app_on
from tests.security.faulty import FaultyAdapter

from gatewright.ports.log import StandardLog
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

SECRETS = ("password-1234", "hashed:", "a-secret-for-tests")


async def test_log_01_no_password_token_or_cookie_is_logged() -> None:
    faulty = FaultyAdapter(MemoryAdapter())
    app = await app_on(faulty)
    browser = await app.signed_up()
    token = (await browser.get("/get-session")).json["session"]["token"]
    faulty.refuses = True
    for path, body in (("/sign-in/email", SIGN_IN), ("/sign-up/email", SIGN_UP), ("/revoke-session", {"token": token})):
        await browser.post(path, body)
    faulty.error = RuntimeError("broken")
    await browser.get("/get-session?token=" + token)
    told = app.log.text()
    assert len(app.log.lines) == 4
    for secret in (*SECRETS, token, browser.jar["better-auth.session_token"]):
        assert secret not in told


async def test_log_02_a_fact_cannot_forge_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "gatewright"):
        StandardLog().warning("somebody asked", path="/x\r\n2026 ERROR gatewright: forged\x1b[31m\0")
    (record,) = caplog.records
    assert record.getMessage() == "somebody asked (path='/x\\r\\n2026 ERROR gatewright: forged\\x1b[31m\\x00')"


async def test_log_03_an_unforeseen_error_tells_the_caller_nothing() -> None:
    faulty = FaultyAdapter(MemoryAdapter())
    app = await app_on(faulty)
    browser = await app.signed_up()
    faulty.refuses, faulty.error = True, RuntimeError("SELECT * FROM user at /srv/app.py")
    answer = await browser.get("/get-session")
    assert (answer.status, answer.json) == (500, {"code": "INTERNAL_SERVER_ERROR", "message": "Internal Server Error"})


async def test_log_05_what_is_printed_holds_no_secret() -> None:
    app = await app_on(MemoryAdapter())
    browser = await app.signed_up()
    token = (await browser.get("/get-session")).json["session"]["token"]
    pair = await app.auth.services.sessions.find(app.auth.services.database, token)
    assert pair is not None
    for thing in (app.auth, app.auth.blueprint, app.auth.blueprint.settings, app.auth.services.plan, *pair):
        for secret in (*SECRETS, token):
            assert secret not in repr(thing)
            assert secret not in str(thing)
