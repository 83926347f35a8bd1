"""Sign in with an address and a password; unknown addresses cost as much as known ones."""

from __future__ import annotations

from gatewright.contract.faults import (
    EmailNotVerified,
    EmailPasswordDisabled,
    InvalidEmail,
    InvalidEmailOrPassword,
)
from gatewright.flows.verification_mail import Caller, send_verification
from gatewright.model.user import User
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.wire.text import is_email

__all__ = ("sign_in",)


async def sign_in(
    services: Services, db: Database, caller: Caller, email: str, password: str, *, callback_url: str | None
) -> tuple[User, str]:
    """The user whose address and password these are, and the hash of the password as it is stored.

    Raises:
        EmailPasswordDisabled: Switched off.
        InvalidEmail: Not an address.
        InvalidEmailOrPassword: Unknown address, no password, or another one; which is not told.
        TooManyRequests: There were too many wrong passwords.
        EmailNotVerified: The address has to be verified first; where the settings say so, the link is mailed again.
    """
    options = services.plan.settings.email_and_password
    if not options.enabled:
        raise EmailPasswordDisabled
    if not is_email(email):
        raise InvalidEmail
    user = await services.users.by_email(db, email)
    account = await services.accounts.credential_of(db, user)
    hashed = None if account is None else account.password
    await services.targets.guess(caller.request, email, hashed)
    matches = await services.passwords.verify(password, hashed)
    if user is None or account is None or hashed is None or not matches:
        raise InvalidEmailOrPassword
    await services.targets.guessed(caller.request, email, hashed)
    if options.require_email_verification and not user.email_verified:
        if services.plan.settings.email_verification.send_on_sign_in:
            await send_verification(services, caller, user, callback_url)
        raise EmailNotVerified
    if services.passwords.needs_rehash(hashed):
        # Only while the hash is still the one that was verified: a password changed meanwhile stays changed.
        better = await services.passwords.hash(password)
        if await services.accounts.rehash(db, account, better) is not None:
            hashed = better
    return user, hashed
