"""Tokens of accounts at providers, through the HTTP door and by the application itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import anyio
import anyio.lowlevel
import msgspec
import pytest

from gatewright.auth import Auth
from gatewright.blueprint import Blueprint
from gatewright.flows.oauth import refresh
from gatewright.model.account import Account
from gatewright.settings.callbacks import ProviderTokens
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

GOOGLE: Mapping[str, Any] = {"client_id": "google-id", "client_secret": "google-secret"}


async def arrived(own: Mapping[str, Any] | None = None, **options: Any) -> tuple[TestApp, FakeGoogle, Browser, Account]:
    app = make_app({"social_providers": {"google": {**GOOGLE, **(own or {})}}, **options})
    google = FakeGoogle(app.egress, app.clock)
    browser = app.browser()
    begun = await browser.post("/sign-in/social", {"provider": "google"})
    await browser.get(f"/callback/google?code=c&state={query_of(begun.json['url'])['state']}")
    return app, google, browser, await stored(app)


async def stored(app: TestApp) -> Account:
    account = await app.auth.services.database.find_one(Account, Account.provider_id.eq("google"))
    assert account is not None
    return account


async def test_a_token_that_is_valid_is_handed_out_as_it_is() -> None:
    _, google, browser, account = await arrived()
    answer = await browser.post("/get-access-token", {"accountId": account.id})
    assert answer.json == {
        "accessToken": "access-1",
        "accessTokenExpiresAt": "2026-01-01T13:00:00.000Z",
        "scopes": ["openid", "email", "profile"],
        "idToken": account.id_token,
    }
    assert google.renewed == 0


async def test_a_token_that_has_run_out_is_renewed_first() -> None:
    app, google, browser, account = await arrived()
    app.clock.advance(minutes=59, seconds=54)
    assert (await browser.post("/get-access-token", {"accountId": account.id})).json["accessToken"] == "access-1"
    app.clock.advance(seconds=2)
    assert (await browser.post("/get-access-token", {"accountId": account.id})).json["accessToken"] == "access-2"
    assert google.renewed == 1
    assert (await stored(app)).refresh_token == "refresh-1"


async def test_fifty_callers_renew_once() -> None:
    app, google, browser, account = await arrived()
    app.clock.advance(hours=2)
    found: list[str] = []

    async def ask() -> None:
        answer = await browser.post("/get-access-token", {"accountId": account.id})
        found.append(answer.json["accessToken"])

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(ask)
    assert (set(found), len(found), google.renewed) == ({"access-2"}, 50, 1)
    assert len(app.auth.blueprint.plan.social.refreshing) == 0


class Renewals:
    """Counts how often the provider is asked, and lets everybody else run before it answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, token: str) -> ProviderTokens:
        self.asked.append(token)
        for _ in range(20):
            await anyio.lowlevel.checkpoint()
        return ProviderTokens(access_token="new", refresh_token="new-refresh", access_token_expires_in=60)


async def test_five_processes_renew_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "_PAUSE_SECONDS", 0)
    renew = Renewals()
    app, _, browser, account = await arrived({"refresh_access_token": renew})
    processes = [
        Blueprint(app.auth.blueprint.settings).bind(app.adapter, clock=app.clock, egress=app.egress, log=app.log)
        for _ in range(5)
    ]
    found: list[str] = []

    async def ask(process: Auth[Any]) -> None:
        asking = Browser(process)
        asking.jar.update(browser.jar)
        answer = await asking.post("/refresh-token", {"accountId": account.id})
        found.append(answer.json["accessToken"])

    async with anyio.create_task_group() as group:
        for process in processes:
            group.start_soon(ask, process)
    assert (found, renew.asked) == (["new"] * 5, ["refresh-1"])


async def test_a_claim_of_somebody_who_has_gone_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "_PAUSE_SECONDS", 0)
    renew = Renewals()
    app, _, browser, account = await arrived({"refresh_access_token": renew})
    services = app.auth.services
    assert await services.provider_accounts.claim(services.database, await stored(app), app.clock.now()) is not None
    assert (await browser.post("/refresh-token", {"accountId": account.id})).status == 400
    assert renew.asked == []
    app.clock.advance(seconds=10)
    answer = await browser.post("/refresh-token", {"accountId": account.id})
    assert (answer.json["accessToken"], len(renew.asked)) == ("new", 1)
    assert (await stored(app)).updated_at == app.clock.now()


