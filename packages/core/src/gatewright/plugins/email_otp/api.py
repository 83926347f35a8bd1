"""The server methods of the email OTP plugin."""

from __future__ import annotations

from gatewright.plugins.email_otp import contract
from gatewright.wire.calls import Api, method

__all__ = ("EmailOTPApi",)


class EmailOTPApi(Api):
    """What the plugin adds to ``auth.api``."""

    send_verification_otp = method(contract.SendVerificationOTP)
    create_verification_otp = method(contract.CreateVerificationOTP)
    get_verification_otp = method(contract.GetVerificationOTP)
    check_verification_otp = method(contract.CheckVerificationOTP)
    verify_email_otp = method(contract.VerifyEmailOTP)
    sign_in_email_otp = method(contract.SignInEmailOTP)
    request_password_reset_email_otp = method(contract.RequestPasswordResetEmailOTP)
    forget_password_email_otp = method(contract.ForgetPasswordEmailOTP)
    reset_password_email_otp = method(contract.ResetPasswordEmailOTP)
    request_email_change_email_otp = method(contract.RequestEmailChangeEmailOTP)
    change_email_email_otp = method(contract.ChangeEmailEmailOTP)
