"""Refusing passwords that are known from breaches."""

from __future__ import annotations

import hashlib

import pytest

from gatewright.plugins.have_i_been_pwned import HaveIBeenPwned, HaveIBeenPwnedOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer

pytestmark = pytest.mark.anyio

RANGE = "https://api.pwnedpasswords.com/range/"


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def app_with(count: str = "42", status: int = 200, **options: object) -> TestApp:
    app = make_app(plugins=[HaveIBeenPwned(HaveIBeenPwnedOptions.model_validate(options))])
    known = digest("password-1234")
    app.egress.on("GET", RANGE + known[:5], f"{'0' * 35}:1\r\n{known[5:]}:{count}".encode(), status=status)
    app.egress.on("GET", RANGE + digest("password-5678")[:5], b"")
    return app


async def sign_up(app: TestApp, password: str = "password-1234") -> Answer:
    body = {"name": "Ada", "email": "ada@example.com", "password": password}
    return await app.browser().post("/sign-up/email", body)


async def test_a_password_of_a_breach_is_refused_and_another_is_not() -> None:
    app = app_with()
    answer = await sign_up(app)
    assert (answer.status, answer.json) == (
        400,
        {
            "message": "The password you entered has been compromised. Please choose a different password.",
            "code": "PASSWORD_COMPROMISED",
        },
    )
    assert (await sign_up(app, "password-5678")).status == 200
    sent = app.egress.requests[0]
    assert digest("password-1234")[5:] not in sent.url
    assert (sent.url, sent.body) == (RANGE + digest("password-1234")[:5], None)


async def test_changing_a_password_is_checked_for_who_is_signed_in() -> None:
    app = app_with(customPasswordCompromisedMessage="Choose another.")
    browser = await app.signed_up(password="password-5678")
    body = {"currentPassword": "password-5678", "newPassword": "password-1234"}
    answer = await browser.post("/change-password", body)
    assert (answer.status, answer.json) == (400, {"message": "Choose another.", "code": "PASSWORD_COMPROMISED"})
    asked = len(app.egress.requests)
    assert (await app.browser().post("/change-password", body)).status == 401
    assert len(app.egress.requests) == asked


async def test_what_is_only_padding_is_no_breach() -> None:
    assert (await sign_up(app_with(count="0"))).status == 200


async def test_a_list_that_fails_refuses_every_password() -> None:
    failing = await sign_up(app_with(status=503))
    assert (failing.status, failing.json) == (500, {"message": "Failed to check password. Status: 503"})
    silent = await sign_up(app_with(), "password-of-nobody")
    assert (silent.status, silent.json) == (500, {"message": "Failed to check password. Please try again later."})


async def test_a_password_that_is_too_short_is_not_looked_up() -> None:
    app = app_with()
    answer = await sign_up(app, "short")
    assert (answer.json["code"], app.egress.requests) == ("PASSWORD_TOO_SHORT", [])


async def test_only_the_paths_of_the_options_are_checked() -> None:
    for app in (app_with(paths=["/change-password"]), app_with(enabled=False)):
        assert ((await sign_up(app)).status, app.egress.requests) == (200, [])
    app = app_with(paths=["/sign-up/email"])
    await sign_up(app, "password-5678")
    asked = len(app.egress.requests)
    answer = await app.browser().post("/sign-in/email", {"email": "ada@example.com", "password": "password-5678"})
    assert (answer.status, len(app.egress.requests)) == (200, asked)
