"""Every documented method and path of the core leads to its operation, and so does the contract's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gatewright.model.account import Account
from gatewright.plugins import Captcha, CaptchaOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

GOOGLE: Mapping[str, Any] = {"client_id": "google-id", "client_secret": "google-secret"}
SERVER_ONLY = {"setPassword": "whoever has a session for a moment must not give the user a password"}


class Row(msgspec.Struct, rename="camel", frozen=True):
    """A documented method and path, the operation that it names, and where the contract serves that."""

    method: str
    path: str
    operation: str
    canonical_method: str
    canonical_path: str | None


class Table(msgspec.Struct, frozen=True):
    """All of them."""

    rows: tuple[Row, ...]


DATA = Path(__file__).parents[2] / "data" / "core_endpoints.json"
ROWS = msgspec.json.decode(DATA.read_bytes(), type=Table).rows
IDS = [f"{row.method} {row.path}" for row in ROWS]


def found(app: TestApp, method: str, path: str) -> str | None:
    """The name of the operation that a path leads to; ``:id`` and ``{provider}`` stand for Google."""
    below = path.removeprefix("/api/auth")
    below = app.auth.blueprint.respelled.get(f"/api/auth{below}", below).removeprefix("/api/auth")
    parts = ["google" if part[:1] in {":", "{"} else part for part in below.split("/")]
    match = app.auth.blueprint.router.find(method, "/".join(parts))
    return None if match is None else match[0].name


@pytest.mark.parametrize("row", ROWS, ids=IDS)
async def test_a_documented_path_leads_where_the_contract_s_does(row: Row) -> None:
    app = make_app()
    served = None if row.operation in SERVER_ONLY else row.operation
    assert found(app, row.method, row.path) == served
    assert row.canonical_path is None or found(app, row.canonical_method, row.canonical_path) == served
    assert served is not None or row.operation in {program.name for program in app.auth.blueprint.programs.values()}


@pytest.mark.parametrize("row", ROWS, ids=IDS)
async def test_a_documented_path_is_answered(row: Row) -> None:
    app = make_app()
    if row.operation in SERVER_ONLY:
        return
    browser = app.browser()
    path = row.path.removeprefix("/api/auth").replace(":provider", "google").replace("{provider}", "google")
    answer = await (browser.get(path) if row.method == "GET" else browser.post(path))
    # Not what an unknown path is answered with: nothing at all.
    assert (answer.status, answer.body) != (404, b"")
    assert answer.status < 500


async def test_a_reset_may_be_asked_for_at_its_former_path() -> None:
    box = Mailbox()
    sender = {"enabled": True, "send_reset_password": box.sender("reset")}
    app = make_app({"email_and_password": sender, "rate_limit": {"enabled": True}}, mailbox=box)
    await app.signed_up()
    browser = app.browser()
    answers = [
        await browser.post(path, {"email": "ada@example.com", "redirectTo": "/reset"})
        for path in ("/forget-password", "/request-password-reset", "/forget-password", "/forget-password")
    ]
    assert answers[0].json == answers[1].json
    # One limit for both paths.
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert len(box.all("reset")) == 3


async def test_the_former_path_is_checked_like_the_present_one() -> None:
    box = Mailbox()
    app = make_app({"email_and_password": {"enabled": True, "send_reset_password": box.sender("reset")}}, mailbox=box)
    browser = await app.signed_up()
    elsewhere = {"email": "ada@example.com", "redirectTo": "https://evil.test"}
    assert (await browser.post("/forget-password", elsewhere)).json["code"] == "INVALID_REDIRECT_URL"
    browser.origin = "https://evil.test"
    assert (await browser.post("/forget-password", {"email": "ada@example.com"})).status == 403
    assert box.sent == []


async def test_a_path_that_is_disabled_is_disabled_in_every_spelling() -> None:
    app = make_app({"disabled_paths": ["/request-password-reset", "/get-access-token"]})
    browser = app.browser()
    assert (await browser.post("/forget-password", {"email": "ada@example.com"})).status == 404
    assert (await browser.get("/get-access-token")).status == 404


async def test_a_captcha_is_asked_for_at_the_former_path_too() -> None:
    options = CaptchaOptions.model_validate({"provider": "hcaptcha", "secretKey": "secret"})
    app = make_app(plugins=[Captcha(options)])
    for path in ("/request-password-reset", "/forget-password"):
        answer = await app.browser().post(path, {"email": "ada@example.com"})
        assert (answer.status, answer.json["code"]) == (400, "MISSING_RESPONSE")


async def arrived() -> tuple[TestApp, FakeGoogle, Browser, Account]:
    app = make_app({"social_providers": {"google": GOOGLE}})
    google = FakeGoogle(app.egress, app.clock)
    browser = app.browser()
    begun = await browser.post("/sign-in/social", {"provider": "google"})
    await browser.get(f"/callback/google?code=c&state={query_of(begun.json['url'])['state']}")
    account = await app.auth.services.database.find_one(Account, Account.provider_id.eq("google"))
    assert account is not None
    return app, google, browser, account


async def test_a_valid_access_token_may_be_read_with_get() -> None:
    _, _, browser, account = await arrived()
    read = await browser.get(f"/get-access-token?accountId={account.id}")
    asked = await browser.post("/get-access-token", {"accountId": account.id})
    assert (read.status, read.json) == (200, asked.json)
    assert read.header("cache-control") == "no-store"


async def test_reading_a_token_renews_nothing() -> None:
    app, google, browser, account = await arrived()
    app.clock.advance(seconds=timedelta(hours=2).seconds)
    exchanged = google.exchanged
    answer = await browser.get(f"/get-access-token?accountId={account.id}")
    assert (answer.status, answer.json["code"]) == (400, "FAILED_TO_GET_ACCESS_TOKEN")
    assert (google.exchanged, answer.cookies) == (exchanged, [])
    assert (await browser.post("/get-access-token", {"accountId": account.id})).json["accessToken"] == "access-2"


async def test_nobody_reads_the_token_of_another() -> None:
    app, _, _, account = await arrived()
    other = await app.signed_up("other@example.com")
    path = f"/get-access-token?accountId={account.id}&userId={account.user_id}"
    assert (await other.get(path)).json["code"] == "ACCOUNT_NOT_FOUND"
    assert (await app.browser().get(path)).status == 401
