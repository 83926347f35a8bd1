"""One instance with every flow that hands out a one-time value, and its user; not the flows themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.mailing import CountingPasswords

from gatewright.model.verification import Verification
from gatewright.plugins.bearer import Bearer
from gatewright.plugins.device_authorization import DeviceAuthorization
from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.plugins.one_time_token import OneTimeToken
from gatewright.plugins.passkey import Passkey
from gatewright.plugins.phone_number import PhoneNumber, PhoneNumberOptions
from gatewright.plugins.siwe import Siwe, SiweOptions
from gatewright.plugins.two_factor import TwoFactor, TwoFactorOptions
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.authenticator import Authenticator
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import FakeGoogle
from gatewright.testing.mailbox import Mailbox

__all__ = (
    "ADA",
    "FACTOR",
    "NUMBER",
    "OTHER_NUMBER",
    "PASSKEY",
    "PASSWORD",
    "STATE",
    "Flow",
    "House",
    "Minted",
    "house_on",
    "instance_on",
    "moved_in",
    "ok",
    "succeeded",
)

ADA = "ada@example.com"
PASSWORD = "password-1234"
NUMBER = "+12015550123"
OTHER_NUMBER = "+12015550124"

STATE, PASSKEY, FACTOR = "better-auth.state", "better-auth.better-auth-passkey", "better-auth.two_factor"


@dataclass
class House:
    """The instance, its one user, and the user's key."""

    app: TestApp
    owner: Browser
    key: Authenticator

    @property
    def box(self) -> Mailbox:
        return self.app.mailbox

    def browser(self) -> Browser:
        return self.app.browser()

    async def rows(self) -> list[Verification]:
        return await self.app.auth.services.database.find_many(Verification)


@dataclass
class Minted:
    """A one-time value: the secret text, and the browser that asked for it."""

    secret: str
    browser: Browser
    more: Any = None
    texts: list[str] = field(default_factory=list[str])


Mint = Callable[[House], Awaitable[Minted]]
Use = Callable[[House, Minted], Awaitable[Answer]]
Misuse = Callable[[House, str], Awaitable[Sequence[Answer]]]


@dataclass(frozen=True)
class Flow:
    """One flow.

    Attributes:
        name: Of the flow.
        mint: Asks for a value.
        use: Uses it, as it should be; a browser of the caller's own takes the place of the one that asked.
        misuse: Presents any text wherever the flow takes one, as the user's own browser or a stranger's.
        cookie: The cookie that the value travels in, where it does.
    """

    name: str
    mint: Mint
    use: Use
    misuse: Misuse
    cookie: str | None = None


def anything_goes(given: object) -> bool:
    """Every signature is right: what is tested is the nonce."""
    del given
    return True


def temporary(phone_number: str) -> str:
    """The address of a user who signs up with a number."""
    return f"{phone_number[1:]}@phones.example.com"


def instance_on(
    adapter: Adapter | None = None,
    *,
    cache: Cache | None = None,
    storage: object = "plain",
    verification: Mapping[str, Any] | None = None,
) -> TestApp:
    """An instance on a store, with nobody in it; the tables are not made."""
    box, scheme = Mailbox(), CountingPasswords()
    settings = {
        "email_and_password": {
            "enabled": True,
            "password": {"hash": scheme.hash, "verify": scheme.verify},
            "send_reset_password": box.sender("reset"),
        },
        "email_verification": {"send_verification_email": box.sender("verify")},
        "user": {"delete_user": {"enabled": True, "send_delete_account_verification": box.sender("delete")}},
        "social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}},
        "verification": {"store_identifier": storage, **(verification or {})},
        "rate_limit": {"enabled": False, "per_account": False},
        # How long callers wait for each other is not what is tested.
        "advanced": {"database": {"statement_timeout": 60}},
    }
    plugins = (
        MagicLink(MagicLinkOptions(send_magic_link=box.sender("link"))),
        EmailOTP(EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("mail")})),
        PhoneNumber(
            PhoneNumberOptions.model_validate(
                {
                    "sendOTP": box.sender("code"),
                    "sendPasswordResetOTP": box.sender("phone reset"),
                    "signUpOnVerification": {"getTempEmail": temporary},
                }
            )
        ),
        OneTimeToken(),
        DeviceAuthorization(),
        Siwe(SiweOptions.model_validate({"domain": "localhost:3000", "verifyMessage": anything_goes})),
        Passkey(),
        TwoFactor(
            TwoFactorOptions.model_validate(
                {"otpOptions": {"sendOTP": box.sender("otp")}, "skipVerificationOnEnable": True}
            )
        ),
        Bearer(),
    )
    app = make_app(settings, adapter=adapter, cache=cache, plugins=plugins, mailbox=box)
    google = FakeGoogle(app.egress, app.clock)
    google.claims.update(email="somebody@example.com", sub="g-7")
    return app


async def house_on(
    adapter: Adapter | None = None,
    *,
    cache: Cache | None = None,
    storage: object = "plain",
    verification: Mapping[str, Any] | None = None,
) -> House:
    """An instance on a store, with a user who has everything."""
    return await moved_in(instance_on(adapter, cache=cache, storage=storage, verification=verification))


async def moved_in(app: TestApp) -> House:
    """The tables, where there are none, and the user with everything."""
    await app.auth.create_tables()
    owner, key = await app.signed_up(ADA, phoneNumber=NUMBER), Authenticator()
    begun = await owner.get("/passkey/generate-register-options")
    made = await owner.post("/passkey/verify-registration", {"response": key.create(begun.json)})
    assert made.status == 200, made
    enabled = await owner.post("/two-factor/enable", {"password": PASSWORD})
    assert enabled.status == 200, enabled
    return House(app, owner, key)


def succeeded(answer: Answer) -> bool:
    """Whether an answer lets somebody through."""
    if answer.status == 302:
        return "error=" not in (answer.header("location") or "error=")
    return answer.status == 200


async def ok(answering: Awaitable[Answer]) -> Answer:
    answer = await answering
    assert succeeded(answer), answer
    return answer
