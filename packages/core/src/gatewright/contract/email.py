"""Verifying and changing e-mail addresses."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gatewright.contract import faults
from gatewright.contract.password import MAIL_LIMIT
from gatewright.contract.results import Done
from gatewright.contract.sign_up import SIGN_IN_LIMIT
from gatewright.model.user import User
from gatewright.wire.kinds import Redirect
from gatewright.wire.operation import SESSION, Operation, get, post
from gatewright.wire.result import Result
from gatewright.wire.text import Email

__all__ = ("ChangeEmail", "EmailVerified", "SendVerificationEmail", "VerifyEmail")


class EmailVerified(Result):
    """The link was followed; ``user`` is null for a proven address, the user for a changed one, absent for half the way."""

    status: bool
    user: User | UnsetType | None = UNSET


@get(
    "/verify-email",
    raises=(
        faults.InvalidToken,
        faults.TokenExpired,
        faults.UserNotFound,
        faults.InvalidUser,
        faults.UserAlreadyExistsUseAnotherEmail,
        faults.InvalidCallbackUrl,
    ),
    signals=SESSION,
)
class VerifyEmail(Operation[EmailVerified | Redirect]):
    """Where a mailed verification link leads: verifies, then goes on to ``callback_url`` if there is one."""

    token: str
    callback_url: str | None = None


@post(
    "/send-verification-email",
    raises=(faults.VerificationEmailNotEnabled, faults.EmailMismatch, faults.EmailAlreadyVerified),
    limit=MAIL_LIMIT,
)
class SendVerificationEmail(Operation[Done]):
    """Mail a verification link; without a session the answer does not tell whether the address is known."""

    email: Email
    callback_url: str | None = None


@post(
    "/change-email",
    raises=(faults.Unauthorized, faults.ChangeEmailDisabled, faults.InvalidEmail),
    signals=SESSION,
    limit=SIGN_IN_LIMIT,
)
class ChangeEmail(Operation[Done]):
    """Change the signed-in user's address, after whatever confirmation is configured."""

    new_email: Email
    callback_url: str | None = None
