"""Handing a session over to another client."""

from __future__ import annotations

import pytest

from gatewright.crypto.hashing import sha256_base64url
from gatewright.model.verification import Verification
from gatewright.plugins.one_time_token import OneTimeToken, OneTimeTokenApi, OneTimeTokenOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser

pytestmark = pytest.mark.anyio


def app_with(**options: object) -> TestApp:
    return make_app(plugins=[OneTimeToken(OneTimeTokenOptions.model_validate(options))])


async def made(browser: Browser) -> str:
    answer = await browser.get("/one-time-token/generate")
    assert answer.status == 200
    token: str = answer.json["token"]
    return token


async def test_a_token_hands_a_session_over_once() -> None:
    app = app_with()
    browser = await app.signed_up()
    token, phone = await made(browser), app.browser()
    answer = await phone.post("/one-time-token/verify", {"token": token})
    assert answer.status == 200
    assert answer.json == (await browser.get("/get-session")).json == (await phone.get("/get-session")).json
    again = await app.browser().post("/one-time-token/verify", {"token": token})
    assert (again.status, again.json) == (400, {"message": "Invalid token"})


async def test_only_who_is_signed_in_gets_a_token() -> None:
    assert (await app_with().browser().get("/one-time-token/generate")).status == 401


async def test_a_token_ends_after_minutes() -> None:
    app = app_with(expiresIn=2)
    token = await made(await app.signed_up())
    app.clock.advance(seconds=120)
    answer = await app.browser().post("/one-time-token/verify", {"token": token})
    assert (answer.status, answer.json) == (400, {"message": "Invalid token"})


async def test_a_token_ends_with_its_session() -> None:
    app = app_with(expiresIn=60 * 24 * 30)
    browser = await app.signed_up()
    ended, expired = await made(browser), await made(await app.signed_up("b@example.com"))
    await browser.post("/sign-out")
    app.clock.advance(seconds=60 * 60 * 24 * 8)
    answers = [await app.browser().post("/one-time-token/verify", {"token": token}) for token in (ended, expired)]
    assert [answer.json["message"] for answer in answers] == ["Session not found", "Session expired"]
    assert [answer.cookies for answer in answers] == [[], []]


async def digest(token: str) -> str:
    return f"own-{token}"


@pytest.mark.parametrize("how", ["plain", "hashed", {"type": "custom-hasher", "hash": digest}])
async def test_a_token_is_stored_as_the_options_say(how: object) -> None:
    app = app_with(storeToken=how)
    token = await made(await app.signed_up())
    (row,) = await app.auth.services.database.find_many(Verification)
    stored = {"plain": token, "hashed": sha256_base64url(token)}.get(str(how), f"own-{token}")
    assert row.identifier == f"one-time-token:{stored}"
    assert (await app.browser().post("/one-time-token/verify", {"token": token})).status == 200


async def test_tokens_can_be_kept_to_the_application() -> None:
    app = app_with(disableClientRequest=True, disableSetSessionCookie=True)
    browser = await app.signed_up()
    answer = await browser.get("/one-time-token/generate")
    assert (answer.status, answer.json) == (400, {"message": "Client requests are disabled"})
    api = OneTimeTokenApi(app.auth).on({"cookie": browser.cookie_header()})
    token = (await api.generate_one_time_token()).token
    used = await app.browser().post("/one-time-token/verify", {"token": token})
    assert (used.status, used.cookies) == (200, [])


async def test_a_new_session_can_come_with_a_token() -> None:
    async def make(data: object, call: object) -> str:
        return "a-token-of-my-own"

    app = app_with(setOttHeaderOnNewSession=True, generateToken=make)
    body = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
    answer = await app.browser().post("/sign-up/email", body)
    assert answer.header("set-ott") == "a-token-of-my-own"
    assert (await app.browser().get("/ok")).header("set-ott") is None
    assert (await app.browser().post("/one-time-token/verify", {"token": "a-token-of-my-own"})).status == 200
