"""FLT-26: the clock jumps an hour forward or back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from tests.security.attacker import SIGN_UP, QuickPasswords, app_on

from gatewright.plugins import Jwt
from gatewright.ports.adapter import Adapter
from gatewright.testing.browser import Browser
from gatewright.testing.identity_provider import FakeGoogle
from gatewright.testing.mailbox import Mailbox
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


async def _session(browser: Browser) -> Any:
    answer = await browser.get("/get-session")
    assert answer.status == 200
    return answer.json


@pytest.mark.parametrize("copies", [False, True], ids=["without copies", "with copies"])
async def test_flt_26_a_session_ends_when_it_says_however_the_clock_got_there(store: Adapter, *, copies: bool) -> None:
    settings = {"session": {"expires_in": 1800, "disable_session_refresh": True, "cookie_cache": {"enabled": copies}}}
    app = await app_on(store, settings)
    forward, back = await app.signed_up(), await app.signed_up("eve@example.com")
    began = app.clock.now()
    kept = dict(forward.jar)
    ends = datetime.fromisoformat((await _session(back))["session"]["expiresAt"])
    assert (ends - began).total_seconds() == 1800
    app.clock.advance(hours=-1)
    told = await _session(back)
    assert (told["user"]["email"], datetime.fromisoformat(told["session"]["expiresAt"])) == ("eve@example.com", ends)
    app.clock.set(began)
    app.clock.advance(seconds=1799)
    assert (await _session(back))["user"]["email"] == "eve@example.com"
    app.clock.advance(seconds=1)
    assert await _session(back) is None
    app.clock.set(began)
    app.clock.advance(hours=1)
    assert await _session(forward) is None
    forward.jar.update(kept)
    assert (await forward.get("/list-sessions")).status == 401


@pytest.mark.parametrize(("jump", "good"), [({"minutes": 59}, True), ({"hours": 1, "seconds": 61}, False)])
async def test_flt_26_a_mailed_token_is_good_for_an_hour_of_the_clock(jump: Mapping[str, float], *, good: bool) -> None:
    box = Mailbox()
    mails = {"send_verification_email": box.sender("verify"), "send_on_sign_up": True}
    app = await app_on(MemoryAdapter(), {"email_verification": mails}, mailbox=box)
    await app.signed_up()
    token = box.last("verify").token
    app.clock.advance(**jump)
    answer = await app.browser().get(f"/verify-email?token={token}")
    assert answer.status == (200 if good else 401)
    user = await app.auth.services.users.by_email(app.auth.services.database, "ada@example.com")
    assert user is not None
    assert user.email_verified is good


@pytest.mark.parametrize(
    ("jump", "good"),
    [
        ({}, True),
        ({"seconds": -60}, True),
        ({"minutes": 14}, True),
        ({"minutes": 15, "seconds": 61}, False),
        ({"hours": 1}, False),
    ],
)
async def test_flt_26_a_token_of_ours_is_refused_after_its_end(jump: Mapping[str, float], *, good: bool) -> None:
    app = await app_on(MemoryAdapter(), plugins=[plugin := Jwt()])
    browser = await app.signed_up()
    token = (await browser.get("/token")).json["token"]
    app.clock.advance(**jump)
    read = (await plugin.api(app.auth).verify_jwt(token=token)).payload
    assert (read is not None) is good


@pytest.mark.parametrize(
    ("jump", "good"),
    [
        ({}, True),
        ({"minutes": 59}, True),
        ({"hours": 1, "seconds": 61}, False),
        ({"seconds": -61}, False),
        ({"hours": -1}, False),
    ],
)
async def test_flt_26_a_provider_s_token_is_refused_before_it_was_made_and_after_its_end(
    jump: Mapping[str, float], *, good: bool
) -> None:
    provider = {"client_id": "google-id", "client_secret": "google-secret"}
    app = await app_on(MemoryAdapter(), {"social_providers": {"google": provider}})
    token = FakeGoogle(app.egress, app.clock).sign()
    app.clock.advance(**jump)
    browser = app.browser()
    answer = await browser.post("/sign-in/social", {"provider": "google", "idToken": {"token": token}})
    assert answer.status == (200 if good else 401)
    assert (await _session(browser) is not None) is good


@pytest.mark.parametrize("storage", ["memory", "database"])
@pytest.mark.parametrize("hours", [1, -1])
async def test_flt_26_limits_count_anew_after_a_jump_of_the_clock(store: Adapter, storage: str, hours: int) -> None:
    limits = {"enabled": True, "window": 60, "max": 2, "storage": storage}
    app = await app_on(store, {"rate_limit": limits})

    async def asked(times: int) -> list[int]:
        return [(await app.browser().get("/get-session")).status for _ in range(times)]

    assert await asked(3) == [200, 200, 429]
    app.clock.advance(hours=hours)
    assert await asked(3) == [200, 200, 429]
    app.clock.advance(seconds=59)
    assert await asked(1) == [429]
    app.clock.advance(seconds=1)
    assert await asked(1) == [200]


@pytest.mark.parametrize("storage", ["memory", "database"])
async def test_flt_26_a_clock_that_is_set_right_by_a_little_gives_no_more_requests(
    store: Adapter, storage: str
) -> None:
    limits = {"enabled": True, "window": 60, "max": 2, "storage": storage}
    app = await app_on(store, {"rate_limit": limits})
    statuses: list[int] = []
    for seconds in (0, 0, -30, -29):
        app.clock.advance(seconds=seconds)
        statuses.append((await app.browser().get("/get-session")).status)
    assert statuses == [200, 200, 429, 429]


async def test_flt_26_guesses_are_counted_anew_after_a_jump_back() -> None:
    limits = {"enabled": True, "per_account": {"passwords": {"window": 600, "max": 2}}, "custom_rules": {"*": False}}
    app = await app_on(MemoryAdapter(), {"rate_limit": limits, "email_and_password": QuickPasswords.options()})
    await app.signed_up()
    wrong = {"email": SIGN_UP["email"], "password": "password-wrong"}

    async def asked(times: int) -> list[int]:
        return [(await app.browser().post("/sign-in/email", wrong)).status for _ in range(times)]

    assert await asked(3) == [401, 401, 429]
    app.clock.advance(hours=-1)
    assert await asked(3) == [401, 401, 429]
