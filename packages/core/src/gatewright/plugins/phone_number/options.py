"""Options of the phone number plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, Protocol

import msgspec
from pydantic import Field

from gatewright.flows.one_time_code import CodeRules
from gatewright.pipeline.call import Call
from gatewright.plugins.phone_number.model import PhoneUser
from gatewright.settings.base import Called, Flag, Options, Seconds, Whole
from gatewright.settings.fields import TableNames
from gatewright.wire.names import camel

__all__ = (
    "OnPhoneVerification",
    "PhoneCode",
    "PhoneNumberOptions",
    "SendPhoneCode",
    "SignUpOnVerification",
    "VerifiedPhone",
    "VerifyPhoneCode",
)


class PhoneCode(msgspec.Struct, frozen=True, kw_only=True, rename=camel):
    """A number and a code."""

    phone_number: str
    code: str

    def __repr__(self) -> str:
        return f"PhoneCode(phone_number={self.phone_number!r})"


class VerifiedPhone(msgspec.Struct, frozen=True, kw_only=True, rename=camel):
    """A number that its owner has verified, and the user who has it now."""

    phone_number: str
    user: PhoneUser


class SendPhoneCode(Protocol):
    """Delivers a code."""

    def __call__(self, code: PhoneCode, call: Call[Any], /) -> Awaitable[None]:
        """Deliver it; a failure is logged and not told to the caller."""
        ...


class VerifyPhoneCode(Protocol):
    """Checks a code that another service has made."""

    def __call__(self, code: PhoneCode, call: Call[Any], /) -> Awaitable[bool]:
        """Whether it is right. That it works once, and how many may be tried, is the service's business."""
        ...


class OnPhoneVerification(Protocol):
    """Is told that a number was verified."""

    def __call__(self, verified: VerifiedPhone, call: Call[Any], /) -> Awaitable[None]:
        """Called before the session begins; a failure fails the call."""
        ...


class SignUpOnVerification(Options):
    """How unknown numbers become users.

    Attributes:
        get_temp_email: The address of a new user, given the number; it must be nobody's.
        get_temp_name: The name; by default the number.
    """

    get_temp_email: Called[Callable[[str], Awaitable[str] | str]]
    get_temp_name: Called[Callable[[str], Awaitable[str] | str]] | None = None


class PhoneNumberOptions(Options):
    """How codes are made and sent, and what numbers are.

    Attributes:
        otp_length: Digits of a code.
        send_otp: Delivers codes.
        verify_otp: Checks codes in place of the stored ones, where another service makes them.
        send_password_reset_otp: Delivers codes to set a new password with.
        expires_in: How long a code works.
        phone_number_validator: Whether a number is fine. ``phonenumbers`` accepts valid numbers in the form of E.164,
            as ``+12015550123``; it needs the extra ``phone``.
        require_verification: Passwords sign in only with a verified number.
        callback_on_verification: Is told of verified numbers.
        sign_up_on_verification: Unknown numbers become users.
        schema: Names in the database.
        allowed_attempts: Wrong tries before a code is dead.
    """

    otp_length: Whole = Field(default=6, ge=4, le=64)
    send_otp: Called[SendPhoneCode] | None = Field(default=None, alias="sendOTP")
    verify_otp: Called[VerifyPhoneCode] | None = Field(default=None, alias="verifyOTP")
    send_password_reset_otp: Called[SendPhoneCode] | None = Field(default=None, alias="sendPasswordResetOTP")
    expires_in: Seconds = Field(default=300, ge=1)
    phone_number_validator: Literal["phonenumbers"] | Called[Callable[[str], Awaitable[bool] | bool]] | None = None
    require_verification: Flag = False
    callback_on_verification: Called[OnPhoneVerification] | None = None
    sign_up_on_verification: SignUpOnVerification | None = None
    schema_: Mapping[str, TableNames] = Field(default_factory=dict[str, TableNames], alias="schema")
    allowed_attempts: Whole = Field(default=3, ge=1)

    def rules(self) -> CodeRules:
        """The same for a code."""
        return CodeRules(length=self.otp_length, expires_in=self.expires_in, allowed_attempts=self.allowed_attempts)
