"""FLT-07, 11, 15, 23, 25: what an instance depends on fails, forgets, or does not answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, QuickPasswords, app_on
from tests.security.faulty import FaultyAdapter

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins import Admin, ApiKey, HaveIBeenPwned, MultiSession, Organization, Passkey
from gatewright.plugins.organization import OrganizationOptions
from gatewright.ports import egress as outbound
from gatewright.ports.adapter import Adapter, StoreUnavailable
from gatewright.ports.egress import EgressError, HttpxEgress, Outbound, Reply
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import GOOGLE_KEYS, FakeGoogle, query_of
from gatewright.testing.mailbox import Mailbox
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

GOOGLE = {"social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}}}


async def who(browser: Browser) -> str | None:
    """The address of whoever the browser's session is of."""
    answer = await browser.get("/get-session")
    assert answer.status == 200, answer
    return None if answer.json is None else answer.json["user"]["email"]


# FLT-07 ------------------------------------------------------------------------------------------------------------------


async def _begun(app: TestApp, browser: Browser) -> str:
    """The way back from the provider, for a sign-in that this browser began."""
    answer = await browser.post("/sign-in/social", {"provider": "google", "callbackURL": "/home"})
    return f"/callback/google?code=c&state={query_of(answer.json['url'])['state']}"


async def test_flt_07_a_first_social_sign_in_that_ends_at_any_step_leaves_no_half(store: Adapter) -> None:
    """Whatever step after the exchange of the code is the last one: no user without account, and the next try works."""
    reached = 0
    for step in range(1, 100):
        faulty = FaultyAdapter(store)
        app = await app_on(faulty, GOOGLE)
        google = FakeGoogle(app.egress, app.clock)
        database = app.auth.services.database
        for table in (Session, Account, User):
            await database.delete(table)
        browser = app.browser()
        back = await _begun(app, browser)
        since = 0
        with anyio.CancelScope() as scope:

            def end(_: int, step: int = step, scope: anyio.CancelScope = scope, google: FakeGoogle = google) -> None:
                nonlocal since
                since += google.exchanged > 0
                if since == step:
                    scope.cancel()

            faulty.at_step = end
            await browser.get(back)
        faulty.at_step = lambda _: None
        users = {row.id for row in await database.find_many(User)}
        assert {row.user_id for row in await database.find_many(Account)} == users
        assert {row.user_id for row in await database.find_many(Session)} <= users
        again = app.browser()
        answer = await again.get(await _begun(app, again))
        assert (answer.status, answer.header("location")) == (302, "/home")
        assert await who(again) == "grace@example.com"
        assert (await database.count(User), await database.count(Account)) == (1, 1)
        if not scope.cancelled_caught:
            break
        reached = step
    assert reached >= 5


# FLT-11 ------------------------------------------------------------------------------------------------------------------

LISTS = [
    "/list-sessions",
    "/list-accounts",
    "/admin/list-users",
    "/admin/list-user-sessions",
    "/api-key/list",
    "/multi-session/list-device-sessions",
    "/organization/list",
    "/organization/list-members",
    "/organization/list-invitations",
    "/organization/list-teams",
    "/organization/list-team-members",
    "/organization/list-user-teams",
    "/organization/list-user-invitations",
    "/organization/list-roles",
    "/passkey/list-user-passkeys",
]


async def _owner(faulty: FaultyAdapter) -> tuple[TestApp, Browser, Callable[[str], Any]]:
    """An administrator with an organization, and how a list is asked for."""
    options = OrganizationOptions.model_validate(
        {"teams": {"enabled": True}, "dynamicAccessControl": {"enabled": True}}
    )
    plugins = [Admin(), ApiKey(), MultiSession(), Organization(options), Passkey()]
    app = await app_on(faulty, plugins=plugins)
    browser = await app.as_user(role="admin")
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    await browser.post("/organization/create", {"name": "Acme", "slug": "acme"})
    (team,) = (await browser.get("/organization/list-teams")).json
    await browser.post("/organization/set-active-team", {"teamId": team["id"]})

    async def ask(path: str) -> Answer:
        if path == "/admin/list-user-sessions":
            return await browser.post(path, {"userId": user_id})
        return await browser.get(path)

    return app, browser, ask


