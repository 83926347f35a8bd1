"""A server with plugins for the suite of two servers: its options, what it delivers, and clients of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.unit.client.servers import PASSWORD, Post, async_client

from gatewright.testing.app import SECRET, TestApp
from gatewright.wire.json import Json
from gatewright_client import Client, ClientPlugin
from gatewright_client import plugins as ours

__all__ = ("OPTIONS", "PLUGINS", "World")

OPTIONS: dict[str, Any] = {
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

PLUGINS: list[dict[str, Json]] = [
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
]


def every() -> list[ClientPlugin]:
    return [
        ours.AdminClient(),
        ours.DeviceAuthorizationClient(),
        ours.EmailOTPClient(),
        ours.JwtClient(),
        ours.MagicLinkClient(),
        ours.OneTimeTokenClient(),
        ours.OrganizationClient(),
        ours.TwoFactorClient(),
        ours.UsernameClient(),
    ]


@dataclass
class World:
    """A server, what it delivers, and clients of it."""

    post: Post
    origin: str | None = None
    app: TestApp | None = None

    def client(self, **more: Any) -> Client:
        """Another client."""
        if self.app is not None:
            return async_client(self.app, plugins=every(), **more)
        return Client(self.origin, plugins=every(), **more)

    async def signed_up(self, email: str, **more: Any) -> Client:
        """Another client, with a user of its own."""
        client = self.client(**more)
        (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap()
        return client
