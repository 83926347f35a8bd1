"""Delete a signed-in user: what proves that the user wants it, and the deletion itself.

Source: contract, endpoints.json ``/delete-user`` and ``/delete-user/callback``.
"""

from __future__ import annotations

import re
from datetime import timedelta

from gatewright.contract.faults import BadRequest, CredentialAccountNotFound, InvalidPassword, InvalidToken
from gatewright.crypto.random_text import LOWER_DIGITS, random_text
from gatewright.flows.verification_mail import Caller
from gatewright.http.cookies import encode_uri_component
from gatewright.model.user import User
from gatewright.services.database import Database, Refused
from gatewright.services.services import Services
from gatewright.settings.callbacks import Mail, SendMail

__all__ = ("check_password", "delete", "mail_deletion", "take_deletion")

PREFIX = "delete-account-"
TOKEN_LENGTH = 32
"""Characters of a token: 165 bits (contract)."""

_TOKEN = re.compile(rf"[a-z0-9]{{{TOKEN_LENGTH}}}")


async def check_password(services: Services, db: Database, caller: Caller, user: User, password: str) -> None:
    """The password proves who asks.

    Raises:
        CredentialAccountNotFound: The user has none.
        InvalidPassword: It is another one.
        TooManyRequests: There were too many wrong ones.
    """
    account = await services.accounts.credential(db, user.id)
    if account is None or account.password is None:
        raise CredentialAccountNotFound
    await services.targets.own_guess(caller.request, user.id, account.password)
    if not await services.passwords.verify(password, account.password):
        raise InvalidPassword
    await services.targets.own_guessed(caller.request, user.id, account.password)


async def mail_deletion(
    services: Services, db: Database, caller: Caller, user: User, *, callback_url: str | None, sender: SendMail
) -> None:
    """Mail the user a token that deletes."""
    token = random_text(TOKEN_LENGTH, LOWER_DIGITS, services.random.bytes)
    lifetime = timedelta(seconds=services.plan.settings.user.delete_user.delete_token_expires_in)
    await services.verifications.create(db, PREFIX + token, user.id, expires_at=services.clock.now() + lifetime)
    place = encode_uri_component(callback_url or "/")
    url = f"{caller.base_url}/delete-user/callback?token={token}&callbackURL={place}"
    mail = Mail(user=user, url=url, token=token)
    await services.tasks.spawn(lambda: sender(mail, caller.request), name="mailing an account deletion")


async def take_deletion(services: Services, db: Database, user: User, token: str) -> None:
    """Use up a token of this user's own; anybody else's stays usable.

    Raises:
        InvalidToken: Wrong, used, expired, or somebody else's.
    """
    if _TOKEN.fullmatch(token) is None:
        raise InvalidToken(status=404)
    if await services.verifications.take(db, PREFIX + token, value=user.id) is None:
        raise InvalidToken(status=404)


async def delete(services: Services, db: Database, caller: Caller, user: User) -> None:
    """Delete the user with everything that is the user's.

    Raises:
        ApiError: ``before_delete`` does not want it.
        BadRequest: A hook of the table does not want it.
    """
    options = services.plan.settings.user.delete_user
    if options.before_delete is not None:
        await options.before_delete(user, caller.request)
    try:
        await services.users.delete(db, user.id)
    except Refused:
        raise BadRequest(message="The user was not deleted") from None
    if options.after_delete is not None:
        await options.after_delete(user, caller.request)
