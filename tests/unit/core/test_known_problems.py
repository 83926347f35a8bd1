"""What users of such libraries have run into, each as they saw it: none of it may come back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gatewright.cli.app import app as command
from gatewright.model.user import User
from gatewright.plugins.admin import Admin, AdminOptions
from gatewright.ports.adapter import Adapter
from gatewright.settings import Settings
from gatewright.testing.app import SECRET, TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.wire.faults import ConfigError
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio

GOOGLE: dict[str, Any] = {"client_id": "google-id", "client_secret": "google-secret"}


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncGenerator[Adapter]:
    if request.param == "memory":
        yield MemoryAdapter()
        return
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
    await adapter.open()
    yield adapter
    await adapter.close()


async def on(store: Adapter, options: dict[str, Any] | None = None, **more: Any) -> TestApp:
    app = make_app(options, adapter=store, **more)
    await app.auth.create_tables()
    return app


async def test_there_is_no_adapter_for_d1() -> None:
    d1 = pytest.importorskip("gatewright_adapters.d1")
    assert callable(d1.D1Adapter)
    assert {"insert", "select_pair", "take", "transaction"} <= set(dir(d1.D1Adapter))


@pytest.mark.parametrize(
    "names",
    [
        {"advanced": {"database": {"naming": "snake_case"}}},
        {
            "user": {"model_name": "people", "fields": {"email": "mail_address", "createdAt": "made"}},
            "session": {
                "model_name": "logins",
                "fields": {"userId": "person", "expiresAt": "ends", "createdAt": "made"},
            },
        },
    ],
    ids=["snake_case", "mapped"],
)
@pytest.mark.parametrize("joins", [True, False])
async def test_get_session_is_empty_once_columns_are_named_my_way(
    store: Adapter, names: dict[str, Any], joins: bool
) -> None:
    database = {**names.get("advanced", {}).get("database", {}), "joins": joins}
    app = await on(store, {**names, "advanced": {"database": database}})
    browser = await app.signed_up()
    found = (await browser.get("/get-session")).json
    assert found["user"]["email"] == "ada@example.com"
    assert found["session"]["userId"] == found["user"]["id"]
    again = app.browser()
    assert (await again.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})).status == 200
    assert len((await again.get("/list-sessions")).json) == 2


async def test_cors_lets_my_page_call_and_the_answer_is_403_without_a_word() -> None:
    app = make_app({"trusted_origins": ["https://app.test"]})
    browser = await app.signed_up()
    browser.origin = "https://page.test"
    answer = await browser.post("/sign-out")
    assert (answer.status, answer.json["code"]) == (403, "INVALID_ORIGIN")
    (line,) = app.log.lines
    assert line[:2] == ("warning", "a request was refused for its origin")
    assert line[2]["because"] == "'https://page.test' is not among trusted_origins; what CORS allows is not asked"


async def test_the_provider_says_redirect_uri_mismatch_and_what_was_printed_to_register_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = {
        "base_url": "https://auth.a-rather-long-name-of-a-company.example",
        "base_path": "/a/path/below/which/it/is",
    }
    app = make_app({**base, "social_providers": {"google": GOOGLE}})
    answer = await app.browser().post("/sign-in/social", {"provider": "google"})
    sent = query_of(answer.json["url"])["redirect_uri"]
    assert sent == f"{base['base_url']}{base['base_path']}/callback/google"

    def here(_: str) -> Any:
        return app.auth

    monkeypatch.setattr("gatewright.cli.info.instance", here)
    printed = CliRunner(env={"COLUMNS": "40"}).invoke(command, ["info", "--config", "app:auth"])
    assert printed.exit_code == 0
    assert f"Callback URL of google: {sent}" in printed.output.splitlines()


def test_nobody_can_sign_in_because_no_mail_was_ever_sent() -> None:
    with pytest.raises(ConfigError, match=r"requireEmailVerification needs .*sendVerificationEmail"):
        Settings.load({"secret": SECRET, "email_and_password": {"enabled": True, "require_email_verification": True}})


async def test_users_who_come_from_google_have_no_name_and_no_picture() -> None:
    app = make_app({"social_providers": {"google": GOOGLE}})
    FakeGoogle(app.egress, app.clock)
    browser = app.browser()
    begun = await browser.post("/sign-in/social", {"provider": "google"})
    asked = query_of(begun.json["url"])
    assert {"openid", "email", "profile"} <= set(asked["scope"].split(" "))
    await browser.get(f"/callback/google?code=c&state={asked['state']}")
    user = (await browser.get("/get-session")).json["user"]
    assert user["name"]
    assert user["image"]


@pytest.mark.parametrize("strategy", ["compact", "jwt", "jwe"])
async def test_the_old_name_stays_in_the_session_after_update_user(strategy: str) -> None:
    app = make_app({"session": {"cookie_cache": {"enabled": True, "strategy": strategy}}})
    browser = await app.signed_up()
    await browser.get("/get-session")
    assert (await browser.post("/update-user", {"name": "Ada Lovelace"})).status == 200
    assert (await browser.get("/get-session")).json["user"]["name"] == "Ada Lovelace"


async def test_rows_of_another_tool_without_updated_at_break_reading(store: Adapter) -> None:
    fields = {"nickname": {"type": "string", "required": False}, "seen": {"type": "date", "required": False}}
    app = await on(store, {"user": {"additional_fields": fields}})
    browser = await app.signed_up()
    user = (await browser.get("/get-session")).json["user"]
    assert (user["nickname"], user["seen"]) == (None, None)


async def test_results_are_nested_twice() -> None:
    app = make_app()
    signed = await app.auth.api.sign_up_email(name="Ada", email="ada@example.com", password="password-1234")
    assert signed.user.email == "ada@example.com"
    browser = app.browser()
    answer = await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert {"token", "user"} <= set(answer.json)
    assert set((await browser.get("/get-session")).json) == {"session", "user"}


async def test_a_list_of_texts_comes_back_as_one_text(store: Adapter) -> None:
    tags = ["a", "b,c", '"quoted"', "é", ""]
    field = {"tags": {"type": "string[]", "required": False}}
    app = await on(store, {"user": {"additional_fields": field}})
    browser = await app.signed_up(tags=tags)
    assert (await browser.get("/get-session")).json["user"]["tags"] == tags
    assert (await browser.post("/update-user", {"tags": []})).status == 200
    assert (await browser.get("/get-session")).json["user"]["tags"] == []


async def test_a_field_that_is_not_returned_cannot_be_written(store: Adapter) -> None:
    field = {"secret": {"type": "string", "required": False, "returned": False}}
    app = await on(store, {"user": {"additional_fields": field}})
    browser = await app.signed_up(secret="first")
    assert "secret" not in (await browser.get("/get-session")).json["user"]
    assert (await browser.post("/update-user", {"secret": "second"})).status == 200
    (row,) = await app.auth.services.database.find_many(User)
    assert row.raw["secret"] == "second"


async def _deletes(app: TestApp, browser: Browser) -> int:
    return (await browser.post("/delete-user")).status


async def test_whoever_works_all_day_is_told_that_the_session_is_not_fresh() -> None:
    """By default age counts since signing in (contract); activity counts where the application wants that."""
    for counted, status in (("creation", 400), ("activity", 200)):
        session = {"fresh_age": 3600, "update_age": 600, "fresh_from": counted}
        app = make_app({"session": session, "user": {"delete_user": {"enabled": True}}})
        browser = await app.signed_up()
        for _ in range(9):
            app.clock.advance(minutes=15)
            assert (await browser.get("/get-session")).json is not None
        assert await _deletes(app, browser) == status


async def test_whoever_was_away_is_not_fresh_whatever_counts() -> None:
    session = {"fresh_age": 3600, "update_age": 86400, "fresh_from": "activity"}
    app = make_app({"session": session, "user": {"delete_user": {"enabled": True}}})
    browser = await app.signed_up()
    app.clock.advance(hours=2)
    assert await _deletes(app, browser) == 400


async def test_tokens_are_one_level_deeper_than_documented() -> None:
    app = make_app({"social_providers": {"google": GOOGLE}})
    FakeGoogle(app.egress, app.clock)
    browser = app.browser()
    begun = await browser.post("/sign-in/social", {"provider": "google"})
    await browser.get(f"/callback/google?code=c&state={query_of(begun.json['url'])['state']}")
    account = next(each for each in (await browser.get("/list-accounts")).json if each["providerId"] == "google")
    token = (await browser.post("/get-access-token", {"accountId": account["id"]})).json
    renewed = (await browser.post("/refresh-token", {"accountId": account["id"]})).json
    assert token["accessToken"] == "access-1"
    assert {"accessToken", "refreshToken", "accessTokenExpiresAt", "providerId", "accountId"} <= set(renewed)


def test_my_role_is_there_and_still_nobody_is_an_administrator() -> None:
    with pytest.raises((ConfigError, ValueError)) as refused:
        Admin(AdminOptions(admin_roles=["boss"]))
    message = str(refused.value)
    assert "admin_roles: there is no role boss in roles (admin, user)" in message
    assert "admin_roles says who is an administrator, roles what each may do" in message
