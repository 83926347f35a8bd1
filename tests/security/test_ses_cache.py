"""SES: what a cached session's cookie can and cannot do."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest
from tests.security.attacker import send

from gatewright.http.cookies import encode_uri_component
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.admin import Admin
from gatewright.settings.callbacks import Mail
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

TOKEN = "better-auth.session_token"
DATA = "better-auth.session_data"
STRATEGIES = ["compact", "jwt", "jwe"]


def cached(strategy: str = "compact", **more: Any) -> TestApp:
    return make_app({"session": {"cookie_cache": {"enabled": True, "max_age": 60, "strategy": strategy, **more}}})


async def revoked(app: TestApp) -> Browser:
    """A browser whose session is gone from the store, but not from its cookie."""
    browser = await app.signed_up()
    await app.auth.services.database.delete(Session)
    return browser


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_ses_11_what_matters_asks_the_store(strategy: str) -> None:
    browser = await revoked(cached(strategy))
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
    for path, body in (
        ("/change-password", {"currentPassword": "password-1234", "newPassword": "password-5678"}),
        ("/update-user", {"name": "Eve"}),
        ("/revoke-sessions", {}),
        ("/verify-password", {"password": "password-1234"}),
        ("/update-session", {"theme": "dark"}),
        ("/get-access-token", {"accountId": "a"}),
        ("/refresh-token", {"accountId": "a"}),
        ("/link-social", {"provider": "google", "callbackURL": "/"}),
        ("/unlink-account", {"accountId": "a"}),
        ("/change-email", {"newEmail": "eve@example.com"}),
        ("/delete-user", {"password": "password-1234"}),
        ("/revoke-other-sessions", {}),
        ("/revoke-session", {"token": "t"}),
    ):
        jar = dict(browser.jar)
        answer = await browser.post(path, body)
        assert (path, answer.status) == (path, 401)
        browser.jar = jar


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_ses_11_what_matters_asks_the_store_by_get_too(strategy: str) -> None:
    tokens: list[str] = []

    async def mail(sent: Mail, _request: object) -> None:
        tokens.append(sent.token)

    app = make_app(
        {
            "session": {"cookie_cache": {"enabled": True, "strategy": strategy}},
            "user": {"delete_user": {"enabled": True, "send_delete_account_verification": mail}},
        }
    )
    browser = await app.signed_up()
    assert (await browser.post("/delete-user", {})).status == 200
    await app.auth.services.database.delete(Session)
    jar = dict(browser.jar)
    for path in ("/get-access-token?accountId=a", "/account-info?accountId=a", "/list-sessions"):
        browser.jar = dict(jar)
        answer = await browser.get(path)
        assert (path, answer.status) == (path, 401)
    browser.jar = dict(jar)
    assert (await browser.get(f"/delete-user/callback?token={tokens[0]}")).status == 404
    assert await app.auth.services.database.count(User) == 1


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_ses_13_an_altered_copy_is_not_believed(strategy: str) -> None:
    app = cached(strategy)
    browser = await revoked(app)
    value = browser.jar[DATA]
    for altered in (value[:-2] + ("aa" if value[-2:] != "aa" else "bb"), "x" + value[1:], value[: len(value) // 2], ""):
        answer = await send(
            app.auth,
            "GET",
            "/api/auth/get-session",
            headers=[("cookie", f"{TOKEN}={browser.jar[TOKEN]}; {DATA}={altered}")],
        )
        assert (answer.status, answer.json) == (200, None)


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_ses_13_a_copy_of_somebody_else_is_not_believed(strategy: str) -> None:
    app = cached(strategy)
    ada = await app.signed_up()
    eve = await app.signed_up("eve@example.com")
    cookie = f"{TOKEN}={eve.jar[TOKEN]}; {DATA}={ada.jar[DATA]}"
    answer = await send(app.auth, "GET", "/api/auth/get-session", headers=[("cookie", cookie)])
    assert answer.json["user"]["email"] == "eve@example.com"


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_ses_14_a_copy_that_is_too_old_is_not_used(strategy: str) -> None:
    app = cached(strategy)
    browser = await revoked(app)
    app.clock.advance(seconds=59)
    assert (await browser.get("/get-session")).json is not None
    app.clock.advance(seconds=2)
    assert (await browser.get("/get-session")).json is None


async def test_ses_14_a_copy_of_another_version_is_not_used() -> None:
    versions = ["1"]

    def version(session: Session, user: User) -> str:
        return versions[0]

    app = cached(version=version)
    browser = await revoked(app)
    assert (await browser.get("/get-session")).json is not None
    versions[0] = "2"
    assert (await browser.get("/get-session")).json is None


@pytest.mark.parametrize("numbers", [[0, 1], [1, 0, 0], list(range(200))])
async def test_ses_04_strange_chunks_are_no_copy(numbers: list[int]) -> None:
    app = cached()
    browser = await revoked(app)
    chunks = "; ".join(f"{DATA}.{number}={encode_uri_component('x' * 20)}" for number in numbers)
    cookie = f"{TOKEN}={browser.jar[TOKEN]}; {chunks}"
    answer = await send(app.auth, "GET", "/api/auth/get-session", headers=[("cookie", cookie)])
    assert (answer.status, answer.json) == (200, None)


async def test_inp_13_a_compressed_body_is_not_unpacked() -> None:
    body = gzip.compress(b'{"email":"ada@example.com","password":"' + b"a" * 5_000_000 + b'"}')
    answer = await send(
        make_app().auth,
        "POST",
        "/api/auth/sign-in/email",
        body,
        headers=[("content-type", "application/json"), ("content-encoding", "gzip")],
    )
    assert (answer.status, answer.json["code"]) == (400, "BAD_REQUEST")


async def test_inp_25_signing_up_cannot_give_a_role() -> None:
    app = make_app(plugins=[Admin()])
    new = {"name": "Eve", "email": "eve@example.com", "password": "password-1234", "role": "admin"}
    answer = await app.browser().post("/sign-up/email", new)
    assert (answer.status, answer.json["code"]) == (400, "FIELD_NOT_ALLOWED")


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_ses_14_a_copy_of_a_copy_ends_with_it(strategy: str) -> None:
    box = Mailbox()
    app = make_app(
        {
            "session": {"cookie_cache": {"enabled": True, "max_age": 60, "strategy": strategy}},
            "email_verification": {"send_verification_email": box.sender("verify")},
            "user": {"change_email": {"enabled": True}},
        }
    )
    browser = await app.signed_up()
    assert (await browser.post("/change-email", {"newEmail": "ada@example.org"})).status == 200
    await app.auth.services.database.delete(Session)
    app.clock.advance(seconds=50)
    # Known from the copy alone; a new copy goes out, with the new address.
    assert (await browser.get(f"/verify-email?token={box.last('verify').token}")).status == 200
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.org"
    app.clock.advance(seconds=30)
    assert (await browser.get("/get-session")).json is None


@pytest.mark.parametrize("strategy", STRATEGIES)
async def test_ses_13_and_08_a_copy_of_two_people_or_of_a_session_that_is_over_is_none(strategy: str) -> None:
    app = cached(strategy)
    await app.signed_up()
    await app.signed_up("eve@example.com")
    services = app.auth.services
    copying, now = services.plan.session_cache, app.clock.now()
    assert copying is not None
    (ada, eve), sessions = await services.database.find_many(User), await services.database.find_many(Session)
    own = next(each for each in sessions if each.user_id == ada.id)

    def opened(session: Session, user: User, later: timedelta) -> bool:
        ends = now + timedelta(days=30)
        text = copying.seal(session, user, version="1", now=now, expires_at=ends, random=services.random)
        return copying.open(text, now=now + later) is not None

    assert opened(own, ada, timedelta())
    assert not opened(own, eve, timedelta())
    assert opened(own, ada, own.expires_at - now - timedelta(milliseconds=1))
    assert not opened(own.with_values({"id": "another"}), ada, own.expires_at - now)
