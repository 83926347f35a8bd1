"""Options of signing up and in with an e-mail address and a password.

Source: contract, options.json ``emailAndPassword``.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from gatewright.settings.base import Called, Flag, Options, Seconds, Whole
from gatewright.settings.callbacks import (
    HashPassword,
    OnUserData,
    SendMail,
    SyntheticUserFunction,
    VerifyPassword,
)

__all__ = ("EmailAndPassword", "PasswordFunctions")


class PasswordFunctions(Options):
    """A password scheme of the application's own; both functions or none."""

    hash: Called[HashPassword] | None = None
    verify: Called[VerifyPassword] | None = None

    @model_validator(mode="after")
    def _paired(self) -> Self:
        if (self.hash is None) != (self.verify is None):
            raise ValueError("hash and verify belong together: give both or none")
        return self


class EmailAndPassword(Options):
    """Signing up and in with an e-mail address and a password. Durations are seconds."""

    enabled: Flag = False
    disable_sign_up: Flag = False
    require_email_verification: Flag = False
    min_password_length: Whole = Field(default=8, ge=1)
    max_password_length: Whole = Field(default=128, ge=1)
    send_reset_password: Called[SendMail] | None = None
    reset_password_token_expires_in: Seconds = Field(default=3600, gt=0)
    on_password_reset: Called[OnUserData] | None = None
    password: PasswordFunctions | None = None
    auto_sign_in: Flag = True
    revoke_sessions_on_password_reset: Flag = False
    on_existing_user_sign_up: Called[OnUserData] | None = None
    custom_synthetic_user: Called[SyntheticUserFunction] | None = None
    password_hash: Literal["argon2id", "scrypt"] = "argon2id"  # noqa: S105 (a scheme)
    """Scheme of new hashes. ``scrypt`` keeps a database that a TypeScript server writes to as well; every scheme
    verifies always."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min_password_length > self.max_password_length:
            raise ValueError("minPasswordLength is greater than maxPasswordLength")
        return self
