"""Operations: sign in as a guest, leave."""

from __future__ import annotations

from gatewright.contract.faults import FailedToCreateUser, Unauthorized
from gatewright.contract.results import Success
from gatewright.contract.sign_up import SIGN_IN_LIMIT
from gatewright.model.user import User
from gatewright.plugins.anonymous import faults
from gatewright.wire.operation import SESSION, Operation, post
from gatewright.wire.result import Result

__all__ = ("DeleteAnonymousUser", "GuestSignedIn", "SignInAnonymous")


class GuestSignedIn(Result):
    """The new guest."""

    token: str
    user: User


@post(
    "/sign-in/anonymous",
    raises=(
        faults.AnonymousUsersCannotSignInAgainAnonymously,
        faults.InvalidEmailFormat,
        FailedToCreateUser,
        faults.CouldNotCreateSession,
    ),
    signals=SESSION,
    limit=SIGN_IN_LIMIT,
)
class SignInAnonymous(Operation[GuestSignedIn]):
    """Sign in as a guest: a new user without a name or an address."""


@post(
    "/delete-anonymous-user",
    raises=(
        Unauthorized,
        faults.DeleteAnonymousUserDisabled,
        faults.UserIsNotAnonymous,
        faults.FailedToDeleteAnonymousUserSessions,
        faults.FailedToDeleteAnonymousUser,
    ),
    signals=SESSION,
)
class DeleteAnonymousUser(Operation[Success]):
    """Leave: the signed-in guest is removed with everything that is the guest's."""
