"""Options of the magic link plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, Protocol

import msgspec
from pydantic import Field

from gatewright.pipeline.call import Call
from gatewright.settings.base import Called, Flag, Options, Seconds, Whole
from gatewright.settings.rate_limit import LimitOptions

__all__ = ("MagicLinkMail", "MagicLinkOptions", "SendMagicLink", "TokenHash")


class MagicLinkMail(msgspec.Struct, frozen=True, kw_only=True):
    """A link to mail.

    Attributes:
        email: To whom, as it was asked for.
        url: The link.
        token: What makes it work, for those who build their own.
        metadata: What the caller sent along, for the text of the mail; nobody has checked it.
    """

    email: str
    url: str
    token: str
    metadata: Mapping[str, object] | msgspec.UnsetType = msgspec.UNSET

    def __repr__(self) -> str:
        return f"MagicLinkMail(email={self.email!r})"


class SendMagicLink(Protocol):
    """Delivers a link."""

    def __call__(self, mail: MagicLinkMail, call: Call[Any], /) -> Awaitable[None]:
        """Deliver it; a failure is logged and not told to the caller."""
        ...


class TokenHash(Options):
    """An application's own way to store tokens."""

    type: Literal["custom-hasher"]
    hash: Called[Callable[[str], Awaitable[str]]]


class MagicLinkOptions(Options):
    """How links are made and mailed.

    Attributes:
        send_magic_link: Delivers a link.
        expires_in: How long one works.
        allowed_attempts: Of no consequence: a link works once. Kept because the contract has it.
        disable_sign_up: Unknown addresses do not become users.
        rate_limit: For asking and following.
        generate_token: Makes tokens, given the address, in place of 32 letters. They must be as hard to guess.
        store_token: ``hashed`` keeps a digest instead of the token.
    """

    send_magic_link: Called[SendMagicLink]
    expires_in: Seconds = Field(default=300, ge=1)
    allowed_attempts: Whole | float = 1
    disable_sign_up: Flag = False
    rate_limit: LimitOptions = Field(default_factory=lambda: LimitOptions(window=60, max=5))
    generate_token: Called[Callable[[str], Awaitable[str] | str]] | None = None
    store_token: Literal["plain", "hashed"] | TokenHash = "plain"  # noqa: S105 (how it is stored)
