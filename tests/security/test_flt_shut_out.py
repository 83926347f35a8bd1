"""Shutting somebody out, interrupted at any step: a new password or a deletion never leaves the sessions of before. FLT-18, FLT-34."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import anyio
import pytest
from tests.mailing import mailing_app, requested_reset
from tests.security.faulty import FaultyAdapter

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import CacheUnavailable
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Browser
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

How = Literal["reset", "change"]
HOWS: tuple[How, ...] = ("reset", "change")
NEW = "password-5678"


class FailingCache(MemoryCache):
    """A storage that is gone from one operation on, until it is back."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None

    def _count(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise CacheUnavailable("the storage is gone")

    async def get(self, key: str) -> str | None:
        self._count()
        return await super().get(key)

    async def take(self, key: str) -> str | None:
        self._count()
        return await super().take(key)

    async def replace(self, key: str, old: str | None, new: str | None, ttl: int | None = None) -> bool:
        self._count()
        return await super().replace(key, old, new, ttl)

    async def increment(self, key: str, ttl: int) -> int:
        self._count()
        return await super().increment(key, ttl)


async def prepared(
    store: Adapter, *, how: How, verified: bool, cache: MemoryCache | None
) -> tuple[TestApp, Browser, Any]:
    """An instance with a user, a session of somebody else's in that user's name, and what shuts them out."""
    app = mailing_app(
        adapter=store,
        cache=cache,
        passwords={"revoke_sessions_on_password_reset": verified},
        delete_user={"enabled": True},
    )
    await app.auth.create_tables()
    db = app.auth.services.database
    for table in (Verification, Session, Account, User):
        await db.delete(table)
    thief, owner = await app.signed_up(), app.browser()
    await db.update_one(User, User.email.eq("ada@example.com"), set=[User.email_verified.to(verified)])
    if how == "reset":
        body: Mapping[str, object] = {"token": await requested_reset(app), "newPassword": NEW}
        return app, thief, partial(owner.post, "/reset-password", body)
    await owner.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    body = {"currentPassword": "password-1234", "newPassword": NEW, "revokeOtherSessions": True}
    return app, thief, partial(owner.post, "/change-password", body)


async def is_changed(app: TestApp) -> bool:
    (account,) = await app.auth.services.database.find_many(Account)
    return account.password == f"hashed:{NEW}"


@pytest.mark.parametrize(("how", "verified"), [("reset", True), ("reset", False), ("change", True)])
async def test_flt_18_who_leaves_while_shutting_somebody_out_has_done_it_or_can_do_it_again(
    store: Adapter, how: How, verified: bool
) -> None:
    changed = set[bool]()
    for step in range(1, 100):
        faulty = FaultyAdapter(store)
        app, thief, shut_out = await prepared(faulty, how=how, verified=verified, cache=None)
        with anyio.CancelScope() as scope:

            def at(number: int, first: int = faulty.steps, step: int = step, scope: anyio.CancelScope = scope) -> None:
                if number == first + step:
                    scope.cancel()

            faulty.at_step = at
            await shut_out()
        faulty.at_step = lambda _: None
        changed.add(await is_changed(app))
        if await is_changed(app):
            assert (await thief.get("/get-session")).json is None
        else:
            assert (await shut_out()).status == 200
            assert (await thief.get("/get-session")).json is None
        if not scope.cancelled_caught:
            break
    assert changed == {False, True}


@pytest.mark.parametrize("how", HOWS)
async def test_flt_34_a_storage_that_fails_while_somebody_is_shut_out_leaves_the_password_as_it_was(how: How) -> None:
    answers = set[int]()
    for left in range(40):
        cache = FailingCache()
        app, thief, shut_out = await prepared(MemoryAdapter(), how=how, verified=True, cache=cache)
        cache.left = left
        answer = await shut_out()
        cache.left = None
        answers.add(answer.status)
        assert answer.status in {200, 503}
        if await is_changed(app):
            assert (await thief.get("/get-session")).json is None
        if answer.status == 200:
            assert await is_changed(app)
            break
    assert answers == {200, 503}


async def test_flt_34_a_storage_that_fails_while_a_user_is_deleted_keeps_no_session_of_nobody() -> None:
    statuses: list[int] = []
    for left in range(40):
        cache = FailingCache()
        app, thief, _ = await prepared(MemoryAdapter(), how="reset", verified=True, cache=cache)
        cache.left = left
        answer = await thief.post("/delete-user", {"password": "password-1234"})
        cache.left = None
        statuses.append(answer.status)
        if await app.auth.services.database.count(User) == 0:
            assert (await thief.get("/get-session")).json is None
            assert not [key for key in list(cache.keys()) if "verification" not in key]
        if answer.status == 200:
            break
    assert statuses[-1] == 200
    assert set(statuses[:-1]) == {503}


async def test_flt_18_who_leaves_while_being_deleted_leaves_no_session_behind(store: Adapter) -> None:
    gone = set[bool]()
    for step in range(1, 100):
        faulty, cache = FaultyAdapter(store), MemoryCache()
        app, browser, _ = await prepared(faulty, how="reset", verified=True, cache=cache)
        with anyio.CancelScope() as scope:

            def at(number: int, first: int = faulty.steps, step: int = step, scope: anyio.CancelScope = scope) -> None:
                if number == first + step:
                    scope.cancel()

            faulty.at_step = at
            await browser.post("/delete-user", {"password": "password-1234"})
        faulty.at_step = lambda _: None
        gone.add(await app.auth.services.database.count(User) == 0)
        if await app.auth.services.database.count(User) == 0:
            assert (await browser.get("/get-session")).json is None
        if not scope.cancelled_caught:
            break
    assert gone == {False, True}
