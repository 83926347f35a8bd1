"""Reset a forgotten password with a mailed token.

Source: contract, crypto.json ``verification_rows``; OWASP Forgot Password Cheat Sheet.
"""

from __future__ import annotations

import re
from datetime import timedelta

from gatewright.contract.faults import InvalidToken, ResetPasswordDisabled
from gatewright.crypto.random_text import ID_ALPHABET, random_text
from gatewright.flows.address_changes import changed_since
from gatewright.flows.verification_mail import Caller
from gatewright.http.cookies import encode_uri_component
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.settings.callbacks import Mail, UserOnly

__all__ = ("find_reset", "request_reset", "reset_password")

PREFIX = "reset-password:"
TOKEN_LENGTH = 24
"""Characters of a token: 142 bits (contract)."""

_TOKEN = re.compile(rf"[A-Za-z0-9]{{{TOKEN_LENGTH}}}")


async def request_reset(services: Services, db: Database, caller: Caller, email: str, redirect_to: str | None) -> None:
    """Mail a token to the user with this address; nobody is told whether there is one.

    Storing the token and mailing it take place outside the request, so that a known address takes no longer.

    Raises:
        ResetPasswordDisabled: No sender is configured.
        TooManyRequests: Too many messages to one address.
    """
    options = services.plan.settings.email_and_password
    sender = options.send_reset_password
    if sender is None:
        raise ResetPasswordDisabled
    await services.targets.message(caller.request, email)
    user = await services.users.by_email(db, email)
    token = random_text(TOKEN_LENGTH, ID_ALPHABET, services.random.bytes)
    url = f"{caller.base_url}/reset-password/{token}?callbackURL={encode_uri_component(redirect_to or '')}"
    expires_at = services.clock.now() + timedelta(seconds=options.reset_password_token_expires_in)

    async def deliver() -> None:
        if user is None:
            await services.verifications.find(db, PREFIX + token)  # a visit to the store, as for a known address
            return
        await services.verifications.create(db, PREFIX + token, user.id, expires_at=expires_at)
        await sender(Mail(user=user, url=url, token=token), caller.request)

    await services.tasks.spawn(deliver, name="mailing a password reset")


async def find_reset(services: Services, db: Database, token: str) -> Verification | None:
    """The reset that a token stands for; it stays usable. ``None`` when it is wrong, used or expired."""
    # The form is checked as well: where the application's own hash drops the prefix of an identifier, the tokens of
    # other flows would be found too.
    if _TOKEN.fullmatch(token) is None:
        return None
    return await services.verifications.find(db, PREFIX + token)


async def reset_password(
    services: Services, db: Database, caller: Caller, token: str | None, new: str, *, own_session: str | None = None
) -> None:
    """Replace the user's password, or give one to a user who has none.

    A password that is refused does not use up the token. Of several callers with one token one succeeds. Where nobody
    had proven the address before, other sessions than the caller's own end: whoever began them may not have owned it.

    Args:
        services: Of the instance.
        db: Where.
        caller: On whose behalf.
        token: As mailed.
        new: The password.
        own_session: The token of the caller's own session, if it is this user's.

    Raises:
        PasswordTooShort, PasswordTooLong: Outside the configured bounds.
        InvalidToken: Wrong, used or expired, or the address or the password was changed since it was mailed.
    """
    if not token:
        raise InvalidToken
    services.passwords.check_length(new)
    found = await find_reset(services, db, token)
    user = None if found is None else await services.users.by_id(db, found.value)
    if found is None or user is None:
        raise InvalidToken
    account = await services.accounts.credential(db, user.id)
    if account is not None and account.password is not None and account.updated_at > found.created_at:
        raise InvalidToken
    if await changed_since(services, db, user.id, found.created_at):
        raise InvalidToken
    hashed = await services.passwords.hash(new)
    try:
        # Together: whoever was shut out must not stay because the caller has gone, or a store has failed, in between.
        async with db.transaction() as tx:
            if await services.verifications.take(tx, PREFIX + token, value=user.id) is None:
                raise InvalidToken
            if account is None:
                await services.accounts.create_credential(tx, user.id, hashed)
            elif await services.accounts.set_password(tx, account, hashed, only_if=account.password) is None:
                raise InvalidToken
            await _end_sessions(services, tx, user, own_session)
    except Conflict:
        raise InvalidToken from None
    tell = services.plan.settings.email_and_password.on_password_reset
    if tell is not None:
        await services.tasks.spawn(lambda: tell(UserOnly(user), caller.request), name="on_password_reset")


async def _end_sessions(services: Services, db: Database, user: User, own_session: str | None) -> None:
    if services.plan.settings.email_and_password.revoke_sessions_on_password_reset:
        await services.sessions.end_all(db, user.id)
    elif not user.email_verified:
        await services.sessions.expire_all(db, user.id, but=own_session)
