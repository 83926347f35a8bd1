"""Follow a mailed link: prove an address, or take the next step in changing it.

A link is a signed token and so can be followed more than once; what it does, it does once. Of several callers at the
same moment one verifies, and only then is ``after_email_verification`` told. ``before_email_verification`` is a
question and may be asked by each of them. Source: contract, endpoints.json ``/verify-email``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gatewright.contract.faults import (
    EmailAlreadyVerified,
    EmailMismatch,
    InvalidToken,
    UserAlreadyExistsUseAnotherEmail,
    UserNotFound,
    VerificationEmailNotEnabled,
)
from gatewright.flows.address_changes import changed_since
from gatewright.flows.email_change import write_email
from gatewright.flows.verification_mail import (
    Caller,
    EmailClaims,
    mail_nobody,
    read_token,
    send_verification,
)
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database
from gatewright.services.services import Services

__all__ = ("Link", "ask_for_verification", "finish_change", "forward_change", "open_link", "verify")


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is authentic and in time, with the user whose address it names."""

    claims: EmailClaims
    user: User


async def ask_for_verification(
    services: Services, db: Database, caller: Caller, me: User | None, email: str, *, callback_url: str | None
) -> None:
    """Mail a verification link.

    A stranger is told nothing: an unknown or verified address costs and answers the same as one that needs the mail.

    Raises:
        VerificationEmailNotEnabled: No sender is configured.
        EmailMismatch: It is not the signed-in user's own address.
        EmailAlreadyVerified: The signed-in user's address is verified.
        TooManyRequests: Too many messages to one address.
    """
    plan = services.plan
    if plan.settings.email_verification.send_verification_email is None and plan.mails_verification is None:
        raise VerificationEmailNotEnabled
    if me is not None:
        if me.email.lower() != email.lower():
            raise EmailMismatch
        if me.email_verified:
            raise EmailAlreadyVerified
    await services.targets.message(caller.request, email)
    if me is not None:
        await send_verification(services, caller, me, callback_url)
        return
    user = await services.users.by_email(db, email)
    if user is None or user.email_verified:
        await mail_nobody(services, caller, callback_url, email)
        return
    await send_verification(services, caller, user, callback_url)


async def open_link(services: Services, db: Database, token: str) -> Link:
    """The link that a token stands for.

    Raises:
        InvalidToken: It is none, or the address was changed since it was mailed.
        TokenExpired: It is too old.
        UserNotFound: No user has the address, or not yet when the link was mailed.
    """
    claims = read_token(token, services.plan.secret, now=services.clock.now())
    user = await services.users.by_email(db, claims.email)
    if user is None or claims.issued_at < int(user.created_at.timestamp()):
        raise UserNotFound(status=401)
    # A token knows whole seconds: one that was mailed within the second of a change counts as later.
    mailed_until = datetime.fromtimestamp(claims.issued_at, UTC) + timedelta(milliseconds=999)
    if (claims.update_to is not None or not user.email_verified) and await changed_since(
        services, db, user.id, mailed_until
    ):
        raise InvalidToken(status=401)
    return Link(claims, user)


async def verify(services: Services, db: Database, caller: Caller, user: User) -> User | None:
    """Mark the user's address as verified; ``None`` when it was already, and nothing is done.

    Raises:
        ApiError: ``before_email_verification`` does not want it.
    """
    options = services.plan.settings.email_verification
    if user.email_verified:
        return None
    if options.before_email_verification is not None:
        await options.before_email_verification(user, caller.request)
    verified = await db.update_one(
        User,
        User.id.eq(user.id),
        User.email.eq(user.email),
        User.email_verified.eq(False),
        set=[User.email_verified.to(True)],
    )
    if verified is not None and options.after_email_verification is not None:
        await options.after_email_verification(verified, caller.request)
    return verified


async def forward_change(
    services: Services, caller: Caller, user: User, update_to: str, callback_url: str | None
) -> None:
    """The present address agrees: ask the new one for its proof."""
    await send_verification(services, caller, user, callback_url, update_to=update_to)


async def finish_change(services: Services, db: Database, caller: Caller, user: User, update_to: str) -> User:
    """The new address is proven: it is the user's now.

    Raises:
        UserAlreadyExistsUseAnotherEmail: Somebody else has taken it meanwhile.
        UserNotFound: The user has another address meanwhile.
    """
    try:
        changed = await write_email(services, db, caller, user, update_to, verified=True)
    except Conflict:
        raise UserAlreadyExistsUseAnotherEmail from None
    if changed is None:
        raise UserNotFound(status=401)
    after = services.plan.settings.email_verification.after_email_verification
    if after is not None:
        await after(changed, caller.request)
    return changed
