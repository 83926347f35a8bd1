"""Operations: sign in by number, ask for codes, use them."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from gatewright.contract import faults as core
from gatewright.contract.sign_up import SIGN_IN_LIMIT
from gatewright.model.user import User
from gatewright.plugins.phone_number import faults
from gatewright.wire.operation import SESSION, Extra, Operation, post, server_only
from gatewright.wire.result import Done, Result

__all__ = (
    "CodeSent",
    "ConsumePhoneNumberOTP",
    "PhoneSignedIn",
    "PhoneVerified",
    "RequestPasswordResetPhoneNumber",
    "ResetPasswordPhoneNumber",
    "SendPhoneNumberOTP",
    "SignInPhoneNumber",
    "VerifyPhoneNumber",
)

CODE_FAULTS = (faults.OtpNotFound, faults.OtpExpired, faults.InvalidOtp, faults.TooManyAttempts)


class PhoneSignedIn(Result):
    """Who signed in."""

    token: str
    user: User


class CodeSent(Result):
    """A code is on its way."""

    message: str = "code sent"


class PhoneVerified(Done):
    """Whose number is verified; ``token`` is the session's, or null where none was wanted."""

    token: str | None
    user: User


@post(
    "/sign-in/phone-number",
    raises=(
        faults.InvalidPhoneNumber,
        faults.InvalidPhoneNumberOrPassword,
        faults.PhoneNumberNotVerified,
        core.FailedToCreateSession,
        core.TooManyRequests,
    ),
    signals=SESSION,
    limit=SIGN_IN_LIMIT,
)
class SignInPhoneNumber(Operation[PhoneSignedIn]):
    """Sign in with a number and a password. Where numbers must be verified, a code is sent to one that is not."""

    phone_number: str
    password: str
    remember_me: bool | UnsetType = UNSET


@post("/phone-number/send-otp", raises=(faults.SendOtpNotImplemented, faults.InvalidPhoneNumber))
class SendPhoneNumberOTP(Operation[CodeSent]):
    """Send a code. The answer is the same whether the number is known or not."""

    phone_number: str


@server_only(raises=CODE_FAULTS)
class ConsumePhoneNumberOTP(Operation[Done]):
    """Use up a code without signing anybody in. A wrong one costs a try."""

    phone_number: str
    code: str


@post(
    "/phone-number/verify",
    raises=(
        *CODE_FAULTS,
        core.UserNotFound,
        faults.PhoneNumberExist,
        faults.FailedToUpdateUser,
        core.FailedToCreateUser,
        core.FailedToCreateSession,
        core.FieldNotAllowed,
        core.MissingField,
    ),
    signals=SESSION,
)
class VerifyPhoneNumber(Operation[PhoneVerified]):
    """Use a code: signs in whoever has the number, gives it to the signed-in user, or makes a new user of it."""

    phone_number: str
    code: str
    disable_session: bool | UnsetType = UNSET
    update_phone_number: bool | UnsetType = UNSET
    extra: Extra = field(default_factory=dict[str, object])


@post("/phone-number/request-password-reset")
class RequestPasswordResetPhoneNumber(Operation[Done]):
    """Send a code to set a new password with. The answer is the same whether the number is known or not."""

    phone_number: str


@post(
    "/phone-number/reset-password",
    raises=(*CODE_FAULTS, core.PasswordTooShort, core.PasswordTooLong, faults.UnexpectedError),
)
class ResetPasswordPhoneNumber(Operation[Done]):
    """Set a new password with a code. A code that is right is used up, even by a password that is refused."""

    otp: str
    phone_number: str
    new_password: str
