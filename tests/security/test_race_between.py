"""What happens between reading a row and writing what was decided: the write does not overrule it. Rows ONE-10, LNK-01, RACE-28."""

from __future__ import annotations

import pytest
from tests.mailing import mailing_app
from tests.security.attacker import SIGN_IN
from tests.security.between import Between

from gatewright.crypto.passwords import Scrypt
from gatewright.flows.proven_address import prove_address
from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio

OWN, VICTIM = "ada@example.com", "victim@example.com"


async def change_address(app: TestApp) -> None:
    assert await app.auth.services.database.update_one(User, User.email.eq(OWN), set=[User.email.to(VICTIM)])


async def verify_address(app: TestApp) -> None:
    assert await app.auth.services.database.update_one(User, User.email.eq(OWN), set=[User.email_verified.to(True)])


async def addresses(app: TestApp) -> dict[str, bool]:
    return {user.email: user.email_verified for user in await app.auth.services.database.find_many(User)}


async def mailed() -> tuple[TestApp, Between, str]:
    """An instance, its database, and the path of the link that proves the address of its user."""
    store = Between()
    app = mailing_app(adapter=store)
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": OWN})
    return app, store, f"/verify-email?token={app.mailbox.last('verify').token}"


async def test_one_10_of_two_who_have_both_read_one_verifies() -> None:
    app, store, path = await mailed()
    store.waiting.append(lambda: app.browser().get(path))
    assert (await app.browser().get(path)).status == 200
    assert await addresses(app) == {OWN: True}
    assert len(app.mailbox.all("verified")) == 1


async def test_one_10_an_address_that_was_changed_while_its_link_was_followed_is_not_verified() -> None:
    app, store, path = await mailed()
    store.waiting.append(lambda: change_address(app))
    await app.browser().get(path)
    assert await addresses(app) == {VICTIM: False}
    assert app.mailbox.all("verified") == []


async def test_lnk_01_an_address_that_was_changed_while_it_was_proven_is_not_verified() -> None:
    store = Between()
    app = make_app(adapter=store)
    await app.signed_up()
    services = app.auth.services
    user = await services.users.by_email(services.database, OWN)
    assert user is not None
    store.waiting.append(lambda: change_address(app))
    await prove_address(services, services.database, user)
    assert await addresses(app) == {VICTIM: False}


async def test_lnk_01_what_came_after_a_proof_outlives_another_proof() -> None:
    store = Between()
    app = make_app(adapter=store)
    await app.signed_up()
    services = app.auth.services
    user = await services.users.by_email(services.database, OWN)
    assert user is not None
    store.waiting.append(lambda: verify_address(app))
    proven = await prove_address(services, services.database, user)
    assert (proven.id, proven.email_verified) == (user.id, True)
    assert (await services.database.count(Account), await services.database.count(Session)) == (1, 1)


async def test_race_28_a_better_hash_does_not_bring_an_old_password_back() -> None:
    store = Between("account")
    app = make_app(adapter=store)
    await app.signed_up()
    db = app.auth.services.database
    old, changed = Scrypt().hash("password-1234"), Scrypt().hash("password-5678")
    assert await db.update_one(Account, Account.provider_id.eq("credential"), set=[Account.password.to(old)])

    async def change() -> None:
        await db.update_one(Account, Account.provider_id.eq("credential"), set=[Account.password.to(changed)])

    store.waiting.append(change)
    await app.browser().post("/sign-in/email", SIGN_IN)
    assert (await app.browser().post("/sign-in/email", SIGN_IN)).status == 401
    again = await app.browser().post("/sign-in/email", {**SIGN_IN, "password": "password-5678"})
    assert again.status == 200


async def test_race_23_a_session_that_was_ended_while_it_was_read_is_not_extended() -> None:
    store = Between("session")
    app = make_app(adapter=store)
    browser = await app.signed_up()
    services = app.auth.services
    user = await services.users.by_email(services.database, OWN)
    assert user is not None
    app.clock.advance(days=2)  # due: reading extends
    store.waiting.append(lambda: services.sessions.expire_all(services.database, user.id))
    assert (await browser.get("/get-session")).json is None
    assert await services.sessions.active(services.database, user.id) == []


async def test_race_23_clearing_away_a_session_that_is_over_leaves_one_that_is_not() -> None:
    app = make_app()
    browser = await app.signed_up()
    services = app.auth.services
    (session,) = await services.database.find_many(Session)
    await services.sessions.end_expired(services.database, session.token, app.clock.now())
    assert (await browser.get("/get-session")).json is not None
    await services.sessions.end_expired(services.database, session.token, session.expires_at)
    assert await services.database.count(Session) == 0
