"""Asking a session for more than it proves, and giving it: the same session goes on, and is surer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.mailing import all_at_once
from tests.unit.plugins.assurance.test_recording import state, stored
from tests.unit.plugins.assurance.ways import PASSWORD, World, has_passkey, passkey, world
from tests.unit.plugins.passkey.keys import asked
from tests.unit.plugins.two_factor.factor import code_of

from gatewright.access.assurance import Proof
from gatewright.api import CoreApi
from gatewright.contract.faults import Unauthorized
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.plugins.assurance import Assurance, AssuranceApi, Assured, StepUpRequired, require_assurance
from gatewright.plugins.base import Parts, Plugin
from gatewright.testing.authenticator import Authenticator
from gatewright.testing.browser import Browser
from gatewright.wire.calls import Api
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Operation, post
from gatewright.wire.result import Result
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio


class Transferred(Result):
    level: int


@post("/transfer")
class Transfer(Operation[Transferred]):
    """Send money."""


@handles(Transfer, require_assurance(level=2, max_age=timedelta(minutes=5)))
async def transfer(call: Call[Transfer], me: Assured) -> Transferred:
    """Whoever is sure enough."""
    del call
    return Transferred(level=me.proof.level)


class Bank(Plugin[Api]):
    """Something worth asking for more."""

    id = "bank"
    api_type = Api

    def parts(self) -> Parts:
        """One operation."""
        return Parts(endpoints=(transfer,))


class WholeApi(AssuranceApi, CoreApi):
    """What the tests call."""


def bank(**more: Any) -> World:
    return world(assurance={}, more=(Bank(),), api=WholeApi, **more)


async def with_app(place: World) -> tuple[Browser, str]:
    """A user with an authenticator app, signed in with the password alone on a device that is trusted."""
    browser = await place.app.signed_up()
    given = (await browser.post("/two-factor/enable", {"password": PASSWORD})).json
    place.app.clock.advance(seconds=30)
    code = code_of(place.app, given["totpURI"])
    assert (await browser.post("/two-factor/verify-totp", {"code": code})).status == 200
    place.app.clock.advance(minutes=2)
    other = place.app.browser()
    await other.post("/sign-in/email", {"email": "ada@example.com", "password": PASSWORD})
    await place.give_factor(other, trustDevice=True)
    await other.post("/sign-out", {})
    answer = await other.post("/sign-in/email", {"email": "ada@example.com", "password": PASSWORD})
    assert answer.status == 200
    place.app.clock.advance(minutes=2)
    return other, given["totpURI"]


async def test_a_session_that_proves_too_little_is_told_what_is_needed_and_how() -> None:
    place = bank()
    browser, _ = await with_app(place)
    answer = await browser.post("/transfer", {})
    assert (answer.status, answer.json) == (
        403,
        {
            "code": "STEP_UP_REQUIRED",
            "message": "Please confirm that it is you",
            "required": {"level": 2, "methods": [], "maxAge": 300},
            "ways": ["totp", "otp", "backup-code"],
        },
    )
    assert (await place.app.browser().post("/transfer", {})).status == 401


async def test_a_code_makes_the_same_session_good_enough_for_a_while() -> None:
    place = bank()
    browser, uri = await with_app(place)
    before = browser.cookie("better-auth.session_token")
    answer = await browser.post("/two-factor/verify-totp", {"code": code_of(place.app, uri)})
    assert answer.status == 200
    assert browser.cookie("better-auth.session_token") == before
    assert (await browser.post("/transfer", {})).json == {"level": 2}
    assert (await state(browser))["amr"] == ["pwd", "device", "otp", "totp", "mfa"]
    place.app.clock.advance(seconds=299)
    assert (await browser.post("/transfer", {})).status == 200
    place.app.clock.advance(seconds=1)
    assert (await browser.post("/transfer", {})).json["code"] == "STEP_UP_REQUIRED"
    assert (await place.give_factor(browser)).status == 200
    assert (await browser.post("/transfer", {})).status == 200


async def test_a_password_does_not_renew_a_second_factor() -> None:
    place = bank()
    browser, uri = await with_app(place)
    await browser.post("/two-factor/verify-totp", {"code": code_of(place.app, uri)})
    place.app.clock.advance(minutes=5)
    assert (await browser.post("/verify-password", {"password": PASSWORD})).status == 200
    assert (await browser.post("/transfer", {})).status == 403
    proof = Proof.read((await stored(place, browser)).amr)
    assert proof.since(("pwd",)) == place.app.clock.now()


async def test_a_passkey_of_ones_own_raises_the_session_and_another_does_not() -> None:
    place = bank()
    await has_passkey(place)
    browser = place.app.browser()
    await browser.post("/sign-in/email", {"email": "ada@example.com", "password": PASSWORD})
    assert (await browser.post("/transfer", {})).json["ways"] == ["passkey"]
    bob, theirs = await place.app.signed_up("bob@example.com"), Authenticator()
    begun = await bob.get("/passkey/generate-register-options")
    await bob.post("/passkey/verify-registration", {"response": theirs.create(begun.json)})
    foreign = theirs.get({**(await asked(browser)), "allowCredentials": []})
    refused = await browser.post("/assurance/verify-passkey", {"response": foreign})
    assert (refused.status, refused.json["code"]) == (401, "PASSKEY_NOT_FOUND")
    before = browser.cookie("better-auth.session_token")
    given = place.key.get(await asked(browser))
    answer = await browser.post("/assurance/verify-passkey", {"response": given})
    assert (answer.status, answer.json["level"]) == (200, 2)
    assert browser.cookie("better-auth.session_token") == before
    assert (await browser.post("/transfer", {})).status == 200
    again = await browser.post("/assurance/verify-passkey", {"response": given})
    assert again.status == 400


async def test_the_application_asks_for_the_caller_it_acts_for() -> None:
    place = bank()
    browser = await place.app.signed_up()
    api: WholeApi = place.app.auth.api
    caller = api.on({"cookie": browser.cookie_header()})
    found = await caller.require_assurance()
    assert (found.level, found.amr) == (1, ("pwd",))
    assert (await caller.require_assurance(methods=("pwd", "hwk"), max_age=60)).level == 1
    with pytest.raises(StepUpRequired) as refused:
        await caller.require_assurance(methods=("hwk",))
    assert refused.value.extra["required"] == {"level": 1, "methods": ["hwk"], "maxAge": None}
    with pytest.raises(StepUpRequired):
        await caller.require_assurance(level=2)
    place.app.clock.advance(seconds=60)
    with pytest.raises(StepUpRequired):
        await caller.require_assurance(max_age=60)
    with pytest.raises(Unauthorized):
        await api.on({"cookie": "nothing=1"}).require_assurance()


async def test_guards_need_the_plugin() -> None:
    place = world(more=(Bank(),))
    browser = await place.app.signed_up()
    api = place.app.auth
    with pytest.raises(ConfigError):
        await api.execute(Transfer(), {"cookie": browser.cookie_header()})


async def test_steps_up_at_the_same_moment_are_none_lost() -> None:
    place = bank()
    browser, uri = await with_app(place)
    code = code_of(place.app, uri)
    answers = await all_at_once(
        [
            lambda: browser.post("/two-factor/verify-totp", {"code": code}),
            *(lambda: browser.post("/verify-password", {"password": PASSWORD}) for _ in range(5)),
        ]
    )
    assert {answer.status for answer in answers} == {200}
    proof = Proof.read((await stored(place, browser)).amr)
    now = place.app.clock.now()
    assert {name for name, moment in proof.moments if moment == now} == {"pwd", "otp", "totp", "mfa"}


async def test_copies_and_storages_know_of_it_at_once() -> None:
    settings = {"session": {"cookie_cache": {"enabled": True}}}
    place = bank(settings=settings, cache=MemoryCache())
    browser, uri = await with_app(place)
    await browser.post("/two-factor/verify-totp", {"code": code_of(place.app, uri)})
    copying = place.app.auth.blueprint.plan.session_cache
    assert copying is not None
    cached = copying.open(browser.cookie("better-auth.session_data") or "", now=place.app.clock.now())
    assert cached is not None
    assert Proof.read(cached.session.get("amr")).level == 2
    assert (await browser.post("/transfer", {})).status == 200


async def test_a_session_that_was_ended_meanwhile_is_not_raised() -> None:
    place = bank()
    browser, uri = await with_app(place)
    ended = place.app.browser()
    ended.jar.update(browser.jar)
    await browser.post("/sign-out", {})
    answer = await ended.post("/two-factor/verify-totp", {"code": code_of(place.app, uri)})
    assert answer.json["code"] == "INVALID_TWO_FACTOR_COOKIE"


async def test_who_is_signed_in_cannot_guess_for_ever() -> None:
    place = bank()
    browser, uri = await with_app(place)
    answers = [(await browser.post("/two-factor/verify-totp", {"code": "000000"})).status for _ in range(11)]
    assert answers == [401] * 9 + [429] * 2 or answers == [401] * 10 + [429]
    right = await browser.post("/two-factor/verify-totp", {"code": code_of(place.app, uri)})
    assert (right.status, right.json["code"]) == (429, "ACCOUNT_TEMPORARILY_LOCKED")


@pytest.mark.parametrize("path", ["enable", "disable", "generate-backup-codes", "get-totp-uri"])
async def test_only_the_second_factor_leads_to_another_one(path: str) -> None:
    place = bank()
    browser, uri = await with_app(place)
    refused = await browser.post(f"/two-factor/{path}", {"password": PASSWORD})
    assert (refused.status, refused.json["code"]) == (403, "STEP_UP_REQUIRED")
    assert refused.json["ways"] == ["totp", "otp", "backup-code"]
    await browser.post("/two-factor/verify-totp", {"code": code_of(place.app, uri)})
    assert (await browser.post(f"/two-factor/{path}", {"password": PASSWORD})).status == 200


async def test_a_passkey_is_added_by_whoever_has_given_the_second_factor() -> None:
    place = bank()
    browser, uri = await with_app(place)
    assert (await browser.get("/passkey/generate-register-options")).json["code"] == "STEP_UP_REQUIRED"
    await browser.post("/two-factor/verify-totp", {"code": code_of(place.app, uri)})
    assert (await browser.get("/passkey/generate-register-options")).status == 200


async def test_a_passkey_at_sign_in_is_good_for_everything() -> None:
    place = bank()
    browser = place.app.browser()
    await passkey(place, browser)
    assert (await browser.post("/transfer", {})).status == 200
    assert isinstance(place.app.auth.blueprint.plan.plugin(Assurance), Assurance)