async def test_a_renewal_that_fails_gives_the_claim_back() -> None:
    app, google, browser, account = await arrived()
    google.grants["error"] = "invalid_grant"
    for _ in range(2):
        assert (await browser.post("/refresh-token", {"accountId": account.id})).status == 400
    assert (await stored(app)).updated_at == app.clock.now()
    del google.grants["error"]
    assert (await browser.post("/refresh-token", {"accountId": account.id})).status == 200


async def test_what_another_process_has_renewed_meanwhile_is_kept() -> None:
    async def renew(_token: str) -> ProviderTokens:
        # Another process is faster: it has stored its tokens when our answer arrives.
        await apps[0].auth.services.database.update_one(
            Account, Account.provider_id.eq("google"), set=[Account.access_token.to("theirs")]
        )
        return ProviderTokens(access_token="ours", access_token_expires_in=60)

    apps: list[TestApp] = []
    app, _, browser, account = await arrived({"refresh_access_token": renew})
    apps.append(app)
    answer = await browser.post("/refresh-token", {"accountId": account.id})
    assert (answer.status, answer.json["accessToken"]) == (200, "theirs")
    assert (await stored(app)).access_token == "theirs"


async def test_a_refusal_is_no_failure_where_another_process_has_renewed() -> None:
    async def renew(_token: str) -> object:
        await apps[0].auth.services.database.update_one(
            Account, Account.provider_id.eq("google"), set=[Account.access_token.to("theirs")]
        )
        return None

    apps: list[TestApp] = []
    app, _, browser, account = await arrived({"refresh_access_token": renew})
    apps.append(app)
    assert (await browser.post("/refresh-token", {"accountId": account.id})).json["accessToken"] == "theirs"


async def test_a_renewal_that_the_provider_refuses_is_told() -> None:
    app, google, browser, account = await arrived()
    app.clock.advance(hours=2)
    google.grants["error"] = "invalid_grant"
    asked = await browser.post("/get-access-token", {"accountId": account.id})
    assert (asked.status, asked.json["code"]) == (400, "FAILED_TO_GET_ACCESS_TOKEN")
    refreshed = await browser.post("/refresh-token", {"accountId": account.id})
    assert (refreshed.status, refreshed.json["code"]) == (400, "FAILED_TO_REFRESH_ACCESS_TOKEN")
    assert (await stored(app)).access_token == "access-1"


async def test_renewing_answers_with_the_stored_tokens() -> None:
    _, _, browser, account = await arrived()
    answer = await browser.post("/refresh-token", {"accountId": account.id})
    assert {**answer.json, "idToken": "…"} == {
        "accessToken": "access-2",
        "refreshToken": "refresh-1",
        "accessTokenExpiresAt": "2026-01-01T13:00:00.000Z",
        "refreshTokenExpiresAt": None,
        "scope": "openid,email,profile",
        "idToken": "…",
        "providerId": "google",
        "accountId": account.id,
    }


async def test_tokens_can_be_stored_encrypted_and_older_ones_stay_readable() -> None:
    app, _, browser, account = await arrived(account={"encrypt_oauth_tokens": True})
    assert "access-1" not in str(account.raw["accessToken"])
    assert "refresh-1" not in str(account.raw["refreshToken"])
    assert (await browser.post("/get-access-token", {"accountId": account.id})).json["accessToken"] == "access-1"
    await app.auth.services.database.update_one(
        Account, Account.id.eq(account.id), set=[Account.access_token.to("from-before")]
    )
    assert (await browser.post("/get-access-token", {"accountId": account.id})).json["accessToken"] == "from-before"
    await app.auth.services.database.update_one(
        Account, Account.id.eq(account.id), set=[Account.access_token.to("ab" * 60)]
    )
    broken = await browser.post("/get-access-token", {"accountId": account.id})
    assert (broken.status, broken.json["code"]) == (400, "FAILED_TO_GET_ACCESS_TOKEN")


async def test_the_provider_says_who_it_is() -> None:
    app, google, browser, account = await arrived()
    app.clock.advance(hours=30)
    google.claims["name"] = "Newer"
    answer = await browser.get(f"/account-info?accountId={account.id}")
    assert answer.json["user"] == {
        "name": "Newer",
        "email": "grace@example.com",
        "image": "https://example.com/grace.png",
        "emailVerified": True,
    }
    assert answer.json["data"]["sub"] == "g-1001"
    assert answer.json["account"] == {
        "id": account.id,
        "providerId": "google",
        "issuer": "https://accounts.google.com",
        "accountId": "g-1001",
    }


