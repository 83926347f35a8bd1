"""Sign in by name and password; unknown names cost as much as known ones."""

from __future__ import annotations

from gatewright.contract.faults import EmailNotVerified
from gatewright.flows.verification_mail import Caller, send_verification
from gatewright.model.user import User
from gatewright.plugins.username.faults import InvalidUsernameOrPassword
from gatewright.plugins.username.model import NamedUser
from gatewright.services.database import Database
from gatewright.services.services import Services

__all__ = ("by_name", "sign_in_by_name")


async def by_name(db: Database, stored: str) -> NamedUser | None:
    """The user with a name in its stored form."""
    return await db.find_one(NamedUser, NamedUser.username.eq(stored))


async def sign_in_by_name(
    services: Services, db: Database, caller: Caller, stored: str, password: str, *, callback_url: str | None
) -> tuple[User, str]:
    """The user whose name and password these are, and the hash of the password as it is stored.

    Raises:
        InvalidUsernameOrPassword: Unknown name, no password, or another one; which is not told.
        TooManyRequests: There were too many wrong passwords.
        EmailNotVerified: The address has to be verified first; where the settings say so, the link is mailed again.
    """
    user = await by_name(db, stored)
    account = await services.accounts.credential_of(db, user)
    hashed = None if account is None else account.password
    # By address, where there is one: a name and an address are two ways to one password.
    target = stored if user is None else user.email
    await services.targets.guess(caller.request, target, hashed)
    matches = await services.passwords.verify(password, hashed)
    if user is None or account is None or hashed is None or not matches:
        raise InvalidUsernameOrPassword
    await services.targets.guessed(caller.request, target, hashed)
    settings = services.plan.settings
    if settings.email_and_password.require_email_verification and not user.email_verified:
        if settings.email_verification.send_on_sign_in:
            await send_verification(services, caller, user, callback_url)
        raise EmailNotVerified
    if services.passwords.needs_rehash(hashed):
        better = await services.passwords.hash(password)
        if await services.accounts.rehash(db, account, better) is not None:
            hashed = better
    return user, hashed
