"""The server methods of the phone number plugin."""

from __future__ import annotations

from gatewright.plugins.phone_number import contract
from gatewright.wire.calls import Api, method

__all__ = ("PhoneNumberApi",)


class PhoneNumberApi(Api):
    """What the plugin adds to ``auth.api``."""

    sign_in_phone_number = method(contract.SignInPhoneNumber)
    send_phone_number_otp = method(contract.SendPhoneNumberOTP)
    consume_phone_number_otp = method(contract.ConsumePhoneNumberOTP)
    verify_phone_number = method(contract.VerifyPhoneNumber)
    request_password_reset_phone_number = method(contract.RequestPasswordResetPhoneNumber)
    reset_password_phone_number = method(contract.ResetPasswordPhoneNumber)
