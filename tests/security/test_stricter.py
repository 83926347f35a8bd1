"""Where Gatewright is stricter than better-auth, or does more: each is a row of docs/differences.md. Row INP-15."""

from __future__ import annotations

import pytest

from gatewright.http.request import Request
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio

BASE = "http://localhost:3000/api/auth"
ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


@pytest.mark.parametrize("email", ["ada@example.com", "new@example.com"])
async def test_a_field_of_another_type_is_refused_whether_or_not_the_address_is_taken(email: str) -> None:
    app = make_app({"user": {"additional_fields": {"score": {"type": "number", "required": False}}}})
    await app.signed_up()
    answer = await app.browser().post("/sign-up/email", {**ADA, "email": email, "score": {"a": 1}})
    assert answer.status == 400
    assert "score" in answer.json["message"]
    assert await app.auth.services.database.count(User) == 1


@pytest.mark.parametrize("media", ["text/plain", "application/json"])
async def test_a_foreign_page_is_told_so_before_its_body_is_looked_at(media: str) -> None:
    app = make_app()
    headers = {"origin": "https://evil.example", "cookie": "a=b", "content-type": media}
    answer = await app.auth.handle(Request.make("POST", f"{BASE}/sign-in/email", headers, b"no json"))
    assert answer.status == 403
    own = {**headers, "origin": "http://localhost:3000"}
    answer = await app.auth.handle(Request.make("POST", f"{BASE}/sign-in/email", own, b"no json"))
    assert answer.status == (400 if media == "application/json" else 415)


async def test_inp_15_a_form_that_says_something_twice_is_refused() -> None:
    app = make_app()
    await app.signed_up()
    headers = {"origin": "http://localhost:3000", "content-type": "application/x-www-form-urlencoded"}
    once, twice = b"email=ada%40example.com&password=password-1234", b"&email=eve%40example.com"
    answer = await app.auth.handle(Request.make("POST", f"{BASE}/sign-in/email", headers, once + twice))
    assert answer.status == 400
    answer = await app.auth.handle(Request.make("POST", f"{BASE}/sign-in/email", headers, once))
    assert answer.status == 200


async def test_of_none_at_all_none_passes() -> None:
    app = make_app({"rate_limit": {"enabled": True, "window": 10, "max": 0}})
    answer = await app.auth.handle(Request.make("GET", f"{BASE}/ok", {}, b"", peer="192.0.2.1"))
    assert (answer.status, answer.get("x-retry-after")) == (429, "10")


async def test_an_answer_that_refuses_gives_out_no_copy() -> None:
    app = make_app({"session": {"cookie_cache": {"enabled": True, "max_age": 60}}})
    browser = await app.signed_up()
    app.clock.advance(seconds=61)
    refused = await browser.post("/change-password", {"currentPassword": "wrong-one", "newPassword": "password-5678"})
    assert refused.status == 400
    assert [line for line in refused.cookies if "session_data" in line and "Max-Age=0" not in line] == []
    given = await browser.get("/get-session")
    assert [line.partition("=")[0] for line in given.cookies] == ["better-auth.session_data"]


async def test_a_refresh_that_is_asked_for_is_made_although_a_copy_answers() -> None:
    options = {"session": {"defer_session_refresh": True, "cookie_cache": {"enabled": True}}}
    app = make_app(options)
    browser = await app.signed_up()
    app.clock.advance(days=2)
    told = await browser.get("/get-session")
    assert told.json["needsRefresh"] is True
    (before,) = await app.auth.services.database.find_many(Session)
    await browser.post("/get-session", {})
    (after,) = await app.auth.services.database.find_many(Session)
    assert (after.expires_at - before.expires_at).days == 2
