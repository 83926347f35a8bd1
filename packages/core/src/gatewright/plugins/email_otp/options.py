"""Options of the email OTP plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal, Protocol

import msgspec
from pydantic import Field

from gatewright.flows.one_time_code import CodeRules
from gatewright.pipeline.call import Call
from gatewright.plugins.email_otp.contract import CodeType
from gatewright.settings.base import Called, Flag, Options, Seconds, Whole
from gatewright.settings.rate_limit import LimitOptions

__all__ = (
    "ChangeEmailOptions",
    "CodeCipher",
    "CodeHash",
    "EmailOTPOptions",
    "MailedCode",
    "SendVerificationOTP",
)


class MailedCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code to mail, and what it is for."""

    email: str
    otp: str
    type: CodeType

    def __repr__(self) -> str:
        return f"MailedCode(email={self.email!r}, type={self.type!r})"


class SendVerificationOTP(Protocol):
    """Delivers a code."""

    def __call__(self, code: MailedCode, call: Call[Any] | None, /) -> Awaitable[None]:
        """Deliver it; a failure is logged and not told to the caller. ``call`` is what asked for it, where it was one."""
        ...


class CodeHash(Options):
    """An application's own way to hash codes."""

    hash: Called[Callable[[str], Awaitable[str]]]


class CodeCipher(Options):
    """An application's own way to encrypt codes."""

    encrypt: Called[Callable[[str], Awaitable[str]]]
    decrypt: Called[Callable[[str], Awaitable[str]]]


class ChangeEmailOptions(Options):
    """Changing the address by code; ``verify_current_email`` asks for a code of the present address first."""

    enabled: Flag = False
    verify_current_email: Flag = False


class EmailOTPOptions(Options):
    """How codes are made, kept and mailed.

    Attributes:
        send_verification_otp: Delivers a code.
        otp_length: Digits.
        expires_in: How long a code works.
        generate_otp: Makes codes in place of random digits, given ``{"email", "type"}``.
        send_verification_on_sign_up: Mail a code to whoever signs up.
        disable_sign_up: Unknown addresses do not become users.
        allowed_attempts: Wrong tries before a code is dead.
        store_otp: How codes are kept.
        resend_strategy: ``reuse`` repeats a code that is alive; a hashed one cannot be repeated.
        change_email: Changing the address by code.
        override_default_email_verification: Codes in place of the core's mailed links.
        rate_limit: For each operation.
    """

    send_verification_otp: Called[SendVerificationOTP] = Field(alias="sendVerificationOTP")
    otp_length: Whole = Field(default=6, ge=4, le=64)
    expires_in: Seconds = Field(default=300, ge=1)
    generate_otp: Called[Callable[..., Awaitable[str] | str]] | None = Field(default=None, alias="generateOTP")
    send_verification_on_sign_up: Flag = False
    disable_sign_up: Flag = False
    allowed_attempts: Whole = Field(default=3, ge=1)
    store_otp: Literal["plain", "hashed", "encrypted"] | CodeHash | CodeCipher = Field(
        default="plain", alias="storeOTP"
    )
    resend_strategy: Literal["rotate", "reuse"] = "rotate"
    change_email: ChangeEmailOptions = Field(default_factory=ChangeEmailOptions)
    override_default_email_verification: Flag = False
    rate_limit: LimitOptions = Field(default_factory=lambda: LimitOptions(window=60, max=3))

    def rules(self, email: str, kind: CodeType) -> CodeRules:
        """The same for a code."""
        make = self.generate_otp
        return CodeRules(
            length=self.otp_length,
            expires_in=self.expires_in,
            allowed_attempts=self.allowed_attempts,
            storage=self.store_otp,
            generate=None if make is None else lambda: make({"email": email, "type": kind}),
            reuse=self.resend_strategy == "reuse",
        )
