"""Places that a browser may be sent to, on the way to a provider and back from it. Named after the cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.security.places import CASES, OPTIONS, leads_nowhere

from gatewright.model.verification import Verification
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of

pytestmark = pytest.mark.anyio

PROVIDERS: Mapping[str, Any] = {"google": {"client_id": "google-id", "client_secret": "google-secret"}}
CODES = {
    "callbackURL": "INVALID_CALLBACK_URL",
    "errorCallbackURL": "INVALID_ERROR_CALLBACK_URL",
    "newUserCallbackURL": "INVALID_NEW_USER_CALLBACK_URL",
}
COOKIE = "better-auth.oauth_state"
ERROR_PAGE = "http://localhost:3000/api/auth/error?error="


def made(**options: Any) -> tuple[TestApp, FakeGoogle]:
    app = make_app({"social_providers": PROVIDERS, **OPTIONS, **options})
    return app, FakeGoogle(app.egress, app.clock)


async def begun(browser: Browser, path: str = "/sign-in/social", **more: object) -> Answer:
    return await browser.post(path, {"provider": "google", **more})


async def returned(browser: Browser, state: str) -> str | None:
    answer = await browser.get(f"/callback/google?code=c&state={state}")
    assert answer.status == 302
    return answer.header("location")


@pytest.mark.parametrize("place", CASES)
@pytest.mark.parametrize("path", ["/sign-in/social", "/link-social"])
async def test_red_01_to_27_no_attempt_begins_that_would_end_elsewhere(path: str, place: str) -> None:
    app, _ = made()
    browser = await app.signed_up()
    for member, code in CODES.items():
        answer = await begun(browser, path, **{member: place})
        leads_nowhere(answer)
        assert (answer.status, answer.json["code"]) == (403, code)
    assert await app.auth.services.database.count(Verification) == 0


@pytest.mark.parametrize("path", ["/sign-in/social", "/link-social"])
@pytest.mark.parametrize("place", ["/..//evil.test", "/x/..//evil.test", "/.//evil.test", "/%2e%2e//evil.test"])
async def test_red_17_dot_segments_leave_no_host_behind(path: str, place: str) -> None:
    app, _ = made()
    browser = await app.signed_up()
    for member in CODES:
        leads_nowhere(await begun(browser, path, **{member: place}))


@pytest.mark.parametrize("path", ["/sign-in/social", "/link-social"])
async def test_red_30_an_attempt_that_does_not_redirect_is_checked_as_well(path: str) -> None:
    app, _ = made()
    browser = await app.signed_up()
    for member, code in CODES.items():
        answer = await begun(browser, path, disableRedirect=True, **{member: "https://evil.test/"})
        leads_nowhere(answer)
        assert (answer.status, answer.json["code"]) == (403, code)
    answer = await begun(browser, path, disableRedirect=True, callbackURL="/home")
    assert (answer.status, answer.header("location"), answer.json["redirect"]) == (200, None, False)


@pytest.mark.parametrize("strategy", ["database", "cookie"])
async def test_red_26_a_state_that_is_not_whole_leads_to_the_instances_own_error_page(strategy: str) -> None:
    app, google = made(account={"store_state_strategy": strategy})
    browser = app.browser()
    answer = await begun(browser, callbackURL="/home", errorCallbackURL="/oops")
    state = query_of(answer.json["url"])["state"]
    for position in (0, len(state) // 2, len(state) - 1):
        swapped = "A" if state[position] != "A" else "B"
        altered = state[:position] + swapped + state[position + 1 :]
        location = await returned(browser, altered)
        assert location is not None
        # A cookie of ours that is whole may say where its own attempt wanted failures to go.
        assert location.startswith((ERROR_PAGE, "/oops?error="))
        assert "/home" not in location
    assert google.exchanged == 0


async def test_red_26_a_changed_state_cookie_names_no_place() -> None:
    app, google = made(account={"store_state_strategy": "cookie"})
    browser = app.browser()
    answer = await begun(browser, callbackURL="/home", errorCallbackURL="/oops")
    state = query_of(answer.json["url"])["state"]
    whole = browser.jar[COOKIE]
    for position in range(0, len(whole), max(1, len(whole) // 25)):
        swapped = "a" if whole[position] != "a" else "b"
        browser.jar[COOKIE] = whole[:position] + swapped + whole[position + 1 :]
        location = await returned(browser, state)
        assert (location or "").startswith(ERROR_PAGE)
    browser.jar[COOKIE] = whole
    assert google.exchanged == 0


async def test_red_26_the_state_cookie_of_another_attempt_is_no_use() -> None:
    app, google = made(account={"store_state_strategy": "cookie"})
    browser, other = app.browser(), app.browser()
    mine = query_of((await begun(browser, callbackURL="/home", errorCallbackURL="/oops")).json["url"])["state"]
    await begun(other, callbackURL="/elsewhere", errorCallbackURL="/elsewhere")
    browser.jar = dict(other.jar)
    location = await returned(browser, mine) or ""
    assert "state_mismatch" in location
    assert "/home" not in location
    assert google.exchanged == 0
