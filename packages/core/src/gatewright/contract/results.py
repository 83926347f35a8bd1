"""Results that several core operations share."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.wire.result import Done, Result

__all__ = ("Done", "SessionData", "SignedIn", "SignedOut", "SignedUp", "Success")


class SignedUp(Result):
    """A new user; ``token`` is the session's, or null when signing up does not sign in."""

    token: str | None
    user: User


class SignedIn(Result):
    """A signed-in user; ``url`` is where the caller asked to go next."""

    redirect: bool
    token: str
    url: str | UnsetType = UNSET
    user: User


class SessionData(Result):
    """A session with its user; ``needs_refresh`` only where refreshes are deferred."""

    session: Session
    user: User
    needs_refresh: bool | UnsetType = UNSET


class Success(Result):
    """It is done."""

    success: bool = True
    message: str | UnsetType = UNSET


class SignedOut(Success):
    """Nobody is signed in here any more; ``url`` is where the browser signs out at the provider too, if it does."""

    url: str | UnsetType = UNSET
    redirect: bool | UnsetType = UNSET
