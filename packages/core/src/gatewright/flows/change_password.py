"""Replace or set the password of a signed-in user."""

from __future__ import annotations

from gatewright.contract.faults import CredentialAccountNotFound, InvalidPassword, PasswordAlreadySet
from gatewright.flows.verification_mail import Caller
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database
from gatewright.services.services import Services

__all__ = ("change_password", "set_password")


async def change_password(
    services: Services,
    db: Database,
    caller: Caller,
    user: User,
    *,
    current: str,
    new: str,
    end_sessions: bool = False,
) -> None:
    """Replace ``current`` by ``new``. Of several concurrent changes from one password the first wins.

    With ``end_sessions`` every session of the user ends with the old password: both happen, or neither.

    Raises:
        PasswordTooShort, PasswordTooLong: Outside the configured bounds.
        CredentialAccountNotFound: The user has no password.
        InvalidPassword: ``current`` is not the password, or not any more.
        TooManyRequests: There were too many wrong ones.
    """
    services.passwords.check_length(new)
    account = await services.accounts.credential(db, user.id)
    if account is None or account.password is None:
        raise CredentialAccountNotFound
    before = account.password
    await services.targets.own_guess(caller.request, user.id, before)
    if not await services.passwords.verify(current, before):
        raise InvalidPassword
    await services.targets.own_guessed(caller.request, user.id, before)
    hashed = await services.passwords.hash(new)
    if not end_sessions:
        if await services.accounts.set_password(db, account, hashed, only_if=before) is None:
            raise InvalidPassword
        return
    async with db.transaction() as tx:
        if await services.accounts.set_password(tx, account, hashed, only_if=before) is None:
            raise InvalidPassword
        await services.sessions.end_all(tx, user.id)


async def set_password(services: Services, db: Database, user: User, new: str) -> None:
    """Give a user without a password one.

    Raises:
        PasswordTooShort, PasswordTooLong: Outside the configured bounds.
        PasswordAlreadySet: There is one.
    """
    services.passwords.check_length(new)
    account = await services.accounts.credential(db, user.id)
    if account is not None and account.password is not None:
        raise PasswordAlreadySet
    hashed = await services.passwords.hash(new)
    try:
        if account is None:
            await services.accounts.create_credential(db, user.id, hashed)
        elif await services.accounts.set_password(db, account, hashed, only_if=None) is None:
            raise PasswordAlreadySet
    except Conflict:
        raise PasswordAlreadySet from None
