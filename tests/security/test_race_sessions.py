"""Sessions that end while they are extended, and users who go while they are changed. Rows RACE-23 and RACE-26."""

from __future__ import annotations

from functools import partial
from typing import Any

import anyio.lowlevel
import pytest
from tests.security.attacker import QuickPasswords, all_at_once

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

ROUNDS = 20


class Stepping(MemoryCache):
    """A storage where others run between any two operations, as over a network."""

    async def get(self, key: str) -> str | None:
        await anyio.lowlevel.checkpoint()
        return await super().get(key)

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        await anyio.lowlevel.checkpoint()
        return await super().replace(key, old, new, ttl)

    async def take(self, key: str) -> str | None:
        await anyio.lowlevel.checkpoint()
        return await super().take(key)


def twin(browser: Browser, app: TestApp) -> Browser:
    """Another tab of the same browser."""
    own = app.browser()
    own.jar.update(browser.jar)
    return own


@pytest.mark.parametrize("both", [False, True], ids=["storage", "storage and database"])
@pytest.mark.parametrize("how", ["sign out", "revoke", "revoke others"])
async def test_race_23_what_was_revoked_does_not_come_back_by_being_extended(how: str, both: bool) -> None:
    for _ in range(ROUNDS):
        cache = Stepping()
        app = make_app(
            {"session": {"store_session_in_database": both}, "email_and_password": QuickPasswords.options()},
            cache=cache,
        )
        victim = await app.signed_up()
        other = app.browser()
        await other.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
        token = (await victim.get("/get-session")).json["session"]["token"]
        app.clock.advance(days=2)  # due: every reading extends
        ending: dict[str, Any] = {
            "sign out": partial(twin(victim, app).post, "/sign-out"),
            "revoke": partial(other.post, "/revoke-session", {"token": token}),
            "revoke others": partial(other.post, "/revoke-other-sessions"),
        }
        reads = [partial(twin(victim, app).get, "/get-session") for _ in range(25)]
        answers: list[Answer] = await all_at_once([*reads[:12], ending[how], *reads[12:]])
        assert {answer.status for answer in answers} == {200}
        assert (await twin(victim, app).get("/get-session")).json is None
        assert await cache.get(token) is None
        assert await app.auth.services.database.count(Session, Session.token.eq(token)) == 0
        if how != "sign out":
            assert (await other.get("/get-session")).json is not None


@pytest.mark.parametrize("cached", [False, True], ids=["database", "storage"])
async def test_race_26_nothing_of_a_deleted_user_stays(store: Adapter, cached: bool) -> None:
    cache = Stepping() if cached else None
    app = make_app(
        {
            "user": {"delete_user": {"enabled": True}},
            "email_and_password": QuickPasswords.options(),
            "session": {"cookie_cache": {"enabled": True}},
        },
        adapter=store,
        cache=cache,
    )
    await app.auth.create_tables()
    db = app.auth.services.database
    for _ in range(5):
        browser = await app.signed_up()
        app.clock.advance(days=2)
        jobs: list[Any] = [partial(twin(browser, app).post, "/delete-user", {"password": "password-1234"})]
        for number in range(12):
            jobs.insert(0, partial(twin(browser, app).post, "/update-user", {"name": f"name-{number}"}))
            jobs.append(partial(twin(browser, app).get, "/get-session?disableCookieCache=true"))
            sign_in = {"email": "ada@example.com", "password": "password-1234"}
            jobs.append(partial(app.browser().post, "/sign-in/email", sign_in))
        answers: list[Answer] = await all_at_once(jobs)
        assert all(answer.status < 500 for answer in answers)
        assert (await db.count(User), await db.count(Account), await db.count(Session)) == (0, 0, 0)
        if cache is not None:
            assert list(cache.keys()) == []
