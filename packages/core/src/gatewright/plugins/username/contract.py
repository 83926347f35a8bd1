"""Operations: sign in by name, ask for a name."""

from __future__ import annotations

from gatewright.contract.faults import EmailNotVerified, FailedToCreateSession
from gatewright.contract.results import SignedIn
from gatewright.contract.sign_up import SIGN_IN_LIMIT
from gatewright.plugins.username import faults
from gatewright.wire.operation import SESSION, Operation, post
from gatewright.wire.result import Result

__all__ = ("IsUsernameAvailable", "SignInUsername", "UsernameAvailability")


class UsernameAvailability(Result):
    """Whether a name is free."""

    available: bool


@post(
    "/sign-in/username",
    raises=(
        faults.InvalidUsernameOrPassword,
        faults.UsernameTooShort,
        faults.UsernameTooLong,
        faults.InvalidUsername,
        EmailNotVerified,
        FailedToCreateSession,
    ),
    signals=SESSION,
    limit=SIGN_IN_LIMIT,
    origin="form",
)
class SignInUsername(Operation[SignedIn]):
    """Sign in with a username and a password."""

    username: str
    password: str
    remember_me: bool = True
    callback_url: str | None = None


@post(
    "/is-username-available",
    raises=(faults.UsernameTooShort, faults.UsernameTooLong, faults.InvalidUsername),
)
class IsUsernameAvailable(Operation[UsernameAvailability]):
    """Whether a username is free. It tells who is registered; ``disabled_paths`` switches it off."""

    username: str
