"""A notice to the address that a user had, and the link in it that takes the change back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.mailing import all_at_once, mailing_app, requested_reset, statuses

from gatewright.crypto.jwt import sign_hs256
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


def telling(**more: Any) -> tuple[TestApp, Mailbox]:
    """An instance that tells, and where it tells."""
    box = Mailbox()
    change: Mapping[str, object] = {"send_change_email_notice": box.sender("notice"), **more.pop("change", {})}
    return mailing_app(change_email=change, **more), box


async def proven(app: TestApp, email: str = "ada@example.com") -> Browser:
    browser = await app.signed_up(email)
    await app.auth.services.database.update_one(User, User.email.eq(email), set=[User.email_verified.to(True)])
    return browser


async def changed(app: TestApp, browser: Browser, to: str) -> None:
    app.clock.advance(seconds=5)
    assert (await browser.post("/change-email", {"newEmail": to})).status == 200
    answer = await browser.get(f"/verify-email?token={app.mailbox.last('verify').token}")
    assert answer.json["user"]["email"] == to
    app.clock.advance(seconds=5)


async def follow(app: TestApp, token: str, browser: Browser | None = None, more: str = "") -> Answer:
    return await (browser or app.browser()).get(f"/verify-email?token={token}{more}")


async def addresses(app: TestApp) -> list[tuple[str, bool]]:
    return sorted((user.email, user.email_verified) for user in await app.auth.services.database.find_many(User))


async def test_the_old_address_is_told_and_its_link_takes_the_change_back() -> None:
    app, box = telling()
    browser = await proven(app)
    thief = app.browser()
    await thief.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    await changed(app, thief, "thief@example.com")
    notice = box.last("notice")
    assert (notice.user.email, notice.new_email) == ("ada@example.com", "thief@example.com")
    assert notice.url == f"http://localhost:3000/api/auth/verify-email?token={notice.token}&callbackURL=%2F"
    answer = await follow(app, notice.token, browser)
    assert (answer.status, answer.json["status"], answer.json["user"]["email"]) == (200, True, "ada@example.com")
    assert await addresses(app) == [("ada@example.com", True)]
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
    assert (await thief.get("/get-session")).json is None


async def test_the_link_leads_on_and_signs_nobody_in() -> None:
    app, box = telling()
    await changed(app, await proven(app), "new@example.com")
    stranger = app.browser()
    answer = await follow(app, box.last("notice").token, stranger, "&callbackURL=/settings")
    assert (answer.status, answer.header("location"), answer.cookies) == (302, "/settings", [])
    assert await app.auth.services.database.count(Session) == 0


async def test_without_the_option_nobody_is_told_and_the_link_is_none() -> None:
    app, box = telling()
    await changed(app, await proven(app), "new@example.com")
    token = box.last("notice").token
    silent = mailing_app(adapter=app.adapter)
    refused = await silent.browser().get(f"/verify-email?token={token}")
    assert (refused.status, refused.json["code"]) == (401, "INVALID_TOKEN")
    assert await addresses(app) == [("new@example.com", True)]


async def test_an_address_that_was_never_proven_is_not_told() -> None:
    app, box = telling(change={"update_email_without_verification": True})
    browser = await app.signed_up()
    assert (await browser.post("/change-email", {"newEmail": "right@example.com"})).status == 200
    assert box.all("notice") == []


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_the_link_works_once_also_for_fifty_at_once(kind: str, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        store: Adapter = MemoryAdapter()
        if kind == "sqlite":
            store = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
            await store.open()
            stack.push_async_callback(store.close)
        await _fifty_at_once(store)


async def _fifty_at_once(store: Adapter) -> None:
    app, box = telling(adapter=store)
    await app.auth.create_tables()
    await changed(app, await proven(app), "new@example.com")
    token = box.last("notice").token
    answers = await all_at_once([lambda: follow(app, token)] * 50)
    assert statuses(answers) == {200: 1, 401: 49}
    assert {answer.json["code"] for answer in answers if answer.status == 401} == {"INVALID_TOKEN"}
    assert await addresses(app) == [("ada@example.com", True)]


@pytest.mark.parametrize("place", ["database", "storage", "both"])
async def test_wherever_values_are_kept(place: str) -> None:
    options = {"verification": {"store_in_database": place == "both"}}
    app, box = telling(cache=None if place == "database" else MemoryCache(), options=options)
    await changed(app, await proven(app), "new@example.com")
    assert (await follow(app, box.last("notice").token)).status == 200
    assert (await follow(app, box.last("notice").token)).status == 401


async def test_who_changes_twice_cannot_take_back_what_the_owner_took_back() -> None:
    app, box = telling()
    browser = await proven(app)
    await changed(app, browser, "thief@example.com")
    await changed(app, browser, "other@example.com")
    first, second = (each.token for each in box.all("notice"))
    assert (await follow(app, first)).status == 200
    assert (await follow(app, second)).status == 401
    assert await addresses(app) == [("ada@example.com", True)]


async def test_the_owner_takes_back_last() -> None:
    app, box = telling()
    browser = await proven(app)
    await changed(app, browser, "thief@example.com")
    await changed(app, browser, "other@example.com")
    first, second = (each.token for each in box.all("notice"))
    assert (await follow(app, second)).status == 200
    assert await addresses(app) == [("thief@example.com", True)]
    assert (await follow(app, first)).status == 200
    assert await addresses(app) == [("ada@example.com", True)]


async def test_however_often_it_is_changed_the_first_address_gets_back() -> None:
    app, box = telling()
    browser = await proven(app)
    for number in range(20):
        await changed(app, browser, f"thief-{number}@example.com")
    assert (await follow(app, box.all("notice")[0].token)).status == 200
    assert await addresses(app) == [("ada@example.com", True)]


async def test_an_address_that_somebody_else_has_now_is_not_taken_from_them() -> None:
    app, box = telling()
    await changed(app, await proven(app), "new@example.com")
    await app.signed_up("ada@example.com")
    answer = await follow(app, box.last("notice").token)
    assert (answer.status, answer.json["code"]) == (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")
    assert await addresses(app) == [("ada@example.com", False), ("new@example.com", True)]
    assert await app.auth.services.database.count(Session) == 2


async def test_it_ends_with_its_time() -> None:
    app, box = telling(change={"undo_expires_in": 60})
    browser = await proven(app)
    await changed(app, browser, "new@example.com")
    app.clock.advance(seconds=60)
    late = await follow(app, box.last("notice").token)
    assert (late.status, late.json["code"]) == (401, "TOKEN_EXPIRED")
    assert await addresses(app) == [("new@example.com", True)]


async def test_what_was_mailed_to_the_new_address_is_void_afterwards() -> None:
    app, box = telling()
    browser = await proven(app)
    await changed(app, browser, "thief@example.com")
    reset = await requested_reset(app, "thief@example.com")
    app.clock.advance(seconds=5)
    assert (await follow(app, box.last("notice").token)).status == 200
    body = {"token": reset, "newPassword": "password-5678"}
    answer = await app.browser().post("/reset-password", body)
    assert (answer.status, answer.json["code"]) == (400, "INVALID_TOKEN")


@pytest.mark.parametrize("spoilt", ["cut", "signed with another secret", "of a user who is gone"])
async def test_another_token_takes_nothing_back(spoilt: str) -> None:
    app, box = telling()
    await changed(app, await proven(app), "new@example.com")
    token = box.last("notice").token
    if spoilt == "cut":
        token = token[:-2]
    elif spoilt == "signed with another secret":
        token = sign_hs256({"sub": "x", "undo": "y", "iat": 1, "exp": 9999999999}, "another-secret-of-32-characters!")
    else:
        await app.auth.services.database.delete(User)
    answer = await follow(app, token)
    assert (answer.status, answer.json["code"]) == (401, "INVALID_TOKEN")


async def test_a_sender_that_fails_is_logged_and_the_change_stands() -> None:
    async def fail(mail: object, request: object) -> None:
        raise RuntimeError("no mail today")

    app, _ = telling(change={"send_change_email_notice": fail})
    await changed(app, await proven(app), "new@example.com")
    assert "mailing a notice of a changed address failed" in app.log.text()


async def test_a_head_request_takes_nothing_back() -> None:
    app, box = telling()
    await changed(app, await proven(app), "new@example.com")
    await app.browser().send("HEAD", f"/verify-email?token={box.last('notice').token}")
    assert await addresses(app) == [("new@example.com", True)]
    app.clock.advance(seconds=timedelta(minutes=1).seconds)
    assert (await follow(app, box.last("notice").token)).status == 200
