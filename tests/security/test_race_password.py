"""Signing in while the password is changed: no session begins with the old one. Row RACE-28."""

from __future__ import annotations

from collections.abc import Mapping

import anyio
import pytest
from tests.mailing import mailing_app
from tests.security.between import Between
from tests.unit.plugins.phone_number.phones import NUMBER

from gatewright.crypto.passwords import Scrypt
from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.plugins import PhoneNumber, Username
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio

OLD, NEW = "password-1234", "password-5678"
WAYS: list[tuple[str, dict[str, str]]] = [
    ("/sign-in/email", {"email": "ada@example.com"}),
    ("/sign-in/username", {"username": "ada"}),
    ("/sign-in/phone-number", {"phoneNumber": NUMBER}),
]


async def known(store: Adapter) -> TestApp:
    """An instance whose one user has three ways to one password, and no session."""
    app = make_app(adapter=store, plugins=[Username(), PhoneNumber()])
    await app.signed_up()
    services = app.auth.services
    user = await services.users.by_email(services.database, "ada@example.com")
    assert user is not None
    values: Mapping[str, object] = {"username": "ada", "phoneNumber": NUMBER, "phoneNumberVerified": True}
    await services.users.update(services.database, user.id, values)
    await services.database.delete(Session)
    return app


@pytest.mark.parametrize(("path", "who"), WAYS, ids=[path for path, _ in WAYS])
async def test_race_28_a_session_does_not_begin_with_a_password_that_was_changed_meanwhile(
    path: str, who: dict[str, str]
) -> None:
    store = Between("session")
    app = await known(store)
    hashed = Scrypt().hash(NEW)

    async def change() -> None:
        await app.auth.services.database.update_one(
            Account, Account.provider_id.eq("credential"), set=[Account.password.to(hashed)]
        )
        await app.auth.services.database.delete(Session)

    store.waiting.append(change)
    browser = app.browser()
    answer = await browser.post(path, {**who, "password": OLD})
    wrong = await app.browser().post(path, {**who, "password": "another-password"})
    assert (answer.status, answer.json) == (wrong.status, wrong.json)
    assert answer.status == 401
    assert browser.jar == {}
    assert await app.auth.services.database.count(Session) == 0
    assert (await browser.post(path, {**who, "password": NEW})).status == 200


@pytest.mark.parametrize(("path", "who"), WAYS, ids=[path for path, _ in WAYS])
async def test_race_28_a_session_begins_with_a_password_that_is_unchanged(path: str, who: dict[str, str]) -> None:
    app = await known(Between("session"))
    assert (await app.browser().post(path, {**who, "password": OLD})).status == 200
    assert await app.auth.services.database.count(Session) == 1


async def test_race_28_an_old_hash_is_replaced_and_the_session_begins() -> None:
    app = await known(Between("session"))
    db = app.auth.services.database
    old = Scrypt().hash(OLD)
    await db.update_one(Account, Account.provider_id.eq("credential"), set=[Account.password.to(old)])
    assert (await app.browser().post("/sign-in/email", {"email": "ada@example.com", "password": OLD})).status == 200
    kept = await db.find_one(Account, Account.provider_id.eq("credential"))
    assert kept is not None
    assert (kept.password != old) == app.auth.services.passwords.needs_rehash(old)


async def test_race_28_whoever_signs_in_over_and_over_is_out_once_the_password_is_reset(store: Adapter) -> None:
    own = {"revoke_sessions_on_password_reset": True}
    app = mailing_app(passwords=own, adapter=store, options={"rate_limit": {"enabled": False}})
    await app.auth.create_tables()
    await app.signed_up()
    await app.browser().post("/request-password-reset", {"email": "ada@example.com", "redirectTo": "/"})
    token = app.mailbox.last("reset").token
    jars: list[dict[str, str]] = []

    async def intrude() -> None:
        for _ in range(5):
            browser = app.browser()
            await browser.post("/sign-in/email", {"email": "ada@example.com", "password": OLD})
            jars.append(browser.jar)

    async def reset() -> None:
        await anyio.lowlevel.checkpoint()
        answer = await app.browser().post("/reset-password", {"token": token, "newPassword": NEW})
        assert answer.status == 200

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(intrude)
        group.start_soon(reset)
    assert await app.auth.services.database.count(Session) == 0
    for jar in jars:
        browser = app.browser()
        browser.jar.update(jar)
        assert (await browser.get("/get-session")).json is None
