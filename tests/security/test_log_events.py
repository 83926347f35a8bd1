"""What operators can see of attacks, and what nobody sees: events, shared errors, documents, telemetry. Rows LOG."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mailing import all_at_once
from tests.security.attacker import SIGN_IN, app_on

from gatewright.plugins import OpenApi
from gatewright.plugins.admin import Admin, AdminUser
from gatewright.settings.hooks import HookContext
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET, make_app
from gatewright.wire.faults import ApiError
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


async def test_log_04_the_document_of_the_operations_is_off_unless_it_is_switched_on() -> None:
    browser = (await app_on(MemoryAdapter())).browser()
    for path in ("/reference", "/open-api/generate-schema", "/openapi.json", "/docs"):
        answer = await browser.get(path)
        assert (answer.status, answer.body) == (404, b"")


async def test_log_04_the_document_holds_nothing_of_the_instance() -> None:
    app = await app_on(
        MemoryAdapter(),
        {"social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}}},
        plugins=[OpenApi()],
    )
    browser = await app.signed_up("somebody@registered.example")
    secrets = [SECRET, "google-secret", "google-id", "registered.example", *browser.jar.values()]
    for path in ("/open-api/generate-schema", "/reference"):
        text = (await browser.get(path)).body.decode()
        assert [secret for secret in secrets if secret in text] == []


async def test_log_06_an_error_that_requests_share_carries_nothing_from_one_to_the_other() -> None:
    shared = ApiError(403, code="NOT_TODAY", message="Not today", headers=(("x-reason", "rain"),))

    async def refuse(context: HookContext) -> None:
        if context.path == "/update-user":
            raise shared

    app = await app_on(MemoryAdapter(), {"hooks": {"before": refuse}})
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    app.clock.advance(days=2)  # both sessions are due: answers that succeed renew their cookies
    answers = await all_at_once(
        [
            lambda browser=browser, number=number: browser.post("/update-user", {"name": f"name-{number}"})
            for number, browser in enumerate([ada, eve] * 10)
        ]
    )
    for answer in answers:
        assert (answer.status, answer.json) == (403, {"code": "NOT_TODAY", "message": "Not today"})
        assert [value for name, value in answer.headers if name == "x-reason"] == ["rain"]
        assert answer.cookies == []
    assert shared.headers == (("x-reason", "rain"),)


async def test_log_06_faults_of_two_requests_name_their_own_fields() -> None:
    app = await app_on(MemoryAdapter())
    bodies: list[tuple[dict[str, object], str]] = [
        ({"email": 1, "password": "x"}, "email"),
        ({"email": "a@example.com", "password": 1}, "password"),
    ]
    answers = await all_at_once(
        [lambda body=body: app.browser().post("/sign-in/email", body) for body, _ in bodies * 10]
    )
    for (_, named), answer in zip(bodies * 10, answers, strict=True):
        other = "password" if named == "email" else "email"
        assert named in answer.json["message"]
        assert other not in answer.json["message"]


@pytest.mark.parametrize("enabled", [False, True])
async def test_log_07_nothing_is_reported_to_anybody(enabled: bool) -> None:
    assert Settings.load({"secret": SECRET}).telemetry.enabled is False
    app = make_app({"telemetry": {"enabled": enabled, "debug": True}})
    async with app.auth:
        browser = await app.signed_up()
        await browser.get("/get-session")
        await browser.post("/sign-out")
    assert app.egress.requests == []
    assert app.log.lines == []


async def test_log_08_the_application_sees_who_came_in_and_who_did_not() -> None:
    events: list[tuple[str, str]] = []

    async def told(context: HookContext) -> None:
        if not context.path.startswith("/sign-in"):
            return
        error = context.returned if isinstance(context.returned, ApiError) else None
        events.append((context.path, error.code or str(error.status) if error else "signed in"))
        assert error is not None or context.new_user is not None

    limits = {
        "enabled": True,
        "custom_rules": {"/sign-in/email": False},
        "per_account": {"passwords": {"window": 60, "max": 2}},
    }
    app = await app_on(MemoryAdapter(), {"hooks": {"after": told}, "rate_limit": limits})
    await app.signed_up()
    for password in ("password-1234", "wrong-password", "wrong-password", "wrong-password"):
        await app.browser().post("/sign-in/email", {**SIGN_IN, "password": password})
    assert events == [
        ("/sign-in/email", "signed in"),
        ("/sign-in/email", "INVALID_EMAIL_OR_PASSWORD"),
        ("/sign-in/email", "INVALID_EMAIL_OR_PASSWORD"),
        ("/sign-in/email", "TOO_MANY_REQUESTS"),
    ]


async def test_log_08_the_application_sees_roles_change_and_sessions_end() -> None:
    events: list[tuple[str, object]] = []

    async def updated(row: Any, context: HookContext | None) -> None:
        events.append(("role", row["role"]))
        assert context is not None
        assert context.path == "/admin/set-role"
        assert context.user is not None
        assert context.user.email == "root@example.com"

    async def ended(row: Any, context: HookContext | None) -> None:
        events.append(("session ended", row["userId"]))

    hooks = {"user": {"update": {"after": updated}}, "session": {"delete": {"after": ended}}}
    app = await app_on(MemoryAdapter(), {"database_hooks": hooks}, plugins=[Admin()])
    root, ada = await app.signed_up("root@example.com"), await app.signed_up()
    plain = await app_on(app.adapter, plugins=[Admin()])
    await plain.auth.services.database.update_one(
        AdminUser, AdminUser.email.eq("root@example.com"), set=[AdminUser.role.to("admin")]
    )
    user_id = (await ada.get("/get-session")).json["user"]["id"]
    assert (await root.post("/admin/set-role", {"userId": user_id, "role": "admin"})).status == 200
    assert (await ada.post("/sign-out")).status == 200
    assert events == [("role", "admin"), ("session ended", user_id)]
