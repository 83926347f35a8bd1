"""What single providers have of their own, through the HTTP door: Microsoft's tenants, Google's domains, Facebook's tokens."""

from __future__ import annotations

import msgspec
import pytest

from gatewright.model.account import Account
from gatewright.ports.egress import Reply
from gatewright.testing.app import make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import GOOGLE_KEYS, GOOGLE_TOKEN, FakeGoogle, query_of

pytestmark = pytest.mark.anyio


async def arrive(browser: Browser, provider: str) -> Answer:
    begun = await browser.post("/sign-in/social", {"provider": provider, "callbackURL": "/home"})
    state = query_of(begun.json["url"])["state"]
    return await browser.get(f"/callback/{provider}?code=the-code&state={state}")


@pytest.mark.parametrize("issuer", ["https://login.microsoftonline.com", "https://{tid}.ciamlogin.com"])
async def test_a_microsoft_tenant_can_be_named_by_its_domain(issuer: str) -> None:
    tid = "11111111-2222-3333-4444-555555555555"
    own = {"client_id": "google-id", "tenant_id": "contoso.onmicrosoft.com", "disable_profile_photo": True}
    app = make_app({"social_providers": {"microsoft": own}})
    google = FakeGoogle(app.egress, app.clock)
    google.claims |= {"iss": f"{issuer.format(tid=tid)}/{tid}/v2.0", "tid": tid, "oid": "o-1"}
    at = "https://login.microsoftonline.com/contoso.onmicrosoft.com"
    app.egress.on("POST", f"{at}/oauth2/v2.0/token", app.egress.answer_of("POST", GOOGLE_TOKEN))
    app.egress.on("GET", f"{at}/discovery/v2.0/keys", app.egress.answer_of("GET", GOOGLE_KEYS))
    browser = app.browser()
    assert (await arrive(browser, "microsoft")).header("location") == "/home"
    # All tenants share their keys: from somebody else, such a token proves nothing about the tenant.
    answer = await app.browser().post("/sign-in/social", {"provider": "microsoft", "idToken": {"token": google.sign()}})
    assert (answer.status, answer.json["code"]) == (401, "INVALID_TOKEN")


async def test_an_id_token_that_nobody_reads_hinders_nobody() -> None:
    app = make_app({"social_providers": {"spotify": {"client_id": "id", "client_secret": "secret"}}})
    google = FakeGoogle(app.egress, app.clock)
    google.grants["id_token"] = "sealed"
    app.egress.on("POST", "https://accounts.spotify.com/api/token", app.egress.answer_of("POST", GOOGLE_TOKEN))
    profile: dict[str, object] = {"id": "s-1", "display_name": "Grace", "email": "grace@example.com", "images": []}
    app.egress.on("GET", "https://api.spotify.com/v1/me", lambda _: Reply(200, {}, msgspec.json.encode(profile)))
    browser = app.browser()
    assert (await arrive(browser, "spotify")).header("location") == "/home"


@pytest.mark.parametrize(("hd", "status"), [(None, 401), ("other.example", 401), ("example.com", 200)])
async def test_a_presented_token_is_of_the_hosted_domain(hd: str | None, status: int) -> None:
    own = {"client_id": "google-id", "client_secret": "google-secret", "hd": "example.com"}
    app = make_app({"social_providers": {"google": own}})
    token = FakeGoogle(app.egress, app.clock).sign({"hd": hd})
    answer = await app.browser().post("/sign-in/social", {"provider": "google", "idToken": {"token": token}})
    assert (answer.status, answer.json.get("code")) == (status, "INVALID_TOKEN" if status == 401 else None)


@pytest.mark.parametrize("given", [{"token": "used"}, {"token": "other", "accessToken": "used"}])
async def test_the_access_token_that_is_presented_in_an_id_tokens_place_is_the_one_used(given: dict[str, str]) -> None:
    app = make_app({"social_providers": {"facebook": {"client_id": "fb-id", "client_secret": "fb-secret"}}})
    debug = {"data": {"is_valid": True, "app_id": "fb-id", "user_id": "6006"}}
    graph = "https://graph.facebook.com"
    app.egress.on("GET", f"{graph}/debug_token", msgspec.json.encode(debug))
    person = {"id": "6006", "name": "Grace", "email": "grace@example.com"}
    app.egress.on("GET", f"{graph}/me", msgspec.json.encode(person))
    answer = await app.browser().post("/sign-in/social", {"provider": "facebook", "idToken": given})
    assert answer.status == 200
    checked, asked = app.egress.requests
    assert query_of(checked.url)["input_token"] == "used"
    assert asked.headers["authorization"] == "Bearer used"
    account = await app.auth.services.database.find_one(Account)
    assert account is not None
    assert (account.account_id, account.access_token) == ("6006", "used")
