"""Attacks on captchas: a provider that is down, other spellings of a protected path, other methods and hosts."""

from __future__ import annotations

import anyio
import pytest

from gatewright.plugins.captcha import Captcha, CaptchaOptions, verifying
from gatewright.ports.egress import Outbound, Reply
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio

BODY = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
SOLVED = {"x-captcha-response": "solved"}


def guarded(settings: dict[str, object] | None = None) -> TestApp:
    options = CaptchaOptions.model_validate({"provider": "hcaptcha", "secretKey": "the-secret"})
    return make_app(settings, plugins=[Captcha(options)])


# FLT-24
async def test_flt_24_without_the_provider_nobody_passes() -> None:
    app = guarded()
    answer = await app.browser().post("/sign-up/email", BODY, headers=SOLVED)
    assert (answer.status, answer.json) == (500, {"message": "Something went wrong", "code": "UNKNOWN_ERROR"})
    assert await app.auth.services.users.by_email(app.auth.services.database, "ada@example.com") is None


class Silent:
    """A provider that never answers."""

    async def send(self, request: Outbound, /) -> Reply:
        await anyio.sleep_forever()
        raise AssertionError("never")


# FLT-24
async def test_flt_24_a_provider_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verifying.TIMEOUT_SECONDS == 10
    monkeypatch.setattr(verifying, "TIMEOUT_SECONDS", 0.01)
    app = guarded()
    app.auth.services.egress = Silent()
    with anyio.fail_after(5):
        answer = await app.browser().post("/sign-up/email", BODY, headers=SOLVED)
    assert (answer.status, answer.json["code"]) == (500, "UNKNOWN_ERROR")


# PTH-04, PTH-06
@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize(
    "path",
    [
        "/sign-up/email",
        "/sign-up/email/",
        "/sign-up/email//",
        "//sign-up/email",
        "/./sign-up/email",
        "/../auth/sign-up/email",
        "/%73ign-up/email",
        "/sign-up%2Femail",
        "/SIGN-UP/EMAIL",
        "/sign-up/email?x=1",
        "/sign-up/email;x=1",
    ],
)
async def test_pth_06_no_spelling_of_a_protected_path_leads_past_the_captcha(path: str, skips: bool) -> None:
    app = guarded({"advanced": {"skip_trailing_slashes": skips}})
    answer = await app.browser().post(path, BODY)
    assert answer.status in (400, 404)
    if answer.status == 400:
        assert answer.json["code"] == "MISSING_RESPONSE"
    assert await app.auth.services.users.by_email(app.auth.services.database, "ada@example.com") is None


async def test_a_form_needs_the_captcha_too() -> None:
    app = guarded()
    form = b"email=ada%40example.com&password=password-1234"
    given = {"content-type": "application/x-www-form-urlencoded"}
    answer = await app.browser().send("POST", "/sign-in/email", form, headers=given)
    assert (answer.status, answer.json["code"]) == (400, "MISSING_RESPONSE")


async def test_a_base_that_each_request_decides_is_looked_at_too() -> None:
    app = guarded({"base_url": {"allowed_hosts": ["localhost:3000"]}})
    answer = await app.browser().post("/sign-up/email", BODY)
    assert (answer.status, answer.json["code"]) == (400, "MISSING_RESPONSE")
