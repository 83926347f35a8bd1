"""Operations: ask for a link, follow it."""

from __future__ import annotations

from gatewright.contract.results import Done
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.wire.kinds import Redirect
from gatewright.wire.operation import Extra, Operation, get, post
from gatewright.wire.result import Result
from gatewright.wire.text import Email

__all__ = ("MagicLinkSignedIn", "MagicLinkVerify", "SignInMagicLink")


class MagicLinkSignedIn(Result):
    """Who followed a link, and the session that began."""

    token: str
    user: User
    session: Session


@post("/sign-in/magic-link", origin="form", needs_headers=True)
class SignInMagicLink(Operation[Done]):
    """Ask for a link to sign in with. The answer is the same whether the address is known or not."""

    email: Email
    name: str | None = None
    callback_url: str | None = None
    new_user_callback_url: str | None = None
    error_callback_url: str | None = None
    metadata: Extra | None = None


@get("/magic-link/verify", needs_headers=True)
class MagicLinkVerify(Operation[MagicLinkSignedIn | Redirect]):
    """Follow a link: signs in and goes on to ``callback_url``, or answers the session where there is none."""

    token: str
    callback_url: str | None = None
    error_callback_url: str | None = None
    new_user_callback_url: str | None = None
