"""What a stranger gets from operations that are not for strangers, and from providers that are not there."""

from __future__ import annotations

import pytest

from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/update-user", {"name": "Mallory"}),
        ("/update-session", {"theme": "dark"}),
        ("/change-password", {"currentPassword": "password-1234", "newPassword": "password-9999"}),
        ("/verify-password", {"password": "password-1234"}),
        ("/revoke-session", {"token": "x"}),
        ("/revoke-sessions", {}),
        ("/revoke-other-sessions", {}),
        ("/link-social", {"provider": "google"}),
        ("/unlink-account", {"accountId": "x"}),
    ],
)
async def test_a_stranger_changes_nothing(path: str, body: dict[str, object]) -> None:
    answer = await make_app().browser().post(path, body)
    assert (answer.status, answer.json["code"]) == (401, "UNAUTHORIZED")


async def test_a_stranger_reads_nothing() -> None:
    browser = make_app().browser()
    answer = await browser.get("/list-sessions")
    assert (answer.status, answer.json["code"]) == (401, "UNAUTHORIZED")
    answer = await browser.get("/account-info?accountId=x")
    assert (answer.status, answer.body) == (401, b"")


@pytest.mark.parametrize("path", ["/get-access-token", "/refresh-token"])
@pytest.mark.parametrize("body", [{"accountId": "x"}, {"accountId": "x", "userId": "y"}])
async def test_a_stranger_is_given_no_token(path: str, body: dict[str, object]) -> None:
    answer = await make_app().browser().post(path, body)
    assert answer.status in (400, 401)
    assert b"Token" not in answer.body
    assert answer.cookies == []


async def test_nobody_is_mailed_where_no_mail_is_configured() -> None:
    answer = await make_app().browser().post("/send-verification-email", {"email": "ada@example.com"})
    assert (answer.status, answer.json["code"]) == (400, "VERIFICATION_EMAIL_NOT_ENABLED")


async def test_a_provider_that_is_not_configured_signs_nobody_in() -> None:
    answer = await make_app().browser().post("/sign-in/social", {"provider": "google"})
    assert (answer.status, answer.json["code"]) == (404, "PROVIDER_NOT_FOUND")


async def test_a_callback_without_state_ends_on_the_error_page() -> None:
    answer = await make_app().browser().get("/callback/google?code=x")
    assert answer.status == 302
    assert (answer.header("location") or "").startswith("http://localhost:3000/api/auth/error?error=")
    assert answer.cookies == []
