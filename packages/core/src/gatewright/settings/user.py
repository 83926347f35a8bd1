"""Options of users."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import Field, SkipValidation

from gatewright.settings.base import Options
from gatewright.settings.callbacks import OnUser, SendChangeEmail, SendMail
from gatewright.settings.fields import ModelOptions

__all__ = ("ChangeEmailOptions", "DeleteUserOptions", "UserOptions")


class ChangeEmailOptions(Options):
    """Changing one's address."""

    enabled: bool = False
    send_change_email_confirmation: SkipValidation[SendChangeEmail] | None = None
    update_email_without_verification: bool = False


class DeleteUserOptions(Options):
    """Deleting oneself. Durations are seconds."""

    enabled: bool = False
    send_delete_account_verification: SkipValidation[SendMail] | None = None
    before_delete: SkipValidation[OnUser] | None = None
    after_delete: SkipValidation[OnUser] | None = None
    delete_token_expires_in: int = Field(default=86400, gt=0)


class UserOptions(ModelOptions):
    """The user table and what users may do with themselves."""

    validate_user_info: SkipValidation[Callable[..., Any]] | None = None
    change_email: ChangeEmailOptions = ChangeEmailOptions()
    delete_user: DeleteUserOptions = DeleteUserOptions()
