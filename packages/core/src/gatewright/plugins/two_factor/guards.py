"""Guards: the password again, before a second factor is changed or shown."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gatewright.contract.faults import InvalidPassword, ValidationError
from gatewright.model.user import User
from gatewright.pipeline.call import Call

__all__ = ("check_password", "has_no_password")


async def check_password(
    call: Call[object], user: User, password: str | UnsetType, *, allow_passwordless: bool
) -> None:
    """Compare with the user's password; users who have none need none, where that is allowed.

    Raises:
        ValidationError: There has to be a password.
        InvalidPassword: It is another one, or there is none to compare with.
    """
    if password is UNSET and not allow_passwordless:
        raise ValidationError(message="[body.password] Invalid input: expected string, received undefined")
    account = await call.services.accounts.credential(call.db, user.id)
    hashed = None if account is None else account.password
    if hashed is None and allow_passwordless:
        return
    if password is UNSET or not await call.services.passwords.verify(password, hashed):
        raise InvalidPassword


async def has_no_password(call: Call[object], user: User, *, allow_passwordless: bool) -> None:
    """Let only users pass who have no password to give.

    Raises:
        InvalidPassword: The user has one, or a password is always needed.
    """
    account = await call.services.accounts.credential(call.db, user.id)
    if not allow_passwordless or (account is not None and account.password is not None):
        raise InvalidPassword
