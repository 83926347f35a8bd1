"""Change a user's e-mail address: asking for it, and the write that makes everything mailed before void.

Links that were mailed before a change, for resetting the password or for proving an address, are refused, even when
the address is changed back. Source: contract, endpoints.json ``/change-email``.
"""

from __future__ import annotations

from gatewright.contract.faults import ChangeEmailDisabled
from gatewright.flows.address_changes import mark_changed
from gatewright.flows.email_undo import notice_of
from gatewright.flows.verification_mail import Caller, confirmation_mail, mail_nobody, send_verification
from gatewright.model.query import Change
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.wire.faults import ApiError

__all__ = ("ask_to_change_email", "write_email")


async def ask_to_change_email(
    services: Services, db: Database, caller: Caller, user: User, new_email: str, *, callback_url: str | None
) -> User | None:
    """Begin, or where the settings allow it finish, changing the user's address.

    An address that belongs to somebody else is answered like a free one: nothing is mailed to its owner.

    Returns:
        The user with the new address where it was changed at once, else ``None``: a mail is on its way, or not.

    Raises:
        ChangeEmailDisabled: Switched off.
        ApiError: It is the present address, or nobody could prove the new one.
    """
    options = services.plan.settings.user.change_email
    if not options.enabled:
        raise ChangeEmailDisabled
    wanted = new_email.lower()
    if wanted == user.email.lower():
        raise ApiError(400, message="Email is the same")
    at_once = options.update_email_without_verification and not user.email_verified
    if not at_once and services.plan.settings.email_verification.send_verification_email is None:
        raise ApiError(400, message="Verification email isn't enabled")
    if await services.users.by_email(db, wanted) is not None:
        await mail_nobody(services, caller, callback_url, wanted)
        return None
    if at_once:
        try:
            changed = await write_email(services, db, caller, user, wanted, verified=None)
        except Conflict:
            return None
        if changed is not None:
            await send_verification(services, caller, user.with_values({"email": wanted}), callback_url)
        return changed
    ask = options.send_change_email_confirmation
    if user.email_verified and ask is not None:
        mail = confirmation_mail(services, caller, user, callback_url, update_to=wanted)
        await services.tasks.spawn(lambda: ask(mail, caller.request), name="mailing a change-of-address question")
    else:
        await send_verification(services, caller, user, callback_url, update_to=wanted)
    return None


async def write_email(
    services: Services, db: Database, caller: Caller, user: User, new_email: str, *, verified: bool | None
) -> User | None:
    """Give the user another address, if it still is the one that the caller has seen; the old one is told if configured.

    Args:
        services: The keepers.
        db: Where.
        caller: On whose behalf.
        user: As read.
        new_email: In lower case.
        verified: Whether the new address is proven; ``None`` leaves that as it is.

    Returns:
        The user afterwards, or ``None`` when the address was changed meanwhile.

    Raises:
        Conflict: The address belongs to somebody else.
    """
    changes: list[Change[User]] = [User.email.to(new_email)]
    if verified is not None:
        changes.append(User.email_verified.to(verified))
    async with db.transaction() as tx:
        changed = await tx.update_one(User, User.id.eq(user.id), User.email.eq(user.email), set=changes)
        if changed is None:
            return None
        await mark_changed(services, tx, user.id)
        notice = await notice_of(services, tx, caller, user, new_email)
    tell = services.plan.settings.user.change_email.send_change_email_notice
    if notice is not None and tell is not None:
        await services.tasks.spawn(lambda: tell(notice, caller.request), name="mailing a notice of a changed address")
    return changed
