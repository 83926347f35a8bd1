"""Options of verifying e-mail addresses. Source: contract, options.json ``emailVerification``."""

from __future__ import annotations

from pydantic import Field

from gatewright.settings.base import Called, Flag, Options, Seconds
from gatewright.settings.callbacks import OnUser, SendMail

__all__ = ("EmailVerification",)


class EmailVerification(Options):
    """Verifying addresses. Durations are seconds."""

    send_verification_email: Called[SendMail] | None = None
    send_on_sign_up: Flag | None = None
    """Unless set, as ``email_and_password.require_email_verification``."""
    send_on_sign_in: Flag = False
    auto_sign_in_after_verification: Flag = False
    expires_in: Seconds = Field(default=3600, gt=0)
    before_email_verification: Called[OnUser] | None = None
    after_email_verification: Called[OnUser] | None = None