async def test_the_account_can_be_carried_in_a_cookie() -> None:
    app, _, browser, _ = await arrived(account={"store_account_cookie": True})
    assert "access-1" not in browser.jar["better-auth.account_data"]
    answer = await browser.post("/get-access-token", {"useAccountCookie": True})
    assert answer.json["accessToken"] == "access-1"
    other = await app.signed_up("other@example.com")
    other.jar["better-auth.account_data"] = browser.jar["better-auth.account_data"]
    stolen = await other.post("/get-access-token", {"useAccountCookie": True})
    assert (stolen.status, stolen.json["code"]) == (400, "ACCOUNT_NOT_FOUND")


async def test_a_carried_account_lasts_as_long_as_the_copy_of_the_session() -> None:
    app, _, browser, _ = await arrived(
        account={"store_account_cookie": True}, session={"cookie_cache": {"enabled": True}}
    )
    for _ in range(3):
        app.clock.advance(minutes=4)
        answer = await browser.post("/get-access-token", {"useAccountCookie": True})
        assert answer.json["accessToken"] == "access-1"
    app.clock.advance(minutes=6)
    answer = await browser.post("/get-access-token", {"useAccountCookie": True})
    assert answer.json["code"] == "ACCOUNT_NOT_FOUND"


async def test_a_carried_account_of_somebody_else_is_dropped() -> None:
    app, _, browser, _ = await arrived(
        account={"store_account_cookie": True}, session={"cookie_cache": {"enabled": True}}
    )
    other = await app.signed_up("other@example.com")
    other.jar["better-auth.account_data"] = browser.jar["better-auth.account_data"]
    app.clock.advance(minutes=4, seconds=59)
    other.jar.pop("better-auth.session_data")
    await other.get("/get-session")
    assert "better-auth.account_data" not in other.jar


async def test_an_account_that_was_unlinked_is_not_served_from_its_cookie() -> None:
    app, _, browser, account = await arrived(account={"store_account_cookie": True})
    await app.auth.services.database.delete(Account, Account.id.eq(account.id))
    answer = await browser.post("/get-access-token", {"useAccountCookie": True})
    assert (answer.status, answer.json["code"]) == (400, "ACCOUNT_NOT_FOUND")


async def test_one_of_account_and_cookie_is_named() -> None:
    _, _, browser, account = await arrived()
    both = await browser.post("/get-access-token", {"accountId": account.id, "useAccountCookie": True})
    assert (both.status, both.json["code"]) == (400, "VALIDATION_ERROR")
    neither = await browser.get("/account-info")
    assert (neither.status, neither.json["message"]) == (400, "[query] Invalid input")


async def test_an_account_with_a_password_has_no_tokens() -> None:
    app = make_app()
    browser = await app.signed_up()
    account = await app.auth.services.database.find_one(Account)
    assert account is not None
    for path in ("/get-access-token", "/refresh-token"):
        answer = await browser.post(path, {"accountId": account.id})
        assert answer.json == {"message": "Provider credential is not supported.", "code": "PROVIDER_NOT_SUPPORTED"}
    info = await browser.get(f"/account-info?accountId={account.id}")
    assert info.json["code"] == "PROVIDER_NOT_CONFIGURED"


async def test_the_application_names_the_user() -> None:
    app, _, _, account = await arrived()
    found = await app.auth.api.get_access_token(account_id=account.id, user_id=account.user_id)
    assert msgspec.structs.asdict(found)["access_token"] == "access-1"
    with pytest.raises(ApiError) as refused:
        await app.auth.api.get_access_token(account_id=account.id)
    assert refused.value.code == "USER_ID_OR_SESSION_REQUIRED"


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00.000Z"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2027-01-01T00:00:00.000Z"),
        ("nonsense", "2026-01-01T13:00:00.000Z"),
    ],
)
async def test_the_application_renews_tokens_itself(ends: object, told: str) -> None:
    async def renew(token: str) -> Mapping[str, object]:
        return {"accessToken": f"new-for-{token}", "accessTokenExpiresAt": ends}

    _, google, browser, account = await arrived({"refresh_access_token": renew})
    answer = await browser.post("/refresh-token", {"accountId": account.id})
    assert (answer.json["accessToken"], answer.json["accessTokenExpiresAt"]) == ("new-for-refresh-1", told)
    assert google.renewed == 0
