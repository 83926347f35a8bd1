"""PTH: other spellings of paths and methods reach nothing."""

from __future__ import annotations

import json

import pytest
from tests.security.attacker import SIGN_UP, app_on, send

from gatewright.endpoints import CORE
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.testing.app import TestApp
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

BODY = json.dumps(SIGN_UP).encode()
SPELLINGS = {
    "PTH-01": ["/api/auth//sign-up/email", "/api/auth/sign-up//email", "/api//auth/sign-up/email", "//api/auth/sign-up/email"],
    "PTH-02": ["/api/auth/sign-up/email/", "/api/auth/sign-up/email//"],
    "PTH-03": [
        "/api/auth/SIGN-UP/email", "/api/auth/sign-up/EMAIL", "/API/AUTH/sign-up/email", "/api/auth/%73ign-up/email",
        "/api/auth/sign-up%2femail", "/api/auth/sign-up%2Femail", "/api/auth/sign-up/email;x=1", "/api/auth/sign-up;x/email",
        "/api/auth/sign-up/email%00", "/api/auth/sign-up/email%", "/api/auth/sign-up/email%ff", "/api/auth/sign-up/email\0",
        "/api/auth/sign-up/email%20", "/api/auth/sign-up/email ", "/api/auth/sign-up\\email", "/api/auth/ｓign-up/email",
    ],
    "PTH-04": [
        "/api/auth/./sign-up/email", "/api/auth/../auth/sign-up/email", "/api/auth/sign-up/./email",
        "/api/auth/x/../sign-up/email", "/api/auth/%2e/sign-up/email", "/api/auth/x/%2e%2e/sign-up/email",
        "/api/auth/sign-up/email/.", "/api/auth/sign-up/email/x/..", "/api/./auth/sign-up/email",
    ],
    "PTH-07": ["/api/authx/sign-up/email", "/api/auth", "/api/auth/", "/api", "/", "", "*", "sign-up/email", "/sign-up/email"],
}  # fmt: skip
CASES = [(name, path) for name, paths in SPELLINGS.items() for path in paths]


@pytest.fixture
async def app(anyio_backend: str) -> TestApp:
    return await app_on(MemoryAdapter())


@pytest.mark.parametrize(("case", "path"), CASES)
async def test_pth_01_to_07_another_spelling_is_another_path(app: TestApp, case: str, path: str) -> None:
    answer = await send(app.auth, "POST", path, BODY)
    assert (answer.status, answer.cookies) == (404, []), case
    assert await app.auth.services.database.count(User) == 0


@pytest.mark.parametrize(("case", "path"), [*CASES, ("PTH-05", "/api/auth/sign-up/email")])
async def test_pth_05_a_disabled_path_is_gone_in_every_spelling(case: str, path: str) -> None:
    for skip in (False, True):
        app = await app_on(
            MemoryAdapter(), {"disabled_paths": ["/sign-up/email"], "advanced": {"skip_trailing_slashes": skip}}
        )
        answer = await send(app.auth, "POST", path, BODY)
        assert (answer.status, answer.cookies) == (404, []), case
        assert await app.auth.services.database.count(User) == 0


async def test_pth_05_a_disabled_path_stays_callable_by_the_application() -> None:
    app = await app_on(MemoryAdapter(), {"disabled_paths": ["/sign-up/email"]})
    made = await app.auth.api.sign_up_email(name="Ada", email="ada@example.com", password="password-1234")
    assert made.user.email == "ada@example.com"


async def test_pth_08_a_hostile_first_path_does_not_move_the_base_path() -> None:
    app = await app_on(MemoryAdapter(), {"base_url": None})
    for path in ("/evil/api/auth/sign-up/email", "/evil/sign-up/email", "//evil.test/api/auth/ok"):
        assert (await send(app.auth, "POST", path, BODY)).status == 404
    assert (await send(app.auth, "GET", "/api/auth/ok")).json == {"ok": True}


@pytest.mark.parametrize(
    "method",
    [
        "GET",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "HEAD",
        "TRACE",
        "CONNECT",
        "FOO",
        "post",
        "Post",
        "",
        "POST ",
        "PÖST",
    ],
)
async def test_pth_09_and_10_another_method_does_nothing(app: TestApp, method: str) -> None:
    answer = await send(app.auth, method, "/api/auth/sign-up/email", BODY)
    assert answer.status in (404, 405)
    assert await app.auth.services.database.count(User) == 0


async def test_pth_11_a_method_is_not_overridden(app: TestApp) -> None:
    answer = await send(
        app.auth,
        "GET",
        "/api/auth/sign-up/email",
        BODY,
        [("content-type", "application/json"), ("x-http-method-override", "POST")],
        query="_method=POST",
    )
    assert answer.status == 404


async def test_pth_12_head_has_no_effect(app: TestApp) -> None:
    browser = await app.signed_up()
    app.clock.advance(days=2)
    before = await app.auth.services.database.find_many(Session)
    for path in ("/get-session", "/list-sessions", "/ok"):
        answer = await browser.send("HEAD", path)
        assert (answer.status, answer.body, answer.cookies) == (404, b"", [])
    after = await app.auth.services.database.find_many(Session)
    assert [row.raw for row in after] == [row.raw for row in before]


@pytest.mark.parametrize(
    "path", ["/get-session/x.css", "/get-session.json", "/get-session;a.png", "/get-session/", "/get-session%2fx.css"]
)
async def test_pth_13_no_path_looks_like_a_file(app: TestApp, path: str) -> None:
    browser = await app.signed_up()
    assert (await browser.get(path)).status == 404


async def test_pth_13_answers_about_a_session_are_not_kept(app: TestApp) -> None:
    browser = await app.signed_up()
    for path in ("/get-session", "/list-sessions"):
        assert "no-store" in ((await browser.get(path)).header("cache-control") or "")


def test_pth_14_every_get_that_writes_is_a_link_or_a_callback() -> None:
    """A GET that is added here writes: it is one that a mail or a provider leads to, or the extension of a session."""
    known_readers = {"/ok", "/error", "/list-sessions", "/list-accounts", "/account-info"}
    links = {
        "/get-session", "/verify-email", "/delete-user/callback", "/reset-password/{token}", "/callback/{id}",
    }  # fmt: skip
    served = {
        endpoint.operation.route.path
        for endpoint in CORE
        if endpoint.operation.route.served and "GET" in endpoint.operation.route.methods
    }
    assert served <= known_readers | links


async def test_pth_15_what_only_the_application_may_call_has_no_path(app: TestApp) -> None:
    browser = await app.signed_up()
    hidden = [endpoint.operation for endpoint in CORE if not endpoint.operation.route.served]
    assert [operation.route.name for operation in hidden] == ["setPassword"]
    for path in ("/set-password", "/setPassword", "/set_password"):
        assert (await browser.post(path, {"newPassword": "password-9999"})).status == 404
