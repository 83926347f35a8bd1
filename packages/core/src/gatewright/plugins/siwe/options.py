"""Options of the SIWE plugin. Source: contract, options.json ``siwe``."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import Field

from gatewright.plugins.siwe.signed import SignedMessage
from gatewright.settings.base import Called, Flag, Options
from gatewright.settings.fields import ModelOptions
from gatewright.wire.result import Result

__all__ = ("EnsLookup", "EnsName", "MakeNonce", "SiweOptions", "VerifyMessage", "WalletQuestion")


class WalletQuestion(Result):
    """Which wallet's name is wanted."""

    wallet_address: str


@dataclass(frozen=True, slots=True)
class EnsName:
    """What is known of a wallet under its name."""

    name: str
    avatar: str = ""


class MakeNonce(Protocol):
    """Makes nonces."""

    def __call__(self) -> Awaitable[str] | str:
        """8 to 250 letters and digits that nobody can guess."""
        ...


class VerifyMessage(Protocol):
    """Verifies signatures, as of wallets that are contracts."""

    def __call__(self, signed: SignedMessage, /) -> Awaitable[bool] | bool:
        """Whether the wallet has signed the message."""
        ...


class EnsLookup(Protocol):
    """Looks a wallet's name up."""

    def __call__(
        self, asked: WalletQuestion, /
    ) -> Awaitable[EnsName | Mapping[str, object] | None] | EnsName | Mapping[str, object] | None:
        """Name and avatar of a new user, or ``None``."""
        ...


class SiweOptions(Options):
    """How wallets sign in.

    Attributes:
        domain: The site that messages must name, as ``example.com`` or ``localhost:3000``.
        email_domain_name: The domain of made-up addresses; by default the origin of the instance.
        anonymous: Wallets are enough. Otherwise every sign-in brings an address, which becomes a new user's where
            nobody has it.
        get_nonce: Makes nonces in place of 17 letters and digits.
        verify_message: Verifies signatures; by default those of wallets with a key of their own.
        ens_lookup: Gives new users a name and a picture.
    """

    domain: str = Field(min_length=1)
    email_domain_name: str | None = Field(default=None, min_length=1)
    anonymous: Flag = True
    get_nonce: Called[MakeNonce] | None = None
    verify_message: Called[VerifyMessage] | None = None
    ens_lookup: Called[EnsLookup] | None = None
    # "schema" is pydantic's own name for something else.
    table_options: Mapping[str, ModelOptions] = Field(default_factory=dict[str, ModelOptions], alias="schema")
