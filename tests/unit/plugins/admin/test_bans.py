"""Bans: for how long, for what reason, and what a ban ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.plugins.admin.place import opened

from gatewright.model.session import Session

pytestmark = pytest.mark.anyio

FOREVER = "You have been banned from this application. Please contact support if you believe this is an error."


async def test_a_ban_lasts_for_ever_unless_it_is_said_otherwise() -> None:
    office = await opened()
    banned = (await office.ask("ban-user", {"userId": office.ada_id})).json["user"]
    assert (banned["banned"], banned["banReason"], banned["banExpires"]) == (True, "No reason", None)
    office.app.clock.advance(seconds=timedelta(days=3650).total_seconds())
    refused = await office.sign_in()
    assert (refused.status, refused.json) == (403, {"code": "BANNED_USER", "message": FOREVER})


async def test_reason_and_time_have_defaults() -> None:
    office = await opened({"default_ban_reason": "Spam", "default_ban_expires_in": 60})
    banned = (await office.ask("ban-user", {"userId": office.ada_id})).json["user"]
    assert (banned["banReason"], banned["banExpires"]) == ("Spam", "2026-01-01T12:01:00.000Z")
    said = {"userId": office.ada_id, "banReason": "Rude", "banExpiresIn": 120}
    banned = (await office.ask("ban-user", said)).json["user"]
    assert (banned["banReason"], banned["banExpires"]) == ("Rude", "2026-01-01T12:02:00.000Z")


async def test_a_ban_is_over_to_the_moment() -> None:
    office = await opened()
    await office.ask("ban-user", {"userId": office.ada_id, "banExpiresIn": 60})
    office.app.clock.advance(seconds=59.999)
    assert (await office.sign_in()).status == 403
    assert (await office.user()).banned is True
    office.app.clock.advance(seconds=0.001)
    assert (await office.sign_in()).status == 200
    user = await office.user()
    assert (user.banned, user.ban_reason, user.ban_expires) == (False, None, None)


@pytest.mark.parametrize("seconds", [1e300, 1e18])
async def test_a_ban_beyond_every_calendar_is_a_ban(seconds: float) -> None:
    office = await opened()
    answer = await office.ask("ban-user", {"userId": office.ada_id, "banExpiresIn": seconds})
    assert answer.status == 200
    assert (await office.sign_in()).status == 403


async def test_a_ban_ends_every_session_and_no_other() -> None:
    office = await opened()
    await office.sign_in()
    await office.ask("ban-user", {"userId": office.ada_id})
    assert await office.db.count(Session, Session.user_id.eq(office.ada_id)) == 0
    assert (await office.root.get("/get-session")).json is not None


async def test_a_wrong_password_tells_nothing_of_a_ban() -> None:
    office = await opened()
    await office.ask("ban-user", {"userId": office.ada_id})
    refused = await office.sign_in(password="password-0000")
    assert (refused.status, refused.json["code"]) == (401, "INVALID_EMAIL_OR_PASSWORD")


async def test_a_ban_is_lifted() -> None:
    office = await opened()
    await office.ask("ban-user", {"userId": office.ada_id, "banReason": "Spam"})
    lifted = (await office.ask("unban-user", {"userId": office.ada_id})).json["user"]
    assert (lifted["banned"], lifted["banReason"], lifted["banExpires"]) == (False, None, None)
    assert (await office.sign_in()).status == 200


async def test_banning_takes_a_role_that_may() -> None:
    office = await opened()
    root = (await office.user("root@example.com")).id
    for path in ("ban-user", "unban-user"):
        refused = await office.ask(path, {"userId": root}, by=office.ada)
        assert (refused.status, refused.json["code"]) == (403, "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS")
    own = await office.ask("ban-user", {"userId": root})
    assert (own.status, own.json["code"]) == (400, "YOU_CANNOT_BAN_YOURSELF")


async def test_a_banned_administrator_administers_no_longer() -> None:
    office = await opened()
    second = await office.joined("second@example.com", "admin")
    await office.ask("ban-user", {"userId": (await office.user("second@example.com")).id})
    assert (await office.ask("ban-user", {"userId": office.ada_id}, by=second)).status == 401
