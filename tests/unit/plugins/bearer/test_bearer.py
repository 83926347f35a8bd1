"""Bearer tokens: accepted in place of a cookie, handed over when a session begins."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.plugins.bearer.plugin import Bearer, BearerOptions
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio


async def signed_up(options: BearerOptions | None = None) -> tuple[TestApp, str, str]:
    """An instance, a raw token and the signed one that was handed over."""
    app = make_app(plugins=[Bearer(options)])
    answer = await app.browser().post(
        "/sign-up/email", {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
    )
    signed = answer.header("set-auth-token")
    assert signed is not None
    assert answer.header("access-control-expose-headers") == "set-auth-token"
    return app, answer.json["token"], signed


async def session(app: TestApp, authorization: str) -> Any:
    return (await app.browser().get("/get-session", headers={"authorization": authorization})).json


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_a_token_is_as_good_as_a_cookie(scheme: str) -> None:
    app, token, signed = await signed_up()
    for each in (token, signed):
        assert (await session(app, f"{scheme} {each}"))["user"]["email"] == "ada@example.com"


async def test_only_signed_tokens_where_the_options_say_so() -> None:
    app, token, signed = await signed_up(BearerOptions(require_signature=True))
    assert await session(app, f"Bearer {token}") is None
    assert (await session(app, f"Bearer {signed}"))["session"]["token"] == token


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic x", "Bearer x", "Bearer x.y"])
async def test_anything_else_is_nobody(authorization: str) -> None:
    app, _, _ = await signed_up()
    assert await session(app, authorization) is None


async def test_a_token_can_do_what_a_cookie_can_and_ends_with_its_session() -> None:
    app, token, _ = await signed_up()
    headers = {"authorization": f"Bearer {token}"}
    answer = await app.browser().post("/update-user", {"name": "Ada L."}, headers=headers)
    assert answer.status == 200
    assert (await app.browser().post("/sign-out", headers=headers)).json == {"success": True}
    assert await session(app, f"Bearer {token}") is None


async def test_nothing_is_handed_over_where_no_session_begins_or_is_cleared() -> None:
    app, token, _ = await signed_up()
    browser = app.browser()
    for path in ("/ok", "/get-session"):
        assert (await browser.get(path)).header("set-auth-token") is None
    answer = await browser.post("/sign-out", headers={"authorization": f"Bearer {token}"})
    assert answer.header("set-auth-token") is None


async def test_without_the_plugin_a_token_means_nothing() -> None:
    app = make_app()
    browser = await app.signed_up()
    token = (await browser.get("/get-session")).json["session"]["token"]
    assert await session(app, f"Bearer {token}") is None
