"""``everywhere``: the second factor is owed in every way of signing in, and nothing of a session is there before it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.unit.plugins.assurance.ways import JSON_WAYS, REDIRECTS, WAYS, World, is_signed_in, passkey, world

from gatewright.model.session import Session
from gatewright.model.verification import Verification
from gatewright.plugins.bearer import Bearer
from gatewright.plugins.two_factor import TwoFactorOptions
from gatewright.plugins.two_factor.gate import PASSWORD_PATHS
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

EVERYWHERE = {"everywhere": True, "two_factor_page": "/second-factor?from=sign-in"}
PAGE = "http://localhost:3000/second-factor?from=sign-in&callbackURL=%2Fhome&methods=otp"


def nothing_of_a_session(answer: Answer, browser: Browser) -> None:
    assert answer.header("set-auth-token") is None
    assert "better-auth.two_factor" in browser.jar
    kept = {line.split("=", 1)[0] for line in answer.cookies if "Max-Age=0" not in line}
    assert kept - {"better-auth.two_factor", "better-auth.dont_remember"} == set()


async def used_to_sign_in(place: World, way: str) -> None:
    """The way works while its user has no second factor, and then there is one."""
    first = place.app.browser()
    answer = await WAYS[way](place, first)
    assert answer.status in {200, 302}, answer
    assert await is_signed_in(first)
    await first.post("/sign-out", {})
    await place.owe_factor()
    place.app.clock.advance(minutes=2)


@pytest.mark.parametrize("way", JSON_WAYS)
async def test_mfa_15_everywhere_asks_after_every_way(way: str) -> None:
    place = world(EVERYWHERE, more=(Bearer(),), settings={"session": {"cookie_cache": {"enabled": True}}})
    await used_to_sign_in(place, way)
    before = await place.app.auth.services.database.count(Session)
    browser = place.app.browser()
    answer = await JSON_WAYS[way](place, browser)
    assert (answer.status, answer.json) == (200, {"twoFactorRedirect": True, "twoFactorMethods": ["otp"]})
    nothing_of_a_session(answer, browser)
    assert not await is_signed_in(browser)
    assert await place.app.auth.services.database.count(Session) == before
    assert (await place.give_factor(browser)).status == 200
    assert await is_signed_in(browser)


@pytest.mark.parametrize("way", REDIRECTS)
async def test_mfa_15_everywhere_sends_browsers_to_the_page_for_it(way: str) -> None:
    place = world(EVERYWHERE, more=(Bearer(),), settings={"session": {"cookie_cache": {"enabled": True}}})
    await used_to_sign_in(place, way)
    browser = place.app.browser()
    answer = await REDIRECTS[way](place, browser)
    assert (answer.status, answer.header("location")) == (302, PAGE)
    nothing_of_a_session(answer, browser)
    assert not await is_signed_in(browser)
    assert (await place.give_factor(browser)).status == 200
    assert await is_signed_in(browser)


@pytest.mark.parametrize("way", REDIRECTS)
async def test_without_a_page_browsers_are_told_of_it_as_of_a_failure(way: str) -> None:
    place = world({"everywhere": True})
    await used_to_sign_in(place, way)
    browser = place.app.browser()
    answer = await REDIRECTS[way](place, browser)
    assert answer.status == 302
    assert (answer.header("location") or "").endswith("?error=second_factor_required")
    nothing_of_a_session(answer, browser)
    assert not await is_signed_in(browser)


@pytest.mark.parametrize("way", WAYS)
async def test_mfa_15_by_default_passwords_alone_are_asked_after(way: str) -> None:
    place = world({})
    await used_to_sign_in(place, way)
    browser = place.app.browser()
    await WAYS[way](place, browser)
    assert await is_signed_in(browser) is (way not in {"password", "username"})
    assert {"/sign-in/email", "/sign-in/username", "/sign-in/phone-number"} == PASSWORD_PATHS


async def test_a_passkey_whose_user_was_verified_is_two_factors() -> None:
    place = world(EVERYWHERE)
    await passkey(place, place.app.browser())
    await place.owe_factor()
    browser = place.app.browser()
    assert (await passkey(place, browser)).status == 200
    assert await is_signed_in(browser)


async def test_a_trusted_device_is_not_asked_in_any_way() -> None:
    place = world(EVERYWHERE)
    await used_to_sign_in(place, "social")
    browser = place.app.browser()
    await REDIRECTS["social"](place, browser)
    assert (await place.give_factor(browser, trustDevice=True)).status == 200
    await browser.post("/sign-out", {})
    kept = browser.jar["better-auth.trust_device"]
    assert (await REDIRECTS["social"](place, browser)).header("location") == "/home"
    assert await is_signed_in(browser)
    copied = place.app.browser()
    copied.jar["better-auth.trust_device"] = kept
    await REDIRECTS["social"](place, copied)
    assert not await is_signed_in(copied)


async def test_whoever_was_signed_in_before_does_not_give_the_factor() -> None:
    place = world(EVERYWHERE)
    await used_to_sign_in(place, "password")
    other = await place.app.signed_up("bob@example.com")
    answer = await JSON_WAYS["password"](place, other)
    assert answer.json["twoFactorRedirect"] is True
    assert "better-auth.session_token" not in other.jar
    assert (await place.give_factor(other)).json["user"]["email"] == "ada@example.com"


async def test_a_browser_that_is_not_to_be_remembered_still_is_not() -> None:
    place = world(EVERYWHERE)
    await used_to_sign_in(place, "password")
    browser = place.app.browser()
    body = {"email": "ada@example.com", "password": "password-1234", "rememberMe": False}
    assert (await browser.post("/sign-in/email", body)).json["twoFactorRedirect"] is True
    answer = await place.give_factor(browser)
    (line,) = [each for each in answer.cookies if each.startswith("better-auth.session_token=")]
    assert "Max-Age" not in line


async def test_an_approved_device_needs_no_factor_of_its_own() -> None:
    place = world(EVERYWHERE)
    await used_to_sign_in(place, "password")
    approver = place.app.browser()
    await JSON_WAYS["password"](place, approver)
    await place.give_factor(approver)
    given = (await place.app.browser().post("/device/code", {"client_id": "tv"})).json
    assert (await approver.get(f"/device?user_code={given['user_code']}")).status == 200
    assert (await approver.post("/device/approve", {"userCode": given["user_code"]})).status == 200
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    body = {"grant_type": grant, "device_code": given["device_code"], "client_id": "tv"}
    assert "access_token" in (await place.app.browser().post("/device/token", body)).json


async def test_a_one_time_token_hands_over_a_session_that_has_given_it() -> None:
    place = world(EVERYWHERE)
    await used_to_sign_in(place, "password")
    browser, other = place.app.browser(), place.app.browser()
    await JSON_WAYS["password"](place, browser)
    assert (await browser.get("/one-time-token/generate")).status == 401
    await place.give_factor(browser)
    token = (await browser.get("/one-time-token/generate")).json["token"]
    assert (await other.post("/one-time-token/verify", {"token": token})).status == 200
    assert await is_signed_in(other)


async def test_who_signs_up_owing_a_factor_stays_and_is_asked() -> None:
    async def at_once(values: object, context: object) -> dict[str, object]:
        return {"data": {"twoFactorEnabled": True}}

    place = world(EVERYWHERE, settings={"database_hooks": {"user": {"create": {"before": at_once}}}})
    browser = place.app.browser()
    body = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
    answer = await browser.post("/sign-up/email", body)
    assert answer.json == {"twoFactorRedirect": True, "twoFactorMethods": ["otp"]}
    assert not await is_signed_in(browser)
    assert (await place.give_factor(browser)).json["user"]["email"] == "ada@example.com"
    assert await is_signed_in(browser)


async def test_nothing_more_is_stored_for_the_default() -> None:
    place = world({})
    await used_to_sign_in(place, "password")
    await JSON_WAYS["password"](place, place.app.browser())
    rows = await place.app.auth.services.database.find_many(Verification)
    assert sorted(row.identifier[:13] for row in rows if row.identifier[:13] == "2fa-attempts-") == ["2fa-attempts-"]
    assert len(rows) == 2
    assert "amr" not in place.app.auth.blueprint.plan.schema[Session].columns


@pytest.mark.parametrize("page", ["//evil.test", "/\\evil.test", "javascript:alert(1)", "/a b", "evil"])
def test_a_page_elsewhere_is_no_option(page: str) -> None:
    with pytest.raises(ValidationError):
        TwoFactorOptions(two_factor_page=page)


async def test_one_mailbox_is_one_factor() -> None:
    sender = {"send_otp": Mailbox().sender("factor"), "channel": "email"}
    place = world({"everywhere": True, "otp_options": sender})
    await used_to_sign_in(place, "magic link of a script")
    browser = place.app.browser()
    answer = await JSON_WAYS["magic link of a script"](place, browser)
    assert answer.json == {"twoFactorRedirect": True, "twoFactorMethods": []}
    refused = await browser.post("/two-factor/send-otp", {})
    assert (refused.status, refused.json["code"]) == (400, "OTP_NOT_CONFIGURED")
    assert not await is_signed_in(browser)


async def test_a_mailed_code_is_a_second_factor_after_a_password_and_says_how_it_came() -> None:
    box = Mailbox()
    place = world(
        {"everywhere": True, "otp_options": {"send_otp": box.sender("factor"), "channel": "email"}}, assurance={}
    )
    await used_to_sign_in(place, "password")
    browser = place.app.browser()
    assert (await JSON_WAYS["password"](place, browser)).json["twoFactorMethods"] == ["otp"]
    assert (await browser.post("/two-factor/send-otp", {})).status == 200
    assert (await browser.post("/two-factor/verify-otp", {"code": box.last("factor").otp})).status == 200
    assert (await browser.get("/assurance/state")).json["amr"] == ["pwd", "otp", "email", "mfa"]
