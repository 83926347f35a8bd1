"""Rotated secrets: what was closed stays readable, what is new uses the new secret. Case FLT-33."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.crypto.cipher import CipherError
from gatewright.testing.app import TestApp, make_app
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

ONE = "the-first-secret-of-this-instance-1"
TWO = "the-second-secret-of-this-instance-2"


def app_with(adapter: MemoryAdapter, *versions: tuple[int, str], secret: str | None = None) -> TestApp:
    secrets: list[dict[str, Any]] = [{"version": number, "value": value} for number, value in versions]
    return make_app({"secret": secret, "secrets": secrets}, adapter=adapter)


def closed(app: TestApp, text: str) -> str:
    return app.auth.services.plan.cipher.encrypt(text, random=app.auth.services.random.bytes)


def opened(app: TestApp, text: str) -> str:
    return app.auth.services.plan.cipher.decrypt(text)


async def test_what_was_encrypted_before_a_rotation_can_be_read_after_it() -> None:
    adapter = MemoryAdapter()
    unversioned = app_with(adapter, secret=ONE)
    first = app_with(adapter, (1, ONE))
    rotated = app_with(adapter, (2, TWO), (1, ONE), secret=ONE)
    old, older = closed(first, "text"), closed(unversioned, "older")
    assert (opened(rotated, old), opened(rotated, older)) == ("text", "older")
    assert old.startswith("$ba$1$")
    assert closed(rotated, "text").startswith("$ba$2$")


async def test_what_a_removed_secret_closed_stays_closed() -> None:
    adapter = MemoryAdapter()
    old = closed(app_with(adapter, (1, ONE)), "text")
    with pytest.raises(CipherError):
        opened(app_with(adapter, (2, TWO)), old)


async def test_a_cookie_that_an_old_secret_signed_signs_out_and_breaks_nothing() -> None:
    adapter = MemoryAdapter()
    browser = await app_with(adapter, (1, ONE)).signed_up()
    rotated = app_with(adapter, (2, TWO), (1, ONE)).browser()
    rotated.jar = dict(browser.jar)
    answer = await rotated.get("/get-session")
    assert (answer.status, answer.json) == (200, None)
    again = await rotated.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert again.status == 200
    assert (await rotated.get("/get-session")).json["user"]["email"] == "ada@example.com"
    assert app_with(adapter, (2, TWO), (1, ONE)).auth.services.plan.secret == TWO
