"""The OAuth client under attack: forged, replayed, mixed-up and oversized answers; rows OAC, ONE-11, CSR-12/13, FLT-22."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import anyio
import pytest

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.ports.egress import Outbound, Reply
from gatewright.protocols.oauth2.pkce import is_verifier
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import GOOGLE_KEYS, GOOGLE_TOKEN, FakeGoogle, query_of

pytestmark = pytest.mark.anyio

PROVIDERS: Mapping[str, Any] = {
    "google": {"client_id": "google-id", "client_secret": "google-secret"},
    "github": {"client_id": "github-id", "client_secret": "github-secret"},
    "apple": {"client_id": "apple-id", "client_secret": "apple-secret"},
}
BASE = "http://localhost:3000/api/auth"
ERROR = f"{BASE}/error?error="


def made(**options: Any) -> tuple[TestApp, FakeGoogle]:
    app = make_app({"social_providers": PROVIDERS, **options})
    return app, FakeGoogle(app.egress, app.clock)


async def state_of(browser: Browser, path: str = "/sign-in/social", **body: object) -> str:
    answer = await browser.post(
        path, {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops", **body}
    )
    assert answer.status == 200, answer
    return query_of(answer.json["url"])["state"]


async def back(browser: Browser, query: str, provider: str = "google") -> str | None:
    answer = await browser.get(f"/callback/{provider}?{query}")
    assert answer.status == 302, answer
    return answer.header("location")


async def nobody_came(app: TestApp) -> bool:
    db = app.auth.services.database
    return (await db.count(User), await db.count(Account), await db.count(Session)) == (0, 0, 0)


async def presented(browser: Browser, token: str, **more: object) -> Answer:
    return await browser.post("/sign-in/social", {"provider": "google", "idToken": {"token": token, **more}})


# State ---------------------------------------------------------------------------------------------------------------


async def test_oac_01_a_missing_unknown_or_expired_state_signs_nobody_in() -> None:
    app, google = made()
    browser = app.browser()
    assert await back(browser, "code=c") == f"{ERROR}state_not_found"
    assert await back(browser, "code=c&state=unknown") == f"{ERROR}state_mismatch"
    late = await state_of(browser)
    app.clock.advance(minutes=11)
    assert await back(browser, f"code=c&state={late}") == "/oops?error=state_mismatch"
    assert await nobody_came(app)
    assert google.exchanged == 0


async def test_oac_01_a_row_of_another_purpose_is_neither_taken_nor_shown() -> None:
    app, _ = made(account={"skip_state_cookie_check": True})
    db = app.auth.services.database
    await db.insert(
        Verification(identifier="reset-password:t", value="user-1", expires_at=app.clock.now() + timedelta(hours=1))
    )
    assert await back(app.browser(), "code=c&state=reset-password:t") == f"{ERROR}state_mismatch"
    assert await db.count(Verification) == 1


async def test_oac_02_a_state_is_good_for_one_providers_callback_only() -> None:
    app, google = made()
    browser = app.browser()
    state = await state_of(browser)
    assert await back(browser, f"code=c&state={state}", "apple") == "/oops?error=state_mismatch"
    assert await back(browser, f"code=c&state={state}") == f"{ERROR}state_mismatch"
    assert app.egress.requests == []
    assert google.exchanged == 0


async def test_oac_02_a_state_of_another_server_of_the_contract_is_accepted() -> None:
    app, google = made()
    browser = app.browser()
    state = await state_of(browser)
    db = app.auth.services.database
    (row,) = await db.find_many(Verification)
    theirs = "T" * 32
    await db.delete(Verification, Verification.id.eq(row.id))
    await db.insert(Verification(identifier=theirs, value=row.value.replace(state, theirs), expires_at=row.expires_at))
    browser.jar["better-auth.state"] = app.auth.blueprint.plan.signer.sign(theirs).replace("+", "%2B")
    assert await back(browser, f"code=c&state={theirs}") == "/home"
    assert google.exchanged == 1


async def test_one_11_a_state_works_once() -> None:
    app, google = made()
    browser = app.browser()
    state = await state_of(browser)
    kept = browser.jar["better-auth.state"]
    assert await back(browser, f"code=c&state={state}") == "/home"
    browser.jar["better-auth.state"] = kept
    assert await back(browser, f"code=c&state={state}") == f"{ERROR}state_mismatch"
    assert google.exchanged == 1
    assert await app.auth.services.database.count(Session) == 1


async def test_one_11_of_fifty_callbacks_with_one_state_one_is_answered() -> None:
    app, google = made()
    browser = app.browser()
    state = await state_of(browser)
    cookie = {"cookie": browser.cookie_header()}
    places: list[str | None] = []

    async def come() -> None:
        answer = await app.browser().get(f"/callback/google?code=c&state={state}", headers=cookie)
        places.append(answer.header("location"))

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(come)
    assert places.count("/home") == 1
    assert google.exchanged == 1


async def test_csr_12_a_state_needs_the_cookie_of_the_browser_that_began() -> None:
    app, google = made()
    victim, attacker = app.browser(), app.browser()
    state = await state_of(attacker)
    assert await back(victim, f"code=c&state={state}") == "/oops?error=state_mismatch"
    await state_of(victim)
    assert await back(victim, f"code=c&state={state}") == "/oops?error=state_mismatch"
    victim.jar["better-auth.state"] = f"{state}.{'A' * 43}="
    assert await back(victim, f"code=c&state={state}") == "/oops?error=state_mismatch"
    assert google.exchanged == 0
    # A stranger's attempt does not spoil the state for the browser that it belongs to.
    assert await back(attacker, f"code=c&state={state}") == "/home"


async def test_csr_13_an_attackers_link_does_not_touch_the_victim_who_opens_it() -> None:
    app, _ = made()
    attacker = await app.signed_up("grace@example.com")
    victim = await app.signed_up("victim@example.com")
    state = await state_of(attacker, "/link-social")
    assert await back(victim, f"code=c&state={state}") == "/oops?error=state_mismatch"
    assert await app.auth.services.database.count(Account, Account.provider_id.eq("google")) == 0


# Answers -------------------------------------------------------------------------------------------------------------


async def test_oac_03_the_issuer_of_an_answer_must_be_the_providers() -> None:
    app, google = made()
    browser = app.browser()
    state = await state_of(browser)
    assert await back(browser, f"code=c&state={state}&iss=https%3A%2F%2Fevil.example") == "/oops?error=issuer_mismatch"
    assert google.exchanged == 0
    again = await state_of(browser)
    assert await back(browser, f"code=c&state={again}&iss=https%3A%2F%2Faccounts.google.com") == "/home"


async def test_oac_04_a_repeated_parameter_is_refused_and_an_error_beats_a_code() -> None:
    app, google = made()
    browser = app.browser()
    state = await state_of(browser)
    for twice in (f"code=a&code=b&state={state}", f"code=a&state={state}&state=x", f"code=a&state={state}&iss=a&iss=b"):
        assert (await browser.get(f"/callback/google?{twice}")).status == 400
    assert await back(browser, f"code=c&error=access_denied&state={state}") == "/oops?error=access_denied"
    assert google.exchanged == 0


@pytest.mark.parametrize(
    "name",
    [
        "state",
        "client_id",
        "redirect_uri",
        "response_type",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "scope",
    ],
)
async def test_oac_05_callers_cannot_set_what_binds_the_answer(name: str) -> None:
    app, _ = made()
    for provider in ("google", "nobody"):
        answer = await app.browser().post("/sign-in/social", {"provider": provider, "additionalParams": {name: "x"}})
        assert (answer.status, answer.json["code"]) == (400, "VALIDATION_ERROR")
    assert await app.auth.services.database.count(Verification) == 0


async def test_oac_06_every_attempt_has_its_own_verifier() -> None:
    app, _ = made()
    browser = app.browser()
    for _ in range(3):
        await state_of(browser)
    rows = await app.auth.services.database.find_many(Verification)
    verifiers = {json.loads(row.value)["codeVerifier"] for row in rows}
    assert len(verifiers) == 3
    assert all(is_verifier(each) for each in verifiers)


async def test_oac_07_a_code_that_the_provider_refuses_uses_the_state_up() -> None:
    app, google = made()
    browser = app.browser()
    google.grants["error"] = "invalid_grant"
    state = await state_of(browser)
    assert await back(browser, f"code=c&state={state}") == "/oops?error=invalid_code"
    assert await app.auth.services.database.count(Verification) == 0


async def test_oac_17_a_hostile_user_value_is_only_text() -> None:
    app, _ = made()
    browser = app.browser()
    for hostile in ("%7B%22name%22%3A", "%22%01%22", "%5B" * 300, "%F0%9F%98%80"):
        state = await state_of(browser)
        assert await back(browser, f"code=c&state={state}&user={hostile}") == "/home"
    state = await state_of(browser)
    assert (await browser.get(f"/callback/google?code=c&state={state}&user=%00")).status == 400


async def test_oac_20_an_answer_that_nobody_asked_for_is_refused() -> None:
    app, _ = made()
    assert await back(app.browser(), "code=c&iss=https%3A%2F%2Faccounts.google.com") == f"{ERROR}state_not_found"


async def test_oac_24_the_providers_words_cannot_leave_their_parameter() -> None:
    app, _ = made()
    browser = app.browser()
    state = await state_of(browser)
    location = await back(browser, f"error=a%0d%0ab&error_description=%C3%BC%0d%0aset-cookie:x%26y&state={state}")
    assert location == "/oops?error=a%0D%0Ab&error_description=%C3%BC%0D%0Aset-cookie%3Ax%26y"


# Tokens --------------------------------------------------------------------------------------------------------------


async def test_oac_18_nobody_reaches_another_users_account() -> None:
    app, _ = made()
    browser = app.browser()
    await back(browser, f"code=c&state={await state_of(browser)}")
    account = await app.auth.services.database.find_one(Account)
    assert account is not None
    other = await app.signed_up("other@example.com")
    asked = {"accountId": account.id, "userId": account.user_id}
    for answer in (
        await other.post("/get-access-token", asked),
        await other.post("/refresh-token", asked),
        await other.get(f"/account-info?accountId={account.id}&userId={account.user_id}"),
    ):
        assert (answer.status, answer.json["code"]) == (400, "ACCOUNT_NOT_FOUND")
    for answer in (
        await app.browser().post("/get-access-token", asked),
        await app.browser().post("/refresh-token", asked),
        await app.browser().get(f"/account-info?accountId={account.id}&userId={account.user_id}"),
    ):
        assert (answer.status, answer.body) == (401, b"")


async def test_oac_19_stored_tokens_do_not_read_as_tokens() -> None:
    app, _ = made(account={"encrypt_oauth_tokens": True})
    browser = app.browser()
    await back(browser, f"code=c&state={await state_of(browser)}")
    account = await app.auth.services.database.find_one(Account)
    assert account is not None
    for name, secret in (("accessToken", "access-1"), ("refreshToken", "refresh-1")):
        assert secret not in str(account.raw[name])
    assert "access-1" not in repr(account)


# A provider that misbehaves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, {}, b"oops"),
        Reply(200, {"content-type": "text/html"}, b"<html></html>"),
        Reply(302, {"location": "https://evil.example"}, b""),
        Reply(200, {"content-type": "application/json"}, b"[" * 100_000),
        Reply(200, {"content-type": "application/json"}, b'{"access_token": 5}'),
        Reply(200, {"content-type": "application/json"}, b"x" * 1_048_577),
        Reply(200, {}, b""),
        Reply(200, {"content-type": "application/json"}, b"{}"),
        Reply(200, {"content-type": "application/json"}, b'{"error": "invalid_grant", "error_description": "used"}'),
    ],
)
async def test_flt_22_a_token_endpoint_that_misbehaves_is_an_error_redirect(reply: Reply) -> None:
    app, _ = made()

    def answer(_request: Outbound) -> Reply:
        return reply

    app.egress.on("POST", GOOGLE_TOKEN, answer)
    browser = app.browser()
    state = await state_of(browser)
    assert await back(browser, f"code=c&state={state}") == "/oops?error=invalid_code"
    assert [request.url for request in app.egress.requests] == [GOOGLE_TOKEN]
    assert await nobody_came(app)


async def test_flt_22_a_provider_that_does_not_answer_is_an_error_redirect() -> None:
    app = make_app({"social_providers": PROVIDERS})
    browser = app.browser()
    assert await back(browser, f"code=c&state={await state_of(browser)}") == "/oops?error=invalid_code"
    google = FakeGoogle(app.egress, app.clock)
    app.egress.on("GET", GOOGLE_KEYS, b"no keys", status=500)
    assert (await presented(browser, google.sign())).json["code"] == "INVALID_TOKEN"


async def test_nothing_secret_is_logged() -> None:
    app, google = made()
    google.grants["error"] = "invalid_grant"
    browser = app.browser()
    await back(browser, f"code=secret-code&state={await state_of(browser)}")
    await presented(browser, google.sign({"aud": "x"}))
    lines = repr(app.log.__dict__)
    assert "a code could not be exchanged" in lines
    for secret in ("secret-code", "google-secret", "access-1"):
        assert secret not in lines
