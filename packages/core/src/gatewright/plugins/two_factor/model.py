"""The ``twoFactor`` table and the column of ``user``. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, Column, Reference, column
from gatewright.model.row import Row
from gatewright.model.user import User

__all__ = ("TwoFactor", "TwoFactorUser")


class TwoFactorUser(User):
    """A user who may owe a second factor."""

    two_factor_enabled: Column[bool | None] = column(default=False, input=False)


class TwoFactor(Row, table="twoFactor"):
    """A user's authenticator app and backup codes.

    ``secret`` is encrypted; its nonce also tells the last step whose code was used (see ``totp``).
    """

    secret: Column[str] = column(index=True, returned=False)
    backup_codes: Column[str] = column(returned=False)
    user_id: Column[str] = column(index=True, returned=False, references=Reference("user"))
    verified: Column[bool | None] = column(default=True, input=False)
    failed_verification_count: Column[int | None] = column(default=0, input=False, returned=False)
    locked_until: Column[datetime | None] = column(default=None, input=False, returned=False)
    id: Column[str] = column(factory=GENERATED, input=False)
