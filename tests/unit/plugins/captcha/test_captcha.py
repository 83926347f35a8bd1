"""Captchas before operations: who is asked what, and whom the answer lets pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gatewright.plugins.captcha import Captcha, CaptchaOptions
from gatewright.plugins.captcha.verifying import ADDRESSES, accepts
from gatewright.ports.egress import Reply
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer
from gatewright.wire.faults import ConfigError
from gatewright.wire.json import encode

pytestmark = pytest.mark.anyio

PROVIDERS = sorted(ADDRESSES)
ADA = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
PERSON: Mapping[str, object] = {"success": True, "action": "login", "hostname": "example.com", "score": 0.9}


def app_with(
    told: bytes = encode(PERSON), settings: dict[str, Any] | None = None, /, *, status: int = 200, **options: object
) -> TestApp:
    given = {"provider": "cloudflare-turnstile", "secretKey": "the-secret", **options}
    app = make_app(settings, plugins=[Captcha(CaptchaOptions.model_validate(given))])
    url = str(given.get("siteVerifyURLOverride") or ADDRESSES[given["provider"]])  # type: ignore[index]
    app.egress.on("POST", url, lambda _: Reply(status, {}, told))
    return app


async def sent(app: TestApp, path: str = "/sign-up/email", response: str | None = "solved", **headers: str) -> Answer:
    more = {} if response is None else {"x-captcha-response": response}
    return await app.browser().post(
        path, ADA, headers={**more, **{key.replace("_", "-"): headers[key] for key in headers}}
    )


JSON, FORM = "application/json", "application/x-www-form-urlencoded"
ASKED = {
    "cloudflare-turnstile": (JSON, b'{"secret":"the-secret","response":"a b&c","remoteip":"192.0.2.1"}'),
    "google-recaptcha": (FORM, b"secret=the-secret&response=a+b%26c&remoteip=192.0.2.1"),
    "hcaptcha": (FORM, b"secret=the-secret&response=a+b%26c&sitekey=the-site&remoteip=192.0.2.1"),
    "captchafox": (FORM, b"secret=the-secret&response=a+b%26c&sitekey=the-site&remoteIp=192.0.2.1"),
}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_each_provider_is_asked_in_its_own_words(provider: str) -> None:
    app = app_with(provider=provider, siteKey="the-site")
    answer = await sent(app, response="a b&c", x_forwarded_for="192.0.2.1")
    assert answer.status == 200
    (asked,) = app.egress.requests
    assert (asked.method, asked.url) == ("POST", ADDRESSES[provider])  # type: ignore[index]
    assert (asked.headers["content-type"], asked.body) == ASKED[provider]


async def test_an_unknown_address_is_not_sent_and_another_verifier_is_asked() -> None:
    app = app_with(provider="hcaptcha", siteVerifyURLOverride="https://verify.example.com/")
    assert (await sent(app)).status == 200
    (asked,) = app.egress.requests
    assert (asked.url, asked.body) == ("https://verify.example.com/", b"secret=the-secret&response=solved")


@pytest.mark.parametrize("response", [None, ""])
async def test_without_an_answer_nobody_is_asked(response: str | None) -> None:
    app = app_with()
    answer = await sent(app, response=response)
    assert (answer.status, answer.json) == (400, {"message": "Missing CAPTCHA response", "code": "MISSING_RESPONSE"})
    assert [answer.header(name) for name in ("content-type", "cache-control", "x-content-type-options")] == [
        "text/plain;charset=UTF-8",
        "no-store",
        "nosniff",
    ]
    assert app.egress.requests == []


@pytest.mark.parametrize(
    ("told", "status", "expected"),
    [
        (b'{"success":false,"error-codes":["bad"]}', 200, (403, "VERIFICATION_FAILED")),
        (b"<html>", 200, (403, "VERIFICATION_FAILED")),
        (b"[]", 200, (403, "VERIFICATION_FAILED")),
        (b'{"success":"yes"}', 200, (403, "VERIFICATION_FAILED")),
        (b"null", 200, (500, "UNKNOWN_ERROR")),
        (b'{"success":true}', 500, (500, "UNKNOWN_ERROR")),
        (b'{"success":true}', 302, (500, "UNKNOWN_ERROR")),
    ],
)
async def test_what_is_no_clear_yes_is_a_no(told: bytes, status: int, expected: tuple[int, str]) -> None:
    app = app_with(told, status=status)
    answer = await sent(app)
    assert (answer.status, answer.json["code"]) == expected
    assert [level for level, *_ in app.log.lines] == (["error"] if expected[0] == 500 else [])
    assert "the-secret" not in repr(app.log.lines)


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({}, {"cloudflare-turnstile", "google-recaptcha", "hcaptcha", "captchafox"}),
        ({"action": "other"}, {"hcaptcha", "captchafox"}),
        ({"action": None}, {"hcaptcha", "captchafox"}),
        ({"hostname": "evil.example"}, {"hcaptcha", "captchafox"}),
        ({"hostname": ["example.com"]}, {"hcaptcha", "captchafox"}),
        ({"score": 0.7}, {"cloudflare-turnstile", "google-recaptcha", "hcaptcha", "captchafox"}),
        ({"score": 0.69}, {"cloudflare-turnstile", "hcaptcha", "captchafox"}),
        ({"score": "0.9"}, {"cloudflare-turnstile", "hcaptcha", "captchafox"}),
        ({"score": True}, {"cloudflare-turnstile", "hcaptcha", "captchafox"}),
        ({"success": 1}, set[str]()),
    ],
)
def test_action_page_and_score_are_compared_where_the_provider_tells_them(
    change: dict[str, object], passes: set[str]
) -> None:
    given = {"secretKey": "s", "minScore": 0.7, "expectedAction": "login", "allowedHostnames": ["example.com"]}
    told = {**PERSON, **change}
    found = {each for each in PROVIDERS if accepts(CaptchaOptions.model_validate({**given, "provider": each}), told)}
    assert found == passes


def test_an_answer_without_a_score_needs_none_and_the_usual_one_is_a_half() -> None:
    options = CaptchaOptions.model_validate({"provider": "google-recaptcha", "secretKey": "s"})
    told = [{"success": True}, {"success": True, "score": 0.5}, {"success": True, "score": 0.49}]
    assert [accepts(options, each) for each in told] == [True, True, False]


@pytest.mark.parametrize("endpoints", [None, []])
async def test_the_usual_operations_are_protected_and_no_others(endpoints: object) -> None:
    app = app_with() if endpoints is None else app_with(endpoints=endpoints)
    protected = [
        await sent(app, path, None) for path in ("/sign-up/email", "/sign-in/email", "/request-password-reset")
    ]
    assert [answer.status for answer in protected] == [400] * 3
    assert (await app.browser().get("/get-session")).status == 200
    assert (await app.browser().post("/sign-out")).status == 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sign-up/email", "MISSING_RESPONSE"),
        ("/sign-up/a/b", None),
        ("/deep/a/b", "MISSING_RESPONSE"),
        ("/sign-in/email", "INVALID_EMAIL_OR_PASSWORD"),
        ("/sign.in", "MISSING_RESPONSE"),
        ("/signxin", None),
    ],
)
async def test_paths_may_be_patterns(path: str, expected: str | None) -> None:
    app = app_with(endpoints=["/sign-up/*", "/deep/**", "/sign.in"])
    answer = await sent(app, path, None)
    told: Any = answer.json
    assert (told["code"] if told else None) == expected


async def test_calls_of_the_server_are_not_looked_at() -> None:
    app = app_with()
    made = await app.auth.api.sign_up_email(name="Ada", email="ada@example.com", password="password-1234")
    assert (made.user.email, app.egress.requests) == ("ada@example.com", [])


def test_a_secret_is_needed_and_never_shown() -> None:
    with pytest.raises(ConfigError, match="captcha: secret_key is empty"):
        Captcha(CaptchaOptions.model_validate({"provider": "hcaptcha", "secretKey": ""}))
    options = CaptchaOptions.model_validate({"provider": "hcaptcha", "secretKey": "the-secret"})
    assert "the-secret" not in repr(options)
