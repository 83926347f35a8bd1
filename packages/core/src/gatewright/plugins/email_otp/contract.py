"""Operations: ask for codes and use them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from gatewright.contract import faults as core
from gatewright.contract.results import Success
from gatewright.model.user import User
from gatewright.plugins.email_otp.faults import InvalidOtp, OtpExpired, TooManyAttempts
from gatewright.wire.operation import SESSION, Extra, Operation, post, route, server_only
from gatewright.wire.result import Done, Result

__all__ = (
    "ChangeEmailEmailOTP",
    "CheckVerificationOTP",
    "CodeSignedIn",
    "CodeType",
    "CreateVerificationOTP",
    "ForgetPasswordEmailOTP",
    "GetVerificationOTP",
    "KnownCode",
    "RequestEmailChangeEmailOTP",
    "RequestPasswordResetEmailOTP",
    "ResetPasswordEmailOTP",
    "SendVerificationOTP",
    "SignInEmailOTP",
    "VerifiedByCode",
    "VerifyEmailOTP",
)

CodeType: TypeAlias = Literal["email-verification", "sign-in", "forget-password", "change-email"]
"""What a code is for."""

CODE_FAULTS = (InvalidOtp, OtpExpired, TooManyAttempts)


class CodeSignedIn(Result):
    """Who signed in."""

    token: str
    user: User


class VerifiedByCode(Done):
    """Whose address is proven; ``token`` is a session's where proving signs in."""

    token: str | None
    user: User


class KnownCode(Result):
    """The code that is alive, or null."""

    otp: str | None


@post("/email-otp/send-verification-otp", raises=(core.InvalidEmail,), origin="form")
class SendVerificationOTP(Operation[Success]):
    """Mail a code. The answer is the same whether the address is known or not."""

    email: str
    type: CodeType


@server_only()
class CreateVerificationOTP(Operation[str]):
    """A code, to be delivered by the application."""

    email: str
    type: CodeType


@route(("GET",), None, media=(), served=False)
class GetVerificationOTP(Operation[KnownCode]):
    """The code that is alive for an address; codes that are kept hashed cannot be told."""

    email: str
    type: CodeType


@post("/email-otp/check-verification-otp", raises=(core.InvalidEmail, core.UserNotFound, *CODE_FAULTS))
class CheckVerificationOTP(Operation[Success]):
    """Whether a code is right; it stays usable. A wrong one costs a try."""

    email: str
    type: CodeType
    otp: str


@post("/email-otp/verify-email", raises=(core.InvalidEmail, core.UserNotFound, *CODE_FAULTS), signals=SESSION)
class VerifyEmailOTP(Operation[VerifiedByCode]):
    """Prove an address with a code."""

    email: str
    otp: str


@post("/sign-in/email-otp", raises=(core.InvalidEmail, core.FailedToCreateUser, *CODE_FAULTS), signals=SESSION)
class SignInEmailOTP(Operation[CodeSignedIn]):
    """Sign in with a code; an unknown address becomes a user, unless configured otherwise."""

    email: str
    otp: str
    name: str | None = None
    image: str | None = None
    extra: Extra = field(default_factory=dict[str, object])


@post("/email-otp/request-password-reset")
class RequestPasswordResetEmailOTP(Operation[Success]):
    """Mail a code to set a new password with."""

    email: str


@post("/forget-password/email-otp")
class ForgetPasswordEmailOTP(Operation[Success]):
    """Mail a code to set a new password with; the older spelling of the path."""

    email: str


@post(
    "/email-otp/reset-password",
    raises=(core.PasswordTooShort, core.PasswordTooLong, core.UserNotFound, *CODE_FAULTS),
)
class ResetPasswordEmailOTP(Operation[Success]):
    """Set a new password with a code."""

    email: str
    otp: str
    password: str


@post("/email-otp/request-email-change", raises=(core.Unauthorized, core.InvalidEmail, *CODE_FAULTS))
class RequestEmailChangeEmailOTP(Operation[Success]):
    """Mail a code to the address that the user wants."""

    new_email: str
    otp: str | None = None


@post(
    "/email-otp/change-email",
    raises=(core.Unauthorized, core.InvalidEmail, core.UserNotFound, *CODE_FAULTS),
    signals=SESSION,
)
class ChangeEmailEmailOTP(Operation[Success]):
    """Change the address with the code that was mailed to it."""

    new_email: str
    otp: str