@pytest.mark.parametrize("path", LISTS)
async def test_flt_11_a_list_that_cannot_be_read_is_no_empty_list(path: str) -> None:
    """Whichever of its statements fails."""
    faulty = FaultyAdapter(MemoryAdapter())
    _, _, ask = await _owner(faulty)
    whole = await ask(path)
    assert whole.status == 200, whole
    failed = 0
    for fails in range(1, 100):
        faulty.steps = 0

        def at(number: int, fails: int = fails) -> None:
            if number == fails:
                raise StoreUnavailable("connection to postgresql://user:secret@db refused")

        faulty.at_step = at
        answer = await ask(path)
        if faulty.steps < fails:
            assert (answer.status, answer.json) == (200, whole.json)
            break
        failed = fails
        assert (answer.status, answer.json["code"]) == (503, "SERVICE_UNAVAILABLE"), (fails, answer)
        assert b"postgresql" not in answer.body
    # Before and after the session is read, and the list.
    assert failed >= 4 or path == "/multi-session/list-device-sessions"
    faulty.at_step = lambda _: None
    assert (await ask(path)).json == whole.json


@pytest.mark.parametrize("column", ["password", "nothing", "email;drop"])
async def test_flt_11_a_list_by_a_column_that_is_not_there_is_refused(store: Adapter, column: str) -> None:
    app = await app_on(store, plugins=[Admin()])
    browser = await app.as_user(role="admin")
    assert (await browser.get(f"/admin/list-users?sortBy={column}")).status == 400
    sorted_ = await browser.get("/admin/list-users?sortBy=email")
    assert (sorted_.status, sorted_.json["total"]) == (200, 1)


# FLT-15 ------------------------------------------------------------------------------------------------------------------


async def _flush(cache: MemoryCache) -> None:
    for key in tuple(cache.keys()):
        await cache.delete(key)


async def test_flt_15_who_was_signed_in_when_the_storage_is_flushed_is_signed_out() -> None:
    cache = MemoryCache()
    app = await app_on(MemoryAdapter(), cache=cache)
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    old = dict(eve.jar)
    assert (await who(ada), await who(eve)) == ("ada@example.com", "eve@example.com")
    await _flush(cache)
    assert (await who(ada), await who(eve)) == (None, None)
    assert (await ada.post("/sign-in/email", SIGN_IN)).status == 200
    assert await who(ada) == "ada@example.com"
    eve.jar.update(old)
    assert await who(eve) is None


async def test_flt_15_whatever_is_evicted_nobody_becomes_somebody_else() -> None:
    cache = MemoryCache()
    app = await app_on(MemoryAdapter(), cache=cache)
    people = {email: await app.signed_up(email) for email in ("ada@example.com", "eve@example.com")}
    jars = {email: dict(browser.jar) for email, browser in people.items()}
    keys = tuple(cache.keys())
    assert len(keys) >= len(people)
    for key in keys:
        kept = await cache.get(key)
        assert kept is not None
        await cache.delete(key)
        for email, browser in people.items():
            browser.jar.update(jars[email])
            assert await who(browser) in (email, None)
        await cache.set(key, kept)
    for email, browser in people.items():
        browser.jar.update(jars[email])
        assert await who(browser) == email


async def test_flt_15_sessions_that_are_in_the_database_too_outlive_a_flush() -> None:
    cache = MemoryCache()
    app = await app_on(MemoryAdapter(), {"session": {"store_session_in_database": True}}, cache=cache)
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    await _flush(cache)
    assert (await who(ada), await who(eve)) == ("ada@example.com", "eve@example.com")


async def test_flt_15_counters_begin_anew_after_a_flush() -> None:
    cache = MemoryCache()
    limits = {"rate_limit": {"enabled": True, "window": 60, "max": 2}}
    app = await app_on(MemoryAdapter(), limits, cache=cache)
    asked = [(await app.browser().get("/get-session")).status for _ in range(3)]
    await _flush(cache)
    anew = [(await app.browser().get("/get-session")).status for _ in range(3)]
    assert (asked, anew) == ([200, 200, 429], [200, 200, 429])


# FLT-23 ------------------------------------------------------------------------------------------------------------------


def _silent(_: Outbound) -> Reply:
    raise EgressError("www.googleapis.com does not answer")


OUTAGES: dict[str, Callable[[Outbound], Reply]] = {
    "does not answer": _silent,
    "answers 503": lambda _: Reply(503, {}, b""),
    "answers a page": lambda _: Reply(200, {"content-type": "text/html"}, b"<html>"),
}


async def _presented(app: TestApp, token: str) -> Answer:
    return await app.browser().post("/sign-in/social", {"provider": "google", "idToken": {"token": token}})


