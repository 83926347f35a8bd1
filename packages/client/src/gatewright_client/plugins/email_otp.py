"""The counterpart of the e-mail code plugin; ``sign_in.email_otp`` and ``forget_password.email_otp`` are its calls too."""

from __future__ import annotations

from gatewright.plugins.email_otp.contract import (
    ChangeEmailEmailOTP,
    CheckVerificationOTP,
    ForgetPasswordEmailOTP,
    RequestEmailChangeEmailOTP,
    RequestPasswordResetEmailOTP,
    ResetPasswordEmailOTP,
    SendVerificationOTP,
    VerifyEmailOTP,
)
from gatewright.plugins.email_otp.faults import InvalidOtp, OtpExpired, TooManyAttempts
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin, at

__all__ = ("EmailOTPCalls", "EmailOTPClient", "ForgetPassword")


class ForgetPassword(Group[F]):
    """``/forget-password``."""

    email_otp = action(ForgetPasswordEmailOTP)


class EmailOTPCalls(Group[F]):
    """``/email-otp``."""

    change_email = action(ChangeEmailEmailOTP)
    check_verification_otp = action(CheckVerificationOTP)
    request_email_change = action(RequestEmailChangeEmailOTP)
    request_password_reset = action(RequestPasswordResetEmailOTP)
    reset_password = action(ResetPasswordEmailOTP)
    send_verification_otp = action(SendVerificationOTP)
    verify_email = action(VerifyEmailOTP)


class EmailOTPClient(ClientPlugin):
    """Codes by mail."""

    def __init__(self) -> None:
        paths = at("/email-otp/verify-email", "/sign-in/email-otp", "/email-otp/request-email-change")
        super().__init__(
            "email-otp",
            calls=EmailOTPCalls,
            signals={SESSION.name: paths},
            faults=(InvalidOtp, OtpExpired, TooManyAttempts),
        )
