"""What an application's own functions are given, and what they answer. Not who calls them, nor when.

Functions are asynchronous unless their Protocol says that they may be either. What they are given is a frozen value;
the request is ``None`` where the application's own call, not HTTP, led to it. Source: contract, options.json ``core``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from gatewright.http.headers import Headers
    from gatewright.http.request import Request
    from gatewright.model.session import Session
    from gatewright.model.user import User
    from gatewright.settings.hooks import HookContext
    from gatewright.settings.rate_limit import LimitOptions
    from gatewright.settings.social import SocialProvider

__all__ = (
    "BackgroundHandler",
    "ChangeEmailMail",
    "Consume",
    "CustomRule",
    "DefaultValue",
    "FieldCheck",
    "FieldTransform",
    "GenerateId",
    "GetUserInfo",
    "HashPassword",
    "IdentifierHasher",
    "LimitDecision",
    "LogSink",
    "Mail",
    "MapProfileToUser",
    "OnError",
    "OnUser",
    "OnUserData",
    "PasswordCheck",
    "Profile",
    "ProviderSource",
    "ProviderTokens",
    "RefreshAccessToken",
    "RefreshContext",
    "SendChangeEmail",
    "SendMail",
    "SocialProviderFunction",
    "SyntheticUser",
    "SyntheticUserFunction",
    "TrustedOriginsFunction",
    "TrustedProvidersFunction",
    "UserInfo",
    "UserInfoCheck",
    "UserInfoRefusal",
    "UserInfoSource",
    "UserOnly",
    "ValidateUserInfo",
    "VerifyIdToken",
    "VerifyPassword",
    "VersionFunction",
)

Profile: TypeAlias = Mapping[str, object]
"""What a provider said of somebody, by the provider's names."""


# Values --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to a user with a link.

    Attributes:
        user: Whom it goes to, at ``user.email``.
        url: The link.
        token: What makes the link work, for those who build their own.
    """

    user: User
    url: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeEmailMail:
    """To ``user.email``: a question whether ``new_email`` may take its place, or the news that it has, to take back."""

    user: User
    new_email: str
    url: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserOnly:
    """The user whom something happened to."""

    user: User


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """A password and the hash that it should match."""

    hash: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SyntheticUser:
    """What a made-up user is built from, by wire name.

    Attributes:
        core_fields: Name, address and the core's other columns.
        additional_fields: The application's own columns.
        id: A fresh identifier.
    """

    core_fields: Mapping[str, object]
    additional_fields: Mapping[str, object]
    id: str


@dataclass(frozen=True, slots=True)
class ProviderSource:
    """The provider that says who somebody is, and what it said."""

    provider_id: str
    profile: Profile = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserInfoSource:
    """Where the claim to be somebody comes from.

    Attributes:
        method: How the user arrives, such as ``email-password``, ``magic-link`` or ``oauth``.
        action: What is about to happen.
        oauth: The provider, where one vouches.
    """

    method: str
    action: Literal["create-user", "link-account", "sign-in"] = "create-user"
    oauth: ProviderSource | None = None


@dataclass(frozen=True, slots=True)
class UserInfoCheck:
    """Somebody who is about to become a user, or to be linked to one.

    Attributes:
        user: Their values by wire name; with ``id`` where they are a user already.
        source: Where the values come from.
    """

    user: Mapping[str, object] = field(repr=False)
    source: UserInfoSource


@dataclass(frozen=True, slots=True)
class UserInfoRefusal:
    """Somebody is not welcome.

    Attributes:
        error: The code that the caller is told.
        error_description: The words beside it; unless given, the code.
    """

    error: str
    error_description: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderTokens:
    """What a provider granted. Lifetimes are seconds."""

    access_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)
    access_token_expires_in: int | None = None
    refresh_token_expires_in: int | None = None
    scopes: tuple[str, ...] | None = None
    token_type: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class RefreshContext:
    """For whom tokens are renewed; without headers and request where the application asks for itself."""

    headers: Headers
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class UserInfo:
    """Somebody as a provider knows them: values of the user's columns by wire name, and the raw profile.

    ``user`` has at least ``id``; an ``emailVerified`` that is not ``True`` counts as no.
    """

    user: Mapping[str, object]
    data: Profile


@dataclass(frozen=True, slots=True)
class LimitDecision:
    """Whether a request is within its limit; if not, how many seconds to wait."""

    allowed: bool
    retry_after: int | None = None


# Mail and users ------------------------------------------------------------------------------------------------------


class SendMail(Protocol):
    """Delivers a link."""

    def __call__(self, mail: Mail, request: Request | None, /) -> Awaitable[None]:
        """Deliver it; a failure is logged and not told to the caller."""
        ...


class SendChangeEmail(Protocol):
    """Delivers the question whether an address may be changed, or the news that it was."""

    def __call__(self, mail: ChangeEmailMail, request: Request | None, /) -> Awaitable[None]:
        """Deliver it; a failure is logged and not told to the caller."""
        ...


class OnUser(Protocol):
    """Is told about a user."""

    def __call__(self, user: User, request: Request | None, /) -> Awaitable[None]:
        """Before something happens, an ``ApiError`` that it raises is the answer, and nothing happens."""
        ...


class OnUserData(Protocol):
    """Is told what happened to a user."""

    def __call__(self, data: UserOnly, request: Request | None, /) -> Awaitable[None]:
        """A failure is logged and not told to the caller."""
        ...


class SyntheticUserFunction(Protocol):
    """Makes the user that hides whether an address is known."""

    def __call__(self, data: SyntheticUser, /) -> Mapping[str, object]:
        """The values by wire name, in the order of a real user's."""
        ...


