"""Sign in with an address and a password; unknown addresses cost as much as known ones."""

from __future__ import annotations

from gatewright.contract.faults import (
    EmailNotVerified,
    EmailPasswordDisabled,
    InvalidEmail,
    InvalidEmailOrPassword,
)
from gatewright.model.account import CREDENTIAL
from gatewright.model.user import User
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.wire.text import is_email

__all__ = ("sign_in",)


async def sign_in(services: Services, db: Database, email: str, password: str) -> User:
    """The user whose address and password these are.

    Raises:
        EmailPasswordDisabled: Switched off.
        InvalidEmail: Not an address.
        InvalidEmailOrPassword: Unknown address, no password, or another one; which is not told.
        EmailNotVerified: The address has to be verified first.
    """
    options = services.plan.settings.email_and_password
    if not options.enabled:
        raise EmailPasswordDisabled
    if not is_email(email):
        raise InvalidEmail
    found = await services.users.with_credential(db, email, CREDENTIAL)
    account = None if found is None else found[1]
    hashed = None if account is None else account.password
    matches = await services.passwords.verify(password, hashed)
    if found is None or account is None or hashed is None or not matches:
        raise InvalidEmailOrPassword
    user = found[0]
    if options.require_email_verification and not user.email_verified:
        raise EmailNotVerified
    if services.passwords.needs_rehash(hashed):
        # Only while the hash is still the one that was verified: a password changed meanwhile stays changed.
        better = await services.passwords.hash(password)
        await services.accounts.set_password(db, account, better, only_if=hashed)
    return user
