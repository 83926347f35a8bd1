"""Acting for a user: who may, for whom, how long, and the way back."""

from __future__ import annotations

import pytest
from tests.unit.plugins.admin.place import opened

from gatewright.access.defaults import ADMIN_ACCESS, ADMIN_ROLES
from gatewright.model.session import Session

pytestmark = pytest.mark.anyio


async def test_a_session_says_who_is_behind_it_and_is_short() -> None:
    office = await opened({"impersonation_session_duration": 60})
    root = (await office.user("root@example.com")).id
    begun = (await office.ask("impersonate-user", {"userId": office.ada_id})).json
    assert (begun["user"]["id"], begun["session"]["impersonatedBy"]) == (office.ada_id, root)
    assert begun["session"]["expiresAt"] == "2026-01-01T12:01:00.000Z"
    office.app.clock.advance(seconds=60)
    assert (await office.root.get("/get-session")).json is None


async def test_the_way_back_ends_it() -> None:
    office = await opened()
    await office.ask("impersonate-user", {"userId": office.ada_id})
    assert await office.db.count(Session, Session.user_id.eq(office.ada_id)) == 2
    assert (await office.ask("stop-impersonating")).json["user"]["email"] == "root@example.com"
    assert await office.db.count(Session, Session.user_id.eq(office.ada_id)) == 1
    assert (await office.root.get("/get-session")).json["user"]["email"] == "root@example.com"


async def test_there_is_no_way_back_without_the_administrators_own_session() -> None:
    office = await opened()
    await office.ask("impersonate-user", {"userId": office.ada_id})
    root = (await office.user("root@example.com")).id
    await office.app.auth.services.sessions.end_all(office.db, root)
    lost = await office.ask("stop-impersonating")
    assert (lost.status, lost.json) == (500, {"message": "Failed to find admin session"})
    nobody = await office.ask("stop-impersonating", by=office.ada)
    assert (nobody.status, nobody.json) == (400, {"message": "You are not impersonating anyone"})
    assert (await office.ask("stop-impersonating", by=office.app.browser())).status == 401


async def test_acting_takes_a_role_that_may() -> None:
    office = await opened()
    await office.joined("bob@example.com")
    bob = (await office.user("bob@example.com")).id
    refused = await office.ask("impersonate-user", {"userId": bob}, by=office.ada)
    assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS")


async def test_administrators_are_not_acted_for_unless_the_option_or_the_role_says_so() -> None:
    roles = {
        **ADMIN_ROLES,
        "chief": ADMIN_ACCESS.new_role({"user": ["impersonate", "impersonate-admins"]}),
    }
    for options, who, status in (
        ({"roles": roles}, "admin", 403),
        ({"roles": roles}, "chief", 200),
        ({"allow_impersonating_admins": True}, "admin", 200),
    ):
        office = await opened(options)
        await office.become("root@example.com", who)
        await office.become("ada@example.com", "user,admin")
        answer = await office.ask("impersonate-user", {"userId": office.ada_id})
        assert answer.status == status
        if status == 403:
            assert answer.json["code"] == "YOU_CANNOT_IMPERSONATE_ADMINS"


async def test_who_is_an_administrator_by_name_is_not_acted_for() -> None:
    office = await opened()
    named = await opened({"admin_user_ids": [office.ada_id]})
    assert named.ada_id == office.ada_id
    refused = await named.ask("impersonate-user", {"userId": named.ada_id})
    assert (refused.status, refused.json["code"]) == (403, "YOU_CANNOT_IMPERSONATE_ADMINS")


async def test_a_banned_user_is_not_acted_for() -> None:
    office = await opened()
    await office.ask("ban-user", {"userId": office.ada_id})
    refused = await office.ask("impersonate-user", {"userId": office.ada_id})
    assert (refused.status, refused.json["code"]) == (403, "BANNED_USER")
    assert (await office.root.get("/get-session")).json["user"]["email"] == "root@example.com"


async def test_a_user_does_not_see_who_acts_for_them() -> None:
    office = await opened()
    await office.ask("impersonate-user", {"userId": office.ada_id})
    assert len((await office.ada.get("/list-sessions")).json) == 1
