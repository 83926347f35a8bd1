"""Options of signing up and in with a password."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from pydantic import Field, SkipValidation

from gatewright.settings.base import Options
from gatewright.settings.callbacks import OnUserData, SendMail, SyntheticUser

__all__ = ("EmailAndPassword", "PasswordFunctions")


class PasswordFunctions(Options):
    """A password scheme of the application's own; both functions or none."""

    hash: SkipValidation[Callable[[str], Awaitable[str] | str]] | None = None
    verify: SkipValidation[Callable[[Any], Awaitable[bool] | bool]] | None = None


class EmailAndPassword(Options):
    """Signing up and in with an e-mail address and a password. Durations are seconds."""

    enabled: bool = False
    disable_sign_up: bool = False
    require_email_verification: bool = False
    min_password_length: int = Field(default=8, ge=1)
    max_password_length: int = Field(default=128, ge=1)
    send_reset_password: SkipValidation[SendMail] | None = None
    reset_password_token_expires_in: int = Field(default=3600, gt=0)
    on_password_reset: SkipValidation[OnUserData] | None = None
    password: PasswordFunctions | None = None
    auto_sign_in: bool = True
    revoke_sessions_on_password_reset: bool = False
    on_existing_user_sign_up: SkipValidation[OnUserData] | None = None
    custom_synthetic_user: SkipValidation[Callable[[SyntheticUser], Any]] | None = None
    password_hash: Literal["argon2id", "scrypt"] = "argon2id"  # noqa: S105 (a scheme)
    """Scheme of new hashes. ``scrypt`` keeps a database that a TypeScript server writes to as well; every scheme
    verifies always."""
