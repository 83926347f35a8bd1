"""Somebody has proven to read an address: whatever others left under it before is void.

An account can be made for an address by somebody who does not own it. Whoever proves the address later must not share
it with them: until then nothing that signs in was theirs. Source: contract, plugins.json ``magic-link``; upstream
advisory GHSA-qq9h-g4jm-xgf3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.contract.faults import FailedToCreateUser
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.services import Services
from gatewright.settings.callbacks import UserInfoSource

__all__ = ("create_proven", "prove_address")


async def prove_address(services: Services, db: Database, user: User, *, own_session: str | None = None) -> User:
    """The user with a verified address. If it was not, passwords, linked identities and sessions of before are gone.

    Of several at once one does this; the others find it done. The session with the token ``own_session`` stays.
    """
    if user.email_verified:
        return user
    async with db.transaction() as tx:
        verified = await tx.update_one(
            User,
            User.id.eq(user.id),
            User.email.eq(user.email),
            User.email_verified.eq(False),
            set=[User.email_verified.to(True)],
        )
        if verified is not None:
            await tx.delete(Account, Account.user_id.eq(user.id))
            await services.sessions.end_all(tx, user.id, but=own_session)
    return verified or await services.users.by_id(db, user.id) or user


async def create_proven(
    services: Services, db: Database, email: str, values: Mapping[str, Any], *, method: str = "other"
) -> tuple[User, bool]:
    """The user of a proven address that nobody had, and whether it is new: somebody may have been faster.

    Args:
        services: Of the instance.
        db: Where.
        email: The address.
        values: Further columns by wire name.
        method: How the address was proven, for the application's gate.

    Raises:
        FailedToCreateUser: A hook does not want the user, or another unique value is taken.
        NotAdmitted: The application does not want the user.
    """
    try:
        created = await services.users.create(
            db, {**values, "email": email.lower(), "emailVerified": True}, source=UserInfoSource(method)
        )
    except Refused:
        raise FailedToCreateUser from None
    except Conflict:
        known = await services.users.by_email(db, email)
        if known is None:
            await services.users.explain(db, values)
            raise FailedToCreateUser from None
        return await prove_address(services, db, known), False
    return created, True
