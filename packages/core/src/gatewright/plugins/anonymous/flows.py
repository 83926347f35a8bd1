"""Make guests, join them to the users that they become, remove them."""

from __future__ import annotations

import inspect
from typing import Any

from gatewright.contract.faults import FailedToCreateUser
from gatewright.contract.results import SessionData
from gatewright.crypto.random_text import ID_ALPHABET, random_text
from gatewright.model.query import Update
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.hook_context import context_as_sent
from gatewright.plugins.anonymous.faults import InvalidEmailFormat
from gatewright.plugins.anonymous.model import GuestUser
from gatewright.plugins.anonymous.options import AnonymousOptions, LinkedGuest
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.services import Services
from gatewright.wire.text import is_email

__all__ = ("create_guest", "join")

NAME = "Anonymous"
ID_LENGTH = 32


async def create_guest(call: Call[Any], options: AnonymousOptions) -> User:
    """A new guest.

    Raises:
        InvalidEmailFormat: The application's own address is none.
        FailedToCreateUser: A hook does not want the guest, or the application's own address is somebody's.
    """
    email = await _address(call.services, options)
    make = options.generate_name
    name = "" if make is None else make(call)
    name = await name if inspect.isawaitable(name) else name
    values = {"email": email.lower(), "emailVerified": False, "isAnonymous": True, "name": name or NAME}
    try:
        return await call.services.users.create(call.db, values)
    except (Refused, Conflict):
        raise FailedToCreateUser(status=500) from None


async def _address(services: Services, options: AnonymousOptions) -> str:
    make = options.generate_random_email
    if make is not None:
        made = make()
        own = await made if inspect.isawaitable(made) else made
        if own:
            if not is_email(own):
                raise InvalidEmailFormat
            return own
    number = random_text(ID_LENGTH, ID_ALPHABET, services.random.bytes).lower()
    domain = options.email_domain_name
    return f"temp-{number}@{domain}" if domain else f"temp@{number}.com"


async def join(call: Call[Any], options: AnonymousOptions, guest: SessionData, begun: SessionData) -> None:
    """Have the application move what a guest has left, then remove the guest.

    Of several sign-ins at once one does this: it marks the guest, so that the others find no guest any more.
    """
    db, tell = call.db, options.on_link_account
    if tell is not None:
        if not await _mark(db, guest.user.id, was=True, now=None):
            return
        # Who called is the guest, whatever the call has found out since.
        context = context_as_sent(call).having(session=guest.session, user=guest.user)
        try:
            await tell(LinkedGuest(anonymous_user=guest, new_user=begun, context=context))
        except BaseException:
            await _mark(db, guest.user.id, was=None, now=True)
            raise
    if options.disable_delete_anonymous_user or not await _removed(call.services, db, guest.user.id):
        await _mark(db, guest.user.id, was=None, now=True)


async def _removed(services: Services, db: Database, user_id: str) -> bool:
    """Remove a guest; whether that worked. Whoever the guest has become stays signed in."""
    try:
        await services.users.delete(db, user_id)
    except Refused:
        return False
    except Exception as error:  # noqa: BLE001 (a hook of the application's own; the guest can be removed later)
        services.log.error("removing a guest failed", error=error)
        return False
    return True


async def _mark(db: Database, user_id: str, *, was: bool | None, now: bool | None) -> bool:
    """Change what kind of guest it is, if it is as it ``was``; one caller is told that it did. No hooks run."""
    table = db.schema[GuestUser]
    where = (GuestUser.id.eq(user_id), GuestUser.is_anonymous.eq(was))
    changes = (GuestUser.is_anonymous.to(now),)
    return await db.adapter.update_one(Update(table, where, changes, one=True)) is not None
