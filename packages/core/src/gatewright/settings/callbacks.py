"""What an application's own functions are given, and what they answer. Every one is asynchronous.

Source: contract, options.json. Data that a function is given is a frozen value; the request is ``None`` where the
application's own call led to it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from gatewright.http.request import Request
    from gatewright.model.session import Session
    from gatewright.model.user import User

__all__ = (
    "ChangeEmailMail",
    "Mail",
    "OnUser",
    "OnUserData",
    "PasswordCheck",
    "SendChangeEmail",
    "SendMail",
    "SyntheticUser",
    "TrustedOriginsFunction",
    "UserOnly",
    "VersionFunction",
)


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """A message to a user with a link; ``token`` is what makes the link work, for those who build their own."""

    user: User
    url: str
    token: str


@dataclass(frozen=True, slots=True, repr=False)
class ChangeEmailMail:
    """A message about a new address; it goes to the current one."""

    user: User
    new_email: str
    url: str
    token: str


@dataclass(frozen=True, slots=True)
class UserOnly:
    """The user whom something happened to."""

    user: User


@dataclass(frozen=True, slots=True, repr=False)
class PasswordCheck:
    """A password and the hash that it should match."""

    hash: str
    password: str


@dataclass(frozen=True, slots=True)
class SyntheticUser:
    """What a made-up user should look like: the core's columns, the application's own, and an identifier."""

    core_fields: Mapping[str, Any]
    additional_fields: Mapping[str, Any]
    id: str


class SendMail(Protocol):
    """Delivers a link."""

    async def __call__(self, mail: Mail, request: Request | None, /) -> None:
        """Deliver it; a failure is logged and not told to the caller."""
        ...


class SendChangeEmail(Protocol):
    """Delivers the question whether an address may be changed."""

    async def __call__(self, mail: ChangeEmailMail, request: Request | None, /) -> None:
        """Deliver it; a failure is logged and not told to the caller."""
        ...


class OnUser(Protocol):
    """Is told about a user."""

    async def __call__(self, user: User, request: Request | None, /) -> None:
        """May raise, where it is asked before something happens."""
        ...


class OnUserData(Protocol):
    """Is told what happened to a user."""

    async def __call__(self, data: UserOnly, request: Request | None, /) -> None:
        """A failure is logged and not told to the caller."""
        ...


class TrustedOriginsFunction(Protocol):
    """Says which further origins are trusted."""

    def __call__(self, request: Request | None, /) -> Awaitable[Sequence[str | None]] | Sequence[str | None]:
        """Patterns of origins; asked for every request that has to be checked."""
        ...


class VersionFunction(Protocol):
    """Says which version of the cached session a session and its user call for."""

    def __call__(self, session: Session, user: User, /) -> str | Awaitable[str]:
        """The version; a cached session with another one is not used."""
        ...
