"""Servers with plugins for the suite of two servers: their options, what they deliver, and clients of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.unit.client.servers import PASSWORD, Post, async_client_of, sync_client

from gatewright.ports.clock import Clock, SystemClock
from gatewright.testing.app import SECRET, TestApp
from gatewright.testing.egress import ScriptedEgress
from gatewright.testing.identity_provider import FakeGoogle, FakeIssuer
from gatewright.wire.json import Json
from gatewright_client import Client, ClientPlugin, SyncClient
from gatewright_client import plugins as ours

__all__ = ("ACCOUNTS", "EVERYDAY", "OUTSIDE", "WAYS", "Specification", "World")

C = TypeVar("C", bound="Client[Any]")

BASE: dict[str, Any] = {
    "secret": SECRET,
    "emailAndPassword": {"enabled": True},
    "rateLimit": {"enabled": False},
}

DEFAULT: dict[str, Json] = {
    "organization": ["update", "delete"],
    "member": ["create", "update", "delete"],
    "invitation": ["create", "cancel"],
    "team": ["create", "update", "delete"],
    "ac": ["create", "read", "update", "delete"],
}


@dataclass(frozen=True)
class Specification:
    """What both servers are made with.

    Attributes:
        plugins: The server's plugins, as the control protocol names them.
        options: Options beyond the usual ones.
    """

    plugins: Sequence[Mapping[str, Json]]
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def every_option(self) -> dict[str, Any]:
        """All of them."""
        return {**BASE, **self.options}


EVERYDAY = Specification(
    [
        {"name": "bearer"},
        {"name": "username"},
        {"name": "magicLink", "options": {"sendMagicLink": {"$fn": "link"}}},
        {"name": "emailOTP", "options": {"sendVerificationOTP": {"$fn": "code"}, "changeEmail": {"enabled": True}}},
        {"name": "twoFactor", "options": {"otpOptions": {"sendOTP": {"$fn": "factor"}}}},
        {"name": "admin", "options": {"defaultRole": "admin"}},
        {
            "name": "organization",
            "options": {
                "teams": {"enabled": True},
                "sendInvitationEmail": {"$fn": "invitation"},
                "dynamicAccessControl": {"enabled": True},
                "ac": {"$ac": {"statements": {**DEFAULT, "tea": ["taste"]}}},
            },
        },
        {"name": "deviceAuthorization", "options": {"verificationUri": "/device", "interval": "1s"}},
        {"name": "jwt"},
        {"name": "oneTimeToken"},
        {"name": "openAPI"},
    ],
    {"socialProviders": {"google": {"clientId": "google-id", "clientSecret": "s"}}},
)

CORP: dict[str, Json] = {
    "providerId": "corp",
    "clientId": "client",
    "clientSecret": "secret",
    "discoveryUrl": "https://issuer.example/.well-known/openid-configuration",
    "scopes": ["openid", "email", "profile"],
}

WAYS = Specification(
    [
        {"name": "anonymous"},
        {
            "name": "apiKey",
            "options": {"enableMetadata": True, "defaultPrefix": "gw_", "enableSessionForAPIKeys": True},
        },
        {"name": "multiSession"},
        {"name": "oneTap", "options": {}},
        {"name": "passkey", "options": {"rpName": "Engine"}},
        {
            "name": "phoneNumber",
            "options": {"sendOTP": {"$fn": "text"}, "sendPasswordResetOTP": {"$fn": "reset"}},
        },
        {
            "name": "siwe",
            "options": {
                "domain": "wallets.example.com",
                "getNonce": {"$fn": "nonce"},
                "verifyMessage": {"$fn": "sign"},
            },
        },
        {"name": "genericOAuth", "options": {"config": [CORP]}},
    ],
    {"socialProviders": {"google": {"clientId": "google-id", "clientSecret": "s"}}},
)
"""Further ways in."""

OUTSIDE = Specification(
    [
        {"name": "lastLoginMethod"},
        {"name": "customSession", "args": [{"$fn": "session"}]},
        {
            "name": "i18n",
            "options": {"translations": {"fr": {"INVALID_EMAIL_OR_PASSWORD": "Email ou mot de passe incorrect"}}},
        },
        {
            "name": "captcha",
            "options": {
                "provider": "cloudflare-turnstile",
                "secretKey": "turnstile-secret",
                "endpoints": ["/sign-in/email"],
            },
        },
        {"name": "haveIBeenPwned"},
    ],
    {"user": {"additionalFields": {"plan": {"type": "string", "required": False, "defaultValue": "free"}}}},
)
"""Plugins without calls of their own, and columns of the application's."""

ACCOUNTS = Specification(
    [{"name": "genericOAuth", "options": {"config": [CORP]}}, {"name": "oAuthProxy", "options": {}}],
    {
        "account": {"accountLinking": {"allowDifferentEmails": True}},
        "emailAndPassword": {"enabled": True, "sendResetPassword": {"$fn": "reset"}},
        "emailVerification": {"sendVerificationEmail": {"$fn": "verify"}},
        "session": {"additionalFields": {"device": {"type": "string", "required": False}}},
        "socialProviders": {"google": {"clientId": "google-id", "clientSecret": "s"}},
        "user": {"deleteUser": {"enabled": True, "sendDeleteAccountVerification": {"$fn": "leave"}}},
    },
)
"""The core with everything that it mails, and accounts at providers."""


def every() -> list[ClientPlugin]:
    """A counterpart for every plugin of the servers."""
    return [
        ours.AdminClient(),
        ours.AnonymousClient(),
        ours.ApiKeyClient(),
        ours.CaptchaClient(),
        ours.DeviceAuthorizationClient(),
        ours.EmailOTPClient(),
        ours.HaveIBeenPwnedClient(),
        ours.JwtClient(),
        ours.LastLoginMethodClient(),
        ours.MagicLinkClient(),
        ours.MultiSessionClient(),
        ours.OneTapClient(),
        ours.OneTimeTokenClient(),
        ours.OrganizationClient(),
        ours.PasskeyClient(),
        ours.PhoneNumberClient(),
        ours.SiweClient(),
        ours.TwoFactorClient(),
        ours.UsernameClient(),
    ]


@dataclass
class World:
    """A server, what it delivers and reaches, and clients of it."""

    post: Post
    origin: str | None = None
    app: TestApp | None = None

    @property
    def egress(self) -> ScriptedEgress:
        """The rest of the Internet."""
        return self.post.egress if self.app is None else self.app.egress

    @property
    def clock(self) -> Clock:
        """The server's."""
        return SystemClock() if self.app is None else self.app.clock

    def google(self) -> FakeGoogle:
        """Google, from now on."""
        return FakeGoogle(self.egress, self.clock)

    def corp(self) -> FakeIssuer:
        """The provider that the servers are configured with, from now on."""
        return FakeIssuer(self.egress, self.clock)

    def client(self, **more: Any) -> Client:
        """Another client."""
        return self.client_of(Client, **more)

    def client_of(self, kind: type[C], **more: Any) -> C:
        """Another client, of an application's own class."""
        if self.app is not None:
            return async_client_of(kind, self.app, plugins=every(), **more)
        return kind(self.origin, plugins=every(), **more)

    def sync_client(self) -> SyncClient:
        """Another client, which waits."""
        if self.app is not None:
            return sync_client(self.app, plugins=every())
        return SyncClient(self.origin, plugins=every())

    async def signed_up(self, email: str, **more: Any) -> Client:
        """Another client, with a user of its own."""
        client = self.client(**more)
        (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap()
        return client
