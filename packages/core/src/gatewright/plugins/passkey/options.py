"""Options of the passkey plugin. Source: contract, options.json ``passkey``."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Protocol, TypeAlias

from msgspec import UNSET, UnsetType
from pydantic import Field

from gatewright.pipeline.call import Call
from gatewright.plugins.passkey.verified import Authentication, Registration
from gatewright.settings.base import FUNCTION, LIST, OPTIONS, TEXT, Called, Either, Flag, Options
from gatewright.settings.fields import ModelOptions
from gatewright.wire.result import Result

__all__ = (
    "AuthenticationOptions",
    "AuthenticationVerified",
    "AuthenticatorSelectionOptions",
    "Extensions",
    "PasskeyAdvanced",
    "PasskeyContext",
    "PasskeyOptions",
    "PasskeyUser",
    "RegistrationOptions",
    "RegistrationVerified",
    "ResolvePasskeyUser",
)


class PasskeyUser(Result):
    """For whom a passkey is registered; ``name`` and ``display_name`` are what the browser shows."""

    id: str
    name: str
    display_name: str | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class PasskeyContext:
    """The call, and the text that the caller sent as ``context``; nobody has checked it."""

    ctx: Call[Any]
    context: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionsContext:
    """The call for which extensions are asked."""

    ctx: Call[Any]


@dataclass(frozen=True, slots=True)
class RegistrationVerified:
    """A registration that is right, before it is stored.

    Attributes:
        ctx: The call.
        verification: What was proven.
        user: For whom it was begun.
        client_data: What the browser sent.
        context: What was sent as ``context`` when it was begun.
    """

    ctx: Call[Any]
    verification: Registration
    user: PasskeyUser
    client_data: Mapping[str, object] = field(repr=False)
    context: str | None = None


@dataclass(frozen=True, slots=True)
class AuthenticationVerified:
    """An authentication that is right, before anybody is signed in."""

    ctx: Call[Any]
    verification: Authentication
    client_data: Mapping[str, object] = field(repr=False)


class ResolvePasskeyUser(Protocol):
    """Says for whom a passkey is registered when nobody is signed in."""

    def __call__(
        self, asked: PasskeyContext, /
    ) -> Awaitable[PasskeyUser | Mapping[str, object] | None] | PasskeyUser | Mapping[str, object] | None:
        """The user: who asks must have proven it, for whoever registers a passkey owns the account."""
        ...


class AfterRegistration(Protocol):
    """Runs when a registration is right."""

    def __call__(
        self, verified: RegistrationVerified, /
    ) -> Awaitable[str | Mapping[str, object] | None] | str | Mapping[str, object] | None:
        """The id of the user who gets the passkey, alone or as ``{"userId": ...}``; ``None`` leaves it as it is."""
        ...


class AfterAuthentication(Protocol):
    """Runs when an authentication is right."""

    def __call__(self, verified: AuthenticationVerified, /) -> Awaitable[object] | object:
        """Raise to keep the caller out."""
        ...


class MakeExtensions(Protocol):
    """Gives the WebAuthn extensions of one call."""

    def __call__(
        self, asked: ExtensionsContext, /
    ) -> Awaitable[Mapping[str, object] | None] | Mapping[str, object] | None:
        """Inputs by extension."""
        ...


Extensions: TypeAlias = Annotated[
    Annotated[Mapping[str, object], OPTIONS] | Annotated[Called[MakeExtensions], FUNCTION], Either
]


class AuthenticatorSelectionOptions(Options):
    """What authenticators must be able to do.

    Attributes:
        resident_key: Whether the key can be found without knowing who signs in.
        user_verification: Whether the user must prove to be the owner of the authenticator. ``required`` is checked.
        require_resident_key: Of no consequence: it follows ``resident_key``. Kept because the contract has it.
    """

    authenticator_attachment: Literal["platform", "cross-platform"] | None = None
    resident_key: Literal["discouraged", "preferred", "required"] = "preferred"
    user_verification: Literal["discouraged", "preferred", "required"] = "preferred"
    require_resident_key: Flag | None = None


class PasskeyAdvanced(Options):
    """Names of cookies."""

    web_authn_challenge_cookie: str = Field(default="better-auth-passkey", min_length=1)


class RegistrationOptions(Options):
    """Registering.

    Attributes:
        require_session: Only for oneself, with a session that is not old.
        resolve_user: For whom, where no session is required and there is none.
        after_verification: Runs before a new passkey is stored, and may say whose it is.
        extensions: WebAuthn extensions.
    """

    require_session: Flag = True
    resolve_user: Called[ResolvePasskeyUser] | None = None
    after_verification: Called[AfterRegistration] | None = None
    extensions: Extensions | None = None


class AuthenticationOptions(Options):
    """Signing in.

    Attributes:
        extensions: WebAuthn extensions.
        after_verification: Runs before anybody is signed in.
    """

    extensions: Extensions | None = None
    after_verification: Called[AfterAuthentication] | None = None


class PasskeyOptions(Options):
    """How passkeys work.

    Attributes:
        rp_id: The domain that passkeys are for; by default the host of the instance.
        rp_name: What browsers show; by default the application's name.
        origin: Origins of pages that may ask; by default the one that the request comes from.
    """

    rp_id: str | None = Field(default=None, alias="rpID", min_length=1)
    rp_name: str | None = None
    origin: Annotated[Annotated[str, TEXT] | Annotated[Sequence[str], LIST], Either] | None = None
    authenticator_selection: AuthenticatorSelectionOptions = Field(default_factory=AuthenticatorSelectionOptions)
    advanced: PasskeyAdvanced = Field(default_factory=PasskeyAdvanced)
    registration: RegistrationOptions = Field(default_factory=RegistrationOptions)
    authentication: AuthenticationOptions = Field(default_factory=AuthenticationOptions)
    # "schema" is pydantic's own name for something else.
    table_options: Mapping[str, ModelOptions] = Field(default_factory=dict[str, ModelOptions], alias="schema")

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins that are configured."""
        if self.origin is None:
            return ()
        return (self.origin,) if isinstance(self.origin, str) else tuple(self.origin)

    @property
    def must_verify_user(self) -> bool:
        """Whether the user must prove to be the owner of the authenticator."""
        return self.authenticator_selection.user_verification == "required"
