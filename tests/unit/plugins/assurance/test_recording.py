"""What every way of signing in leaves in the session, and that nothing of it is there unless it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.plugins.assurance.ways import JSON_WAYS, REDIRECTS, WAYS, World, passkey, social, world

from gatewright.access.assurance import Proof
from gatewright.model.assurance import AssuredSession
from gatewright.model.session import Session
from gatewright.testing.browser import Browser
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

LEAVES = {
    "password": ("pwd",),
    "username": ("pwd",),
    "code to a phone": ("otp", "sms"),
    "mailed code": ("otp", "email"),
    "address proven by code": ("otp", "email"),
    "magic link of a script": ("email",),
    "magic link": ("email",),
    "verification link of a script": ("email",),
    "verification link": ("email",),
    "wallet": ("pop",),
    "one tap": ("federated",),
    "presented ID token": ("federated",),
    "social": ("federated",),
    "generic OAuth": ("federated",),
    "passkey without its user": ("hwk", "user"),
}


async def stored(place: World, browser: Browser) -> AssuredSession:
    token = (browser.cookie("better-auth.session_token") or "").rpartition(".")[0]
    pair = await place.app.auth.services.sessions.find(place.app.auth.services.database, token)
    assert pair is not None
    return AssuredSession.of(pair[0])


async def state(browser: Browser) -> Any:
    answer = await browser.get("/assurance/state")
    assert answer.status == 200, answer
    return answer.json


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_says_what_it_has_proven_and_when(way: str) -> None:
    place = world(assurance={})
    browser = place.app.browser()
    await WAYS[way](place, browser)
    session = await stored(place, browser)
    proof = Proof.read(session.amr)
    assert (proof.amr, proof.level) == (LEAVES[way], 1)
    assert session.auth_time == proof.auth_time == place.app.clock.now().replace(microsecond=0)
    assert (await state(browser))["amr"] == list(LEAVES[way])
    assert "amr" not in (await browser.get("/get-session")).json["session"]
    assert {**JSON_WAYS, **REDIRECTS}.keys() == LEAVES.keys()


async def test_a_passkey_whose_user_was_verified_is_two_factors() -> None:
    place = world(assurance={})
    browser = place.app.browser()
    await passkey(place, browser)
    found = await state(browser)
    assert (found["level"], found["amr"]) == (2, ["hwk", "user", "mfa"])


async def test_signing_up_proves_the_password_and_a_guest_nothing() -> None:
    place = world(assurance={})
    assert (await state(await place.app.signed_up()))["amr"] == ["pwd"]
    guest = place.app.browser()
    await guest.post("/sign-in/anonymous", {})
    found = await state(guest)
    assert (found["level"], found["amr"]) == (0, ["anonymous"])


async def test_a_second_factor_is_added_to_the_first() -> None:
    place = world({"everywhere": True}, assurance={})
    await social(place, place.app.browser())
    await place.owe_factor()
    browser = place.app.browser()
    await social(place, browser)
    began = place.app.clock.now()
    place.app.clock.advance(minutes=1)
    await place.give_factor(browser)
    proof = Proof.read((await stored(place, browser)).amr)
    now = began + timedelta(minutes=1)
    assert proof.moments == (("federated", began), ("otp", now), ("mfa", now))
    assert proof.level == 2


async def test_a_trusted_device_spares_the_factor_and_proves_none() -> None:
    place = world({"everywhere": True}, assurance={})
    await WAYS["password"](place, place.app.browser())
    await place.owe_factor()
    browser = place.app.browser()
    await WAYS["password"](place, browser)
    await place.give_factor(browser, trustDevice=True)
    await browser.post("/sign-out", {})
    await WAYS["password"](place, browser)
    found = await state(browser)
    assert (found["level"], found["amr"]) == (1, ["pwd", "device"])


async def test_who_is_impersonated_has_proven_nothing() -> None:
    place = world(assurance={})
    admin, ada = await place.app.signed_up("root@example.com"), await place.app.signed_up()
    db = place.app.auth.services.database
    me = (await admin.get("/get-session")).json["user"]["id"]
    await place.app.auth.services.users.update(db, me, {"role": "admin"})
    user_id = (await ada.get("/get-session")).json["user"]["id"]
    assert (await admin.post("/admin/impersonate-user", {"userId": user_id})).status == 200
    found = await state(admin)
    assert (found["level"], found["amr"]) == (0, ["impersonated"])


async def test_a_device_has_what_its_approver_had() -> None:
    place = world(assurance={})
    approver = await place.app.signed_up()
    given = (await place.app.browser().post("/device/code", {"client_id": "tv"})).json
    await approver.get(f"/device?user_code={given['user_code']}")
    assert (await approver.post("/device/approve", {"userCode": given["user_code"]})).status == 200
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    body = {"grant_type": grant, "device_code": given["device_code"], "client_id": "tv"}
    token = (await place.app.browser().post("/device/token", body)).json["access_token"]
    session = await place.app.auth.services.database.find_one(AssuredSession, AssuredSession.token.eq(token))
    assert session is not None
    assert Proof.read(session.amr).amr == ("pwd", "mca")


async def test_a_session_in_the_place_of_another_keeps_what_was_proven() -> None:
    place = world(assurance={})
    browser = place.app.browser()
    await passkey(place, browser)
    began = place.app.clock.now()
    place.app.clock.advance(minutes=3)
    body = {"currentPassword": "password-1234", "newPassword": "password-5678", "revokeOtherSessions": True}
    assert (await browser.post("/change-password", body)).status == 200
    proof = Proof.read((await stored(place, browser)).amr)
    assert dict(proof.moments) == {
        "hwk": began,
        "user": began,
        "mfa": began,
        "pwd": began + timedelta(minutes=3),
    }


@pytest.mark.parametrize(
    ("said", "trusted", "expected", "level"),
    [
        (["pwd", "mfa"], True, ["federated", "pwd", "mfa"], 2),
        (["pwd", "mfa"], False, ["federated"], 1),
        (["a b", 7, None, "unfinished", "impersonated", "otp@1", "otp"], True, ["federated", "otp"], 1),
        ("mfa", True, ["federated"], 1),
    ],
)
async def test_a_provider_is_believed_where_the_application_says_so(
    said: object, trusted: bool, expected: list[str], level: int
) -> None:
    place = world(assurance={"trusted_providers": ["corp"] if trusted else ["google"]})
    authenticated = place.app.clock.now() - timedelta(minutes=7)
    place.issuer.person.update(amr=said, auth_time=int(authenticated.timestamp()))
    browser = place.app.browser()
    await WAYS["generic OAuth"](place, browser)
    found = await state(browser)
    assert (found["amr"], found["level"]) == (expected, level)
    moment = authenticated if trusted else place.app.clock.now()
    assert datetime.fromisoformat(found["authTime"]) == moment.astimezone(UTC)


async def test_a_moment_that_lies_ahead_is_not_believed() -> None:
    place = world(assurance={"trusted_providers": ["corp"]})
    place.issuer.person.update(amr=["mfa"], auth_time=int(place.app.clock.now().timestamp()) + 3600)
    browser = place.app.browser()
    await WAYS["generic OAuth"](place, browser)
    assert datetime.fromisoformat((await state(browser))["authTime"]) == place.app.clock.now()


async def test_copies_and_the_secondary_storage_hold_it_and_answers_do_not() -> None:
    settings = {"session": {"cookie_cache": {"enabled": True, "max_age": 300}}}
    place = world(assurance={}, settings=settings, cache=MemoryCache())
    browser = place.app.browser()
    await passkey(place, browser)
    assert (await state(browser))["level"] == 2
    copying = place.app.auth.blueprint.plan.session_cache
    assert copying is not None
    cached = copying.open(browser.cookie("better-auth.session_data") or "", now=place.app.clock.now())
    assert cached is not None
    assert Proof.read(AssuredSession.of(cached.session).amr).level == 2
    assert AssuredSession.of(cached.session).auth_time == place.app.clock.now()
    assert {"amr", "authTime"} & cached.session.wire().keys() == set()
    assert {"amr", "authTime"} & (await browser.get("/get-session")).json["session"].keys() == set()
    assert {"amr", "authTime"} & (await browser.get("/list-sessions")).json[0].keys() == set()


async def test_nobody_writes_it_from_outside() -> None:
    place = world(assurance={})
    browser = await place.app.signed_up()
    refused = await browser.post("/update-session", {"amr": "mfa@1767225600"})
    assert refused.status == 400
    assert (await state(browser))["amr"] == ["pwd"]


async def test_without_the_plugin_there_is_no_column_and_no_path() -> None:
    place = world()
    columns = place.app.auth.blueprint.plan.schema[Session].columns
    assert {"amr", "authTime"} & columns.keys() == set()
    browser = await place.app.signed_up()
    assert (await browser.get("/assurance/state")).status == 404
