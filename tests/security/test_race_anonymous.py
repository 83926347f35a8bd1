"""Attacks on guests: joined by many at once, joined by somebody else, guessed."""

from __future__ import annotations

import pytest
from tests.mailing import ADA, CountingPasswords, all_at_once, statuses

from gatewright.model.user import User
from gatewright.plugins.anonymous import Anonymous, AnonymousOptions, LinkedGuest
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio


def guests(adapter: Adapter | None = None, *, keep: bool = False) -> tuple[TestApp, list[str]]:
    scheme, moved = CountingPasswords(), list[str]()

    async def move(link: LinkedGuest) -> None:
        moved.append(link.anonymous_user.user.id)

    own = {"hash": scheme.hash, "verify": scheme.verify}
    options = AnonymousOptions(on_link_account=move, disable_delete_anonymous_user=keep)
    app = make_app(
        {"email_and_password": {"enabled": True, "password": own}}, adapter=adapter, plugins=[Anonymous(options)]
    )
    return app, moved


# RACE-36
async def test_race_36_a_guest_is_joined_once_however_many_sign_in_at_once(store: Adapter) -> None:
    app, moved = guests(store)
    await store.create_tables(app.auth.blueprint.plan.schema)
    await app.signed_up()
    guest = app.browser()
    user = (await guest.post("/sign-in/anonymous")).json["user"]
    browsers = [app.browser() for _ in range(50)]
    for browser in browsers:
        browser.jar.update(guest.jar)
    answers = await all_at_once([lambda each=each: each.post("/sign-in/email", dict(ADA)) for each in browsers])
    assert statuses(answers) == {200: 50}
    assert moved == [user["id"]]
    assert [each.email for each in await app.auth.services.database.find_many(User)] == ["ada@example.com"]


# SES-19: what a browser holds counts, not what it says.
async def test_a_guests_cookie_with_another_signature_joins_nobody() -> None:
    app, moved = guests()
    guest = app.browser()
    await guest.post("/sign-in/anonymous")
    thief = app.browser()
    name = "better-auth.session_token"
    thief.jar[name] = guest.jar[name][:-8] + "AAAAA%3D"
    assert (await thief.post("/sign-up/email", dict(ADA))).status == 200
    assert moved == []
    assert (await guest.get("/get-session")).json["user"]["isAnonymous"] is True


async def test_the_session_of_a_guest_who_was_joined_is_over() -> None:
    app, moved = guests()
    guest = app.browser()
    await guest.post("/sign-in/anonymous")
    thief = app.browser()
    thief.jar.update(guest.jar)
    assert (await guest.post("/sign-up/email", dict(ADA))).status == 200
    assert len(moved) == 1
    assert (await thief.get("/get-session")).json is None


# RLM-01
async def test_rlm_01_the_fourth_guest_in_ten_seconds_is_refused() -> None:
    app = make_app({"rate_limit": {"enabled": True}}, plugins=[Anonymous()])
    answers = [(await app.browser().post("/sign-in/anonymous")).status for _ in range(4)]
    assert answers == [200, 200, 200, 429]
