"""The counterpart of the phone number plugin; ``sign_in.phone_number`` is its call too."""

from __future__ import annotations

from gatewright.plugins.phone_number.contract import (
    RequestPasswordResetPhoneNumber,
    ResetPasswordPhoneNumber,
    SendPhoneNumberOTP,
    VerifyPhoneNumber,
)
from gatewright.plugins.phone_number.faults import PhoneNumberCannotBeUpdated
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin, at

__all__ = ("PhoneNumberCalls", "PhoneNumberClient")


class PhoneNumberCalls(Group[F]):
    """``/phone-number``."""

    request_password_reset = action(RequestPasswordResetPhoneNumber)
    reset_password = action(ResetPasswordPhoneNumber)
    send_otp = action(SendPhoneNumberOTP)
    verify = action(VerifyPhoneNumber)


class PhoneNumberClient(ClientPlugin):
    """Codes by text message."""

    def __init__(self) -> None:
        super().__init__(
            "phone-number",
            calls=PhoneNumberCalls,
            signals={SESSION.name: at("/sign-in/phone-number", "/phone-number/verify")},
            faults=(PhoneNumberCannotBeUpdated,),
        )
