"""A user's accounts, through the HTTP door."""

import pytest

from gatewright.model.account import Account
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser

pytestmark = pytest.mark.anyio

LAST = {"message": "You can't unlink your last account", "code": "FAILED_TO_UNLINK_LAST_ACCOUNT"}
UNKNOWN = {"message": "Account not found", "code": "ACCOUNT_NOT_FOUND"}


async def linked(app: TestApp) -> tuple[Browser, dict[str, str]]:
    """A browser of a user with a password and an identity at a provider, and the rows' identifiers by provider."""
    browser = await app.signed_up()
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    await app.auth.services.database.insert(
        Account(
            issuer="local:oauth:github",
            account_id="2002",
            provider_id="github",
            user_id=user_id,
            access_token="a secret",
            scope="repo,user",
        )
    )
    return browser, {each["providerId"]: each["id"] for each in (await browser.get("/list-accounts")).json}


async def test_accounts_are_listed_without_their_tokens() -> None:
    app = make_app()
    browser, ids = await linked(app)
    answer = await browser.get("/list-accounts")
    user_id = answer.json[0]["userId"]
    now = "2026-01-01T12:00:00.000Z"
    assert answer.json == [
        {
            "id": ids["credential"],
            "issuer": "local:credential",
            "accountId": user_id,
            "providerId": "credential",
            "userId": user_id,
            "createdAt": now,
            "updatedAt": now,
            "scopes": [],
        },
        {
            "id": ids["github"],
            "issuer": "local:oauth:github",
            "accountId": "2002",
            "providerId": "github",
            "userId": user_id,
            "createdAt": now,
            "updatedAt": now,
            "scopes": ["repo", "user"],
        },
    ]


async def test_an_account_is_removed_but_not_the_last() -> None:
    app = make_app()
    browser, ids = await linked(app)
    unknown = await browser.post("/unlink-account", {"accountId": "unknown"})
    assert (unknown.status, unknown.json) == (400, UNKNOWN)
    answer = await browser.post("/unlink-account", {"accountId": ids["credential"]})
    assert (answer.status, answer.json) == (200, {"status": True})
    last = await browser.post("/unlink-account", {"accountId": ids["github"]})
    assert (last.status, last.json) == (400, LAST)
    assert [each["providerId"] for each in (await browser.get("/list-accounts")).json] == ["github"]


async def test_the_last_account_goes_if_configured() -> None:
    app = make_app({"account": {"account_linking": {"allow_unlinking_all": True}}})
    browser, ids = await linked(app)
    for account_id in ids.values():
        assert (await browser.post("/unlink-account", {"accountId": account_id})).status == 200
    assert (await browser.get("/list-accounts")).json == []


async def test_nobody_removes_an_account_of_somebody_else() -> None:
    app = make_app()
    _, ids = await linked(app)
    bob = await app.signed_up("bob@example.com")
    bobs_id = (await bob.get("/get-session")).json["user"]["id"]
    await app.auth.services.database.insert(
        Account(issuer="local:oauth:github", account_id="3003", provider_id="github", user_id=bobs_id)
    )
    answer = await bob.post("/unlink-account", {"accountId": ids["github"]})
    assert (answer.status, answer.json) == (400, UNKNOWN)
    assert await app.auth.services.database.count(Account) == 4


async def test_removing_an_account_needs_a_fresh_session() -> None:
    app = make_app()
    browser, ids = await linked(app)
    app.clock.advance(hours=25)
    answer = await browser.post("/unlink-account", {"accountId": ids["github"]})
    assert (answer.status, answer.json["code"]) == (403, "SESSION_NOT_FRESH")
    assert (await app.browser().post("/unlink-account", {"accountId": ids["github"]})).status == 401
    assert (await app.browser().get("/list-accounts")).status == 401
