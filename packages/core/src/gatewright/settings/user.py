"""Options of users. Source: contract, options.json ``user``."""

from __future__ import annotations

from pydantic import Field

from gatewright.settings.base import Called, Flag, Options, Seconds
from gatewright.settings.callbacks import OnUser, SendChangeEmail, SendMail, ValidateUserInfo
from gatewright.settings.fields import ModelOptions

__all__ = ("ChangeEmailOptions", "DeleteUserOptions", "UserOptions")


class ChangeEmailOptions(Options):
    """Changing one's address.

    ``send_change_email_notice`` and ``undo_expires_in`` (seconds) are beyond the contract: an address that was proven is
    told of its change, with a link that takes it back.
    """

    enabled: Flag = False
    send_change_email_confirmation: Called[SendChangeEmail] | None = None
    send_change_email_notice: Called[SendChangeEmail] | None = None
    undo_expires_in: Seconds = Field(default=604800, gt=0)
    update_email_without_verification: Flag = False


class DeleteUserOptions(Options):
    """Deleting oneself. Durations are seconds."""

    enabled: Flag = False
    send_delete_account_verification: Called[SendMail] | None = None
    before_delete: Called[OnUser] | None = None
    after_delete: Called[OnUser] | None = None
    delete_token_expires_in: Seconds = Field(default=86400, gt=0)


class UserOptions(ModelOptions):
    """The user table and what users may do with themselves."""

    validate_user_info: Called[ValidateUserInfo] | None = None
    change_email: ChangeEmailOptions = ChangeEmailOptions()
    delete_user: DeleteUserOptions = DeleteUserOptions()
