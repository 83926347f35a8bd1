"""The kit on an application's own instance: what it sends is kept, and afterwards the instance is as before."""

from __future__ import annotations

import pytest

from gatewright import Auth, Settings
from gatewright.model.user import User
from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.plugins.two_factor import TwoFactor, TwoFactorOptions
from gatewright.testing.app import rebound
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

REALLY_SENT: list[object] = []


async def really(*given: object) -> None:
    """A sender of production."""
    REALLY_SENT.append(given)


def application() -> Auth:
    """As an application makes its instance."""
    settings = Settings.load(
        {
            "secret": "the-secret-of-an-application-that-is-tested",
            "base_url": "https://app.example.com",
            "email_and_password": {"enabled": True, "send_reset_password": really, "require_email_verification": True},
            "email_verification": {"send_verification_email": really},
            "user": {"additional_fields": {"plan": {"type": "string", "required": True}}},
        }
    )
    plugins = [
        MagicLink(MagicLinkOptions.model_validate({"send_magic_link": really})),
        EmailOTP(EmailOTPOptions.model_validate({"send_verification_otp": really})),
        TwoFactor(TwoFactorOptions.model_validate({"otp_options": {"send_otp": really}})),
        Organization(OrganizationOptions.model_validate({"send_invitation_email": really})),
    ]
    return Auth(settings, MemoryAdapter(), plugins=plugins)


async def test_an_instance_is_itself_again_afterwards() -> None:
    auth = application()
    before = dict(vars(auth))
    with rebound(auth) as app:
        assert app.auth is auth
        assert auth.adapter is not before["adapter"]
        await app.as_user(plan="free")
        assert await auth.services.database.count(User) == 1
    assert dict(vars(auth)) == before
    assert await auth.services.database.count(User) == 0


async def test_an_instance_is_itself_again_after_a_failure() -> None:
    auth = application()
    before = dict(vars(auth))
    with pytest.raises(RuntimeError), rebound(auth):
        raise RuntimeError
    assert dict(vars(auth)) == before


async def test_whatever_is_sent_is_kept_and_nothing_leaves() -> None:
    REALLY_SENT.clear()
    auth = application()
    with rebound(auth) as app:
        browser = app.browser()
        person = {"name": "Ada", "email": "Ada@example.com", "password": "password-1234", "plan": "free"}
        assert (await browser.post("/sign-up/email", person)).status == 200
        await browser.post("/request-password-reset", {"email": "ada@example.com"})
        await browser.post("/sign-in/magic-link", {"email": "bea@example.com", "name": "Bea"})
        await browser.post("/email-otp/send-verification-otp", {"email": "ada@example.com", "type": "sign-in"})
        outbox = app.mailbox
        assert [(message.kind, message.to) for message in outbox.messages] == [
            ("send_verification_email", "ada@example.com"),
            ("send_reset_password", "ada@example.com"),
            ("send_magic_link", "bea@example.com"),
            ("send_verification_otp", "ada@example.com"),
        ]
        assert outbox.url("bea@example.com").startswith("https://app.example.com/api/auth/magic-link/verify?")
        assert outbox.url("ada@example.com") == outbox.last("send_reset_password").url
        code = outbox.code("ada@example.com")
        answer = await browser.post("/sign-in/email-otp", {"email": "ada@example.com", "otp": code})
        assert answer.status == 200
    assert REALLY_SENT == []


async def test_senders_that_are_not_set_stay_unset() -> None:
    auth = Auth(Settings.load({"secret": "the-secret-of-an-application-that-is-tested"}), MemoryAdapter())
    with rebound(auth):
        assert auth.blueprint.settings.email_and_password.send_reset_password is None


async def test_somebody_is_signed_in_without_a_form() -> None:
    auth = application()
    with rebound(auth) as app:
        browser = await app.as_user("Ada@example.com", plan="pro", name="Ada")
        told = (await browser.get("/get-session")).json
        assert told["user"]["email"] == "ada@example.com"
        assert (told["user"]["name"], told["user"]["plan"], told["user"]["emailVerified"]) == ("Ada", "pro", True)
        again = await app.as_user("ada@example.com", plan="free")
        other = (await again.get("/get-session")).json
        assert (other["user"]["id"], other["user"]["plan"]) == (told["user"]["id"], "free")
        assert other["session"]["id"] != told["session"]["id"]
        assert await auth.services.database.count(User) == 1
        assert (await app.browser().get("/get-session")).json is None


async def test_hashing_costs_a_test_little() -> None:
    auth = application()
    before = auth.blueprint.schemes
    with rebound(auth):
        assert auth.blueprint.schemes.hash("password-1234").startswith("$argon2id$v=19$m=64,t=1,")
    assert auth.blueprint.schemes is before
