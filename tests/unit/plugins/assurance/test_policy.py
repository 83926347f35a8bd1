"""Who must have a second factor: it is asked for in every way, and set up before anything else is possible."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.plugins.assurance.test_recording import state, stored
from tests.unit.plugins.assurance.ways import PASSWORD, REDIRECTS, WAYS, World, beside, is_signed_in, passkey, world
from tests.unit.plugins.two_factor.factor import code_of

from gatewright.access.assurance import Proof
from gatewright.api import CoreApi
from gatewright.model.session import Session
from gatewright.plugins.assurance import Assurance, AssuranceApi, AssuranceOptions, AssurancePolicy, StepUpRequired
from gatewright.plugins.bearer import Bearer
from gatewright.testing.app import make_app
from gatewright.testing.browser import Browser
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio

MUST = {"policy": {"second_factor": True}}
OWED = {"twoFactorEnrolmentRequired": True, "twoFactorMethods": ["totp", "otp"]}


class WholeApi(AssuranceApi, CoreApi):
    """What the tests call."""


def obliged(**more: Any) -> World:
    assurance = {**MUST, "enrolment_page": "/set-up", **more.pop("assurance", {})}
    return world(assurance=assurance, more=(Bearer(),), api=WholeApi, **more)


async def enrol(place: World, browser: Browser) -> Any:
    """Set up an authenticator app."""
    given = await browser.post("/two-factor/enable", {"password": PASSWORD})
    assert given.status == 200, given
    return await browser.post("/two-factor/verify-totp", {"code": code_of(place.app, given.json["totpURI"])})


async def test_who_has_no_factor_sets_one_up_and_is_signed_in_then() -> None:
    place = obliged(settings={"session": {"cookie_cache": {"enabled": True}}})
    browser = place.app.browser()
    body = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
    answer = await browser.post("/sign-up/email", body)
    assert (answer.status, answer.json) == (200, OWED)
    assert answer.header("set-auth-token") is None
    assert "better-auth.session_data" not in browser.jar
    assert not await is_signed_in(browser)
    assert (await enrol(place, browser)).status == 200
    assert await is_signed_in(browser)
    found = await state(browser)
    assert (found["level"], found["amr"]) == (2, ["pwd", "otp", "totp", "mfa"])
    assert await place.app.auth.services.database.count(Session) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/update-user"),
        ("POST", "/change-password"),
        ("POST", "/change-email"),
        ("POST", "/revoke-sessions"),
        ("POST", "/link-social"),
        ("POST", "/delete-user"),
        ("POST", "/two-factor/disable"),
        ("POST", "/two-factor/generate-backup-codes"),
        ("POST", "/organization/create"),
        ("GET", "/list-sessions"),
        ("GET", "/list-accounts"),
        ("GET", "/one-time-token/generate"),
        ("GET", "/passkey/generate-register-options"),
        ("GET", "/two-factor/view-backup-codes"),
    ],
)
async def test_a_session_that_waits_is_nobodys(method: str, path: str) -> None:
    place = obliged()
    browser = place.app.browser()
    await browser.post("/sign-up/email", {"name": "Ada", "email": "ada@example.com", "password": PASSWORD})
    body = {
        "name": "Eve",
        "slug": "eve",
        "currentPassword": PASSWORD,
        "newPassword": "password-5678",
        "newEmail": "eve@example.com",
        "provider": "google",
        "password": PASSWORD,
    }
    answer = await (browser.get(path) if method == "GET" else browser.post(path, body))
    assert answer.status in {400, 401, 403, 404}, answer
    assert answer.status == 401 or path in {"/delete-user", "/change-email"}
    token = (browser.cookie("better-auth.session_token") or "").rpartition(".")[0]
    by_token = await place.app.browser().get("/get-session", headers={"authorization": f"Bearer {token}"})
    assert by_token.json is None


async def test_it_waits_for_an_hour() -> None:
    place = obliged()
    browser = place.app.browser()
    await browser.post("/sign-up/email", {"name": "Ada", "email": "ada@example.com", "password": PASSWORD})
    place.app.clock.advance(seconds=3600)
    assert (await browser.post("/two-factor/enable", {"password": PASSWORD})).status == 401


@pytest.mark.parametrize("way", REDIRECTS)
async def test_browsers_are_sent_to_the_page_for_it(way: str) -> None:
    place = obliged()
    browser = place.app.browser()
    answer = await REDIRECTS[way](place, browser)
    assert answer.header("location") == "http://localhost:3000/set-up?callbackURL=%2Fhome"
    assert not await is_signed_in(browser)


async def test_a_code_that_is_sent_has_to_be_given_once_before_it_counts() -> None:
    place = obliged()
    browser = place.app.browser()
    await browser.post("/sign-up/email", {"name": "Ada", "email": "ada@example.com", "password": PASSWORD})
    answer = await browser.post("/two-factor/enable", {"password": PASSWORD, "method": "otp"})
    assert answer.json == {"twoFactorRedirect": True, "twoFactorMethods": ["otp"]}
    assert not await is_signed_in(browser)
    assert (await place.give_factor(browser)).status == 200
    assert (await state(browser))["level"] == 2


@pytest.mark.parametrize("way", WAYS)
async def test_who_has_one_is_asked_in_every_way(way: str) -> None:
    plain = world(assurance={})
    await WAYS[way](plain, plain.app.browser())
    await plain.owe_factor()
    place = beside(plain, {"two_factor_page": "/factor"}, assurance={"roles": {"user": {"second_factor": True}}})
    place.app.clock.advance(minutes=2)
    browser = place.app.browser()
    await WAYS[way](place, browser)
    assert not await is_signed_in(browser)
    assert (await place.give_factor(browser)).status == 200
    assert (await state(browser))["level"] == 2


async def test_a_passkey_with_its_user_verified_is_second_factor_enough() -> None:
    place = world(assurance={"roles": {"admin": {"second_factor": True}}})
    await passkey(place, place.app.browser())
    db = place.app.auth.services.database
    user = await place.app.auth.services.users.by_email(db, "ada@example.com")
    assert user is not None
    await place.app.auth.services.users.update(db, user.id, {"role": "admin"})
    browser = place.app.browser()
    assert (await passkey(place, browser)).status == 200
    assert await is_signed_in(browser)
    other = place.app.browser()
    assert (await WAYS["password"](place, other)).json == OWED


async def test_guests_are_left_alone() -> None:
    place = obliged()
    browser = place.app.browser()
    assert (await browser.post("/sign-in/anonymous", {})).status == 200
    assert await is_signed_in(browser)


async def test_a_role_obliges_whoever_has_it() -> None:
    place = world(assurance={"roles": {"admin": {"second_factor": True}}})
    await place.app.signed_up("bob@example.com")
    browser = await place.app.signed_up()
    db = place.app.auth.services.database
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    await place.app.auth.services.users.update(db, user_id, {"role": "user, admin"})
    bob = await place.app.browser().post("/sign-in/email", {"email": "bob@example.com", "password": PASSWORD})
    assert "token" in bob.json
    assert (await WAYS["password"](place, place.app.browser())).json == OWED
    assert await is_signed_in(browser)


@pytest.mark.parametrize("how", ["function", "asynchronous function", "mapping"])
async def test_an_organization_obliges_its_members(how: str) -> None:
    policies: dict[str, AssurancePolicy] = {}

    async def later(organization_id: str) -> AssurancePolicy | None:
        return policies.get(organization_id)

    given: dict[str, Any] = {"organization_policy": policies.get if how == "function" else later}
    plain = world()
    if how == "mapping":
        owner = await plain.app.signed_up()
        made = (await owner.post("/organization/create", {"name": "A", "slug": "a"})).json
        given = {"organizations": {made["id"]: {"second_factor": True}}}
    place = beside(plain, assurance=given)
    if how != "mapping":
        owner = await place.app.signed_up()
        made = (await owner.post("/organization/create", {"name": "A", "slug": "a"})).json
        policies[made["id"]] = AssurancePolicy(second_factor=True)
    await place.app.signed_up("bob@example.com")
    bob = await place.app.browser().post("/sign-in/email", {"email": "bob@example.com", "password": PASSWORD})
    assert "token" in bob.json
    ada = await place.app.browser().post("/sign-in/email", {"email": "ada@example.com", "password": PASSWORD})
    assert ada.json == OWED


async def test_what_a_policy_asks_is_asked_wherever_assurance_is() -> None:
    place = world(assurance={"policy": {"max_age": 600}, "roles": {"admin": {"max_age": 60}}}, api=WholeApi)
    browser = await place.app.signed_up()
    api: WholeApi = place.app.auth.api
    caller = api.on({"cookie": browser.cookie_header()})
    place.app.clock.advance(seconds=599)
    assert (await caller.require_assurance(max_age=3600)).level == 1
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    await place.app.auth.services.users.update(place.app.auth.services.database, user_id, {"role": "admin"})
    with pytest.raises(StepUpRequired) as refused:
        await caller.require_assurance()
    assert refused.value.extra == {"required": {"level": 1, "methods": [], "maxAge": 60}, "ways": ["password"]}
    assert (await browser.post("/verify-password", {"password": PASSWORD})).status == 200
    assert (await caller.require_assurance()).level == 1


async def test_a_session_from_before_is_asked_for_the_factor_by_routes_alone() -> None:
    plain = world(assurance={})
    browser = await plain.app.signed_up()
    place = beside(plain, assurance=MUST, api=WholeApi)
    old = place.app.browser()
    old.jar.update(browser.jar)
    assert await is_signed_in(old)
    api: WholeApi = place.app.auth.api
    with pytest.raises(StepUpRequired) as refused:
        await api.on({"cookie": old.cookie_header()}).require_assurance()
    assert refused.value.extra == {"required": {"level": 2, "methods": [], "maxAge": None}, "ways": []}
    assert (await enrol(place, old)).status == 200
    assert (await api.on({"cookie": old.cookie_header()}).require_assurance()).level == 2
    assert Proof.read((await stored(place, old)).amr).level == 2


async def test_a_device_cannot_set_a_factor_up() -> None:
    plain = world(assurance={})
    browser = await plain.app.signed_up()
    place = beside(plain, assurance=MUST)
    old = place.app.browser()
    old.jar.update(browser.jar)
    given = (await place.app.browser().post("/device/code", {"client_id": "tv"})).json
    await old.get(f"/device?user_code={given['user_code']}")
    await old.post("/device/approve", {"userCode": given["user_code"]})
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    body = {"grant_type": grant, "device_code": given["device_code"], "client_id": "tv"}
    answer = await place.app.browser().post("/device/token", body)
    assert (answer.status, answer.json["error"]) == (400, "access_denied")
    assert [line for line in answer.cookies if "Max-Age=0" not in line] == []


def test_policies_need_the_plugins_that_they_are_about() -> None:
    with pytest.raises(ConfigError):
        make_app(plugins=[Assurance(AssuranceOptions.model_validate(MUST))])
    with pytest.raises(ConfigError):
        make_app(plugins=[Assurance(AssuranceOptions.model_validate({"organizations": {"1": {"max_age": 5}}}))])