class ValidateUserInfo(Protocol):
    """Decides whether somebody may become a user, be linked to one, or come back with a provider's word."""

    def __call__(
        self, check: UserInfoCheck, context: HookContext | None, /
    ) -> Awaitable[UserInfoRefusal | Mapping[str, object] | Literal[False] | None]:
        """``None`` lets them in.

        A refusal, or a mapping with an ``error``, is told to the caller. ``False``, and whatever is raised, refuses
        without a reason; what was raised is logged.
        """
        ...


class HashPassword(Protocol):
    """Hashes a password in a way of its own."""

    def __call__(self, password: str, /) -> Awaitable[str] | str:
        """The hash to store. A function that is not asynchronous blocks every other request while it computes."""
        ...


class VerifyPassword(Protocol):
    """Compares a password with a hash that the same application made."""

    def __call__(self, check: PasswordCheck, /) -> Awaitable[bool] | bool:
        """Whether they match; a hash that cannot be read does not."""
        ...


# Sessions, origins, limits -------------------------------------------------------------------------------------------


class VersionFunction(Protocol):
    """Says which version of the cached session a session and its user call for."""

    def __call__(self, session: Session, user: User, /) -> Awaitable[str] | str:
        """The version; a cached session with another one is not used."""
        ...


class TrustedOriginsFunction(Protocol):
    """Says which further origins are trusted."""

    def __call__(self, request: Request | None, /) -> Awaitable[Sequence[str | None]] | Sequence[str | None]:
        """Patterns of origins; asked for every request that has to be checked."""
        ...


class TrustedProvidersFunction(Protocol):
    """Says which providers' word about an address is believed."""

    def __call__(self, request: Request | None, /) -> Awaitable[Sequence[str]] | Sequence[str]:
        """Provider ids; asked whenever an account might be linked."""
        ...


class CustomRule(Protocol):
    """Chooses the limit of a request."""

    def __call__(
        self, request: Request, current: LimitOptions, /
    ) -> Awaitable[LimitOptions | Literal[False]] | LimitOptions | Literal[False]:
        """The limit, or ``False`` for none; ``current`` would apply otherwise."""
        ...


class Consume(Protocol):
    """Counts a request in a store of the application's own."""

    def __call__(self, key: str, rule: LimitOptions, /) -> Awaitable[LimitDecision]:
        """Check and count in one atomic step: of concurrent calls at most ``rule.max`` are allowed in a window."""
        ...


# Providers -----------------------------------------------------------------------------------------------------------


class MapProfileToUser(Protocol):
    """Chooses what of a provider's profile becomes the user's."""

    def __call__(self, profile: Profile, /) -> Awaitable[Mapping[str, object]] | Mapping[str, object]:
        """Values of the user's columns by wire name; they win over the provider's own mapping."""
        ...


class GetUserInfo(Protocol):
    """Reads somebody's profile in place of the provider's own way."""

    def __call__(self, tokens: ProviderTokens, /) -> Awaitable[UserInfo | None]:
        """Who it is, or ``None`` when nobody can be told."""
        ...


class RefreshAccessToken(Protocol):
    """Gets new tokens in place of the provider's own way."""

    def __call__(self, refresh_token: str, /) -> Awaitable[ProviderTokens]:
        """The new tokens."""
        ...


class VerifyIdToken(Protocol):
    """Checks an ID token in place of the provider's own way."""

    def __call__(self, token: str, nonce: str | None, /) -> Awaitable[bool]:
        """Whether signature, issuer, audience, lifetime and, if given, the nonce all hold."""
        ...


class SocialProviderFunction(Protocol):
    """Makes a provider's options when they are needed."""

    def __call__(
        self,
    ) -> Awaitable[SocialProvider | Mapping[str, object]] | SocialProvider | Mapping[str, object]:
        """The options, as a value or as a mapping that has not been validated yet."""
        ...


# Columns and identifiers ---------------------------------------------------------------------------------------------


class DefaultValue(Protocol):
    """Makes the value of a column that was not given."""

    def __call__(self) -> object:
        """The value; not asynchronous."""
        ...


class FieldTransform(Protocol):
    """Changes a value on its way into or out of the store."""

    def __call__(self, value: object, /) -> object:
        """The other form of the value; not asynchronous."""
        ...


class FieldCheck(Protocol):
    """Accepts a value that a request sends."""

    def __call__(self, value: object, /) -> object:
        """The accepted value, or something to await for it; raises ``ValueError`` with what the caller may read."""
        ...


class GenerateId(Protocol):
    """Makes identifiers."""

    def __call__(self, model: str, /) -> str | Literal[False] | None:
        """A new identifier for a row of ``model``; ``False`` and ``None`` leave it to the store. Not asynchronous."""
        ...


class IdentifierHasher(Protocol):
    """Hashes the identifiers of one-time values."""

    def __call__(self, identifier: str, /) -> Awaitable[str]:
        """The same text for the same identifier, always; it is looked up by it."""
        ...


# Running -------------------------------------------------------------------------------------------------------------


class BackgroundHandler(Protocol):
    """Keeps work alive after the reply."""

    def __call__(self, work: Awaitable[object], /) -> None:
        """Take the work over; it must be awaited to the end."""
        ...


class OnError(Protocol):
    """Is told of every failure that nobody expected: the caller gets a 5xx."""

    def __call__(self, error: BaseException, request: Request | None, /) -> Awaitable[None] | None:
        """Look at it; the answer to the caller does not change."""
        ...


class LogSink(Protocol):
    """Takes what is logged."""

    def __call__(self, level: Literal["debug", "info", "warn", "error"], message: str, /, *details: object) -> None:
        """Write one entry."""
        ...