@pytest.mark.parametrize("outage", OUTAGES)
async def test_flt_23_kept_keys_are_used_until_their_end_and_then_nobody_is_believed(outage: str) -> None:
    app = await app_on(MemoryAdapter(), GOOGLE)
    google = FakeGoogle(app.egress, app.clock)
    served = app.egress.answer_of("GET", GOOGLE_KEYS)
    assert (await _presented(app, google.sign())).status == 200
    app.egress.on("GET", GOOGLE_KEYS, OUTAGES[outage])
    app.clock.advance(minutes=59)
    assert ((await _presented(app, google.sign())).status, google.key_fetches()) == (200, 1)
    app.clock.advance(hours=22)
    assert ((await _presented(app, google.sign())).status, google.key_fetches()) == (200, 2)
    app.clock.advance(hours=1, minutes=1)
    sessions = await app.auth.services.database.count(Session)
    answer = await _presented(app, google.sign())
    assert (answer.status, answer.json) == (401, {"message": "Invalid token", "code": "INVALID_TOKEN"})
    assert answer.cookies == []
    assert await app.auth.services.database.count(Session) == sessions
    app.clock.advance(seconds=30)
    app.egress.on("GET", GOOGLE_KEYS, served)
    assert (await _presented(app, google.sign())).status == 200


@pytest.mark.parametrize("outage", OUTAGES)
async def test_flt_23_keys_that_were_never_had_vouch_for_nobody(outage: str) -> None:
    app = await app_on(MemoryAdapter(), GOOGLE)
    google = FakeGoogle(app.egress, app.clock)
    app.egress.on("GET", GOOGLE_KEYS, OUTAGES[outage])
    answer = await _presented(app, google.sign())
    assert (answer.status, answer.json["code"], answer.cookies) == (401, "INVALID_TOKEN", [])
    assert await app.auth.services.database.count(User) == 0


# FLT-25 ------------------------------------------------------------------------------------------------------------------

RANGE = "https://api.pwnedpasswords.com/range/"
NEW = "password-5678"


def _prefix(password: str) -> str:
    return RANGE + hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()[:5]


async def test_flt_25_while_the_list_of_breaches_is_down_no_password_is_taken() -> None:
    box = Mailbox()
    passwords = QuickPasswords.options(send_reset_password=box.sender("reset"))
    plugins = [HaveIBeenPwned()]
    app = await app_on(MemoryAdapter(), {"email_and_password": passwords}, plugins=plugins, mailbox=box)
    app.egress.on("GET", _prefix("password-1234"), b"")
    ada = await app.signed_up()
    await app.browser().post("/request-password-reset", {"email": "ada@example.com"})
    token = box.last("reset").token
    refusal = {"message": "Failed to check password. Please try again later."}
    changes: list[tuple[Browser, str, dict[str, object]]] = [
        (app.browser(), "/sign-up/email", {**SIGN_UP, "email": "new@example.com", "password": NEW}),
        (ada, "/change-password", {"currentPassword": "password-1234", "newPassword": NEW}),
        (app.browser(), "/reset-password", {"token": token, "newPassword": NEW}),
    ]
    for browser, path, body in changes:
        answer = await browser.post(path, body)
        assert (answer.status, answer.json, answer.cookies) == (500, refusal, []), path
    assert await app.auth.services.database.count(User) == 1
    asked = len(app.egress.requests)
    # Who has a password signs in as ever, and nobody is asked about it.
    assert (await app.browser().post("/sign-in/email", SIGN_IN)).status == 200
    assert len(app.egress.requests) == asked
    # What was refused can be had when the list is back; the link was not used up.
    app.egress.on("GET", _prefix(NEW), b"")
    assert (await app.browser().post("/reset-password", {"token": token, "newPassword": NEW})).status == 200
    assert (await app.browser().post("/sign-in/email", {**SIGN_IN, "password": NEW})).status == 200


async def test_flt_25_a_list_of_breaches_that_is_silent_is_not_waited_for() -> None:
    class Silent(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await anyio.sleep_forever()
            raise AssertionError("never")

    assert outbound.TIMEOUT_SECONDS == 10
    app = await app_on(MemoryAdapter(), plugins=[HaveIBeenPwned()])
    async with httpx.AsyncClient(transport=Silent()) as client:
        app.auth.services.egress = HttpxEgress(client, timeout=0)
        with anyio.fail_after(5):
            answer = await app.browser().post("/sign-up/email", SIGN_UP)
    assert (answer.status, answer.json) == (500, {"message": "Failed to check password. Please try again later."})
    assert await app.auth.services.database.count(User) == 0
