"""An address that its user changes while a provider vouches for the one before: nobody has proven the new one. Rows LNK."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from tests.security.test_lnk import PROVIDERS, arrive

from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.identity_provider import FakeGoogle

pytestmark = pytest.mark.anyio

OWN, VICTIM = "grace@example.com", "victim@example.com"


def meanwhile(linking: Mapping[str, Any]) -> tuple[TestApp, FakeGoogle, list[Callable[[], Awaitable[None]]]]:
    """An instance, its provider, and what happens once between reading a user and writing what was decided."""
    waiting: list[Callable[[], Awaitable[None]]] = []

    async def gate(_info: object, _context: object) -> None:
        if waiting:
            await waiting.pop()()

    app = make_app(
        {
            "social_providers": PROVIDERS,
            "account": {"account_linking": linking},
            "user": {"validate_user_info": gate},
        }
    )
    return app, FakeGoogle(app.egress, app.clock), waiting


async def addresses(app: TestApp) -> dict[str, bool]:
    return {user.email: user.email_verified for user in await app.auth.services.database.find_many(User)}


async def change_address(app: TestApp) -> None:
    assert await app.auth.services.database.update_one(User, User.email.eq(OWN), set=[User.email.to(VICTIM)])


async def test_lnk_an_address_that_was_changed_while_its_user_came_back_is_not_verified() -> None:
    app, google, waiting = meanwhile({})
    google.claims["email_verified"] = False
    assert await arrive(app.browser()) == "/home"
    google.claims["email_verified"] = True
    waiting.append(lambda: change_address(app))
    assert await arrive(app.browser()) == "/home"
    assert await addresses(app) == {VICTIM: False}


async def test_lnk_an_address_that_was_changed_while_an_identity_joined_is_not_verified() -> None:
    app, _, waiting = meanwhile({"require_local_email_verified": False})
    await app.signed_up(OWN)
    waiting.append(lambda: change_address(app))
    assert await arrive(app.browser()) == "/home"
    # Whoever has the address is somebody else by now.
    assert await addresses(app) == {VICTIM: False, OWN: True}
    db = app.auth.services.database
    owner = await app.auth.services.users.by_email(db, OWN)
    accounts = await db.find_many(Account, Account.provider_id.eq("google"))
    assert [account.user_id for account in accounts] == [owner and owner.id]


async def test_lnk_an_address_that_stays_is_verified_by_its_provider() -> None:
    app, google, _ = meanwhile({})
    google.claims["email_verified"] = False
    assert await arrive(app.browser()) == "/home"
    google.claims["email_verified"] = True
    assert await arrive(app.browser()) == "/home"
    assert await addresses(app) == {OWN: True}
