"""Resetting, changing and checking passwords."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gatewright.contract import faults
from gatewright.contract.results import Done
from gatewright.contract.sign_up import SIGN_IN_LIMIT
from gatewright.model.user import User
from gatewright.wire.kinds import Redirect
from gatewright.wire.operation import SESSION, Limit, Operation, get, post, server_only
from gatewright.wire.result import Result
from gatewright.wire.text import Email

__all__ = (
    "MAIL_LIMIT",
    "ChangePassword",
    "PasswordChanged",
    "RequestPasswordReset",
    "RequestPasswordResetCallback",
    "ResetPassword",
    "ResetRequested",
    "SetPassword",
    "VerifyPassword",
)

MAIL_LIMIT = Limit(window=60, max=3)
"""The contract's rule for operations that send a mail."""


class ResetRequested(Result):
    """What everybody is told, whether the address is known or not."""

    status: bool
    message: str


@post("/request-password-reset", raises=(faults.ResetPasswordDisabled, faults.InvalidRedirectUrl), limit=MAIL_LIMIT)
class RequestPasswordReset(Operation[ResetRequested]):
    """Mail a link that sets a new password; the answer does not tell whether the address is known."""

    email: Email
    redirect_to: str | None = None


@get("/reset-password/{token}", raises=(faults.InvalidCallbackUrl,))
class RequestPasswordResetCallback(Operation[Redirect]):
    """Where the mailed link leads: on to ``callback_url`` with the token, or with an error."""

    token: str
    callback_url: str


@post(
    "/reset-password",
    raises=(faults.InvalidToken, faults.PasswordTooShort, faults.PasswordTooLong),
    query=("token",),
)
class ResetPassword(Operation[Done]):
    """Set a new password with the mailed token, which works once."""

    new_password: str
    token: str | None = None


@post("/verify-password", raises=(faults.Unauthorized, faults.InvalidPassword), client=False)
class VerifyPassword(Operation[Done]):
    """Check the signed-in user's password."""

    password: str


class PasswordChanged(Result):
    """``token`` is that of the new session when the others were ended, else null."""

    token: str | None
    user: User | UnsetType = UNSET


@post(
    "/change-password",
    raises=(
        faults.Unauthorized,
        faults.PasswordTooShort,
        faults.PasswordTooLong,
        faults.CredentialAccountNotFound,
        faults.InvalidPassword,
    ),
    signals=SESSION,
    limit=SIGN_IN_LIMIT,
)
class ChangePassword(Operation[PasswordChanged]):
    """Replace the signed-in user's password; optionally end all other sessions."""

    new_password: str
    current_password: str
    revoke_other_sessions: bool | None = None


@server_only(
    raises=(faults.Unauthorized, faults.PasswordTooShort, faults.PasswordTooLong, faults.PasswordAlreadySet),
)
class SetPassword(Operation[Done]):
    """Give the signed-in user, who has none, a password. Only the application itself may call this."""

    new_password: str
