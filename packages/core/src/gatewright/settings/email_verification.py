"""Options of verifying e-mail addresses."""

from __future__ import annotations

from pydantic import Field, SkipValidation

from gatewright.settings.base import Options
from gatewright.settings.callbacks import OnUser, SendMail

__all__ = ("EmailVerification",)


class EmailVerification(Options):
    """Verifying addresses. Durations are seconds."""

    send_verification_email: SkipValidation[SendMail] | None = None
    send_on_sign_up: bool | None = None
    send_on_sign_in: bool = False
    auto_sign_in_after_verification: bool = False
    expires_in: int = Field(default=3600, gt=0)
    before_email_verification: SkipValidation[OnUser] | None = None
    after_email_verification: SkipValidation[OnUser] | None = None
