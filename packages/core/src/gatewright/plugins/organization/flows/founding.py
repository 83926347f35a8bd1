"""Founding an organization: it and its first owner, or neither."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio

from gatewright.model.user import User
from gatewright.plugins.organization.faults import (
    OrganizationAlreadyExists,
    YouAreNotAllowedToCreateANewOrganization,
    YouHaveReachedTheMaximumNumberOfOrganizations,
)
from gatewright.plugins.organization.model import Member, OrgRow
from gatewright.ports.adapter import Conflict, Unmet
from gatewright.services.database import Database
from gatewright.services.tallies import fewer_than

__all__ = ("establish",)


async def establish(
    db: Database, draft: OrgRow, user: User, founder: Callable[[OrgRow], Awaitable[Member]], limit: int | None
) -> tuple[OrgRow, Member]:
    """Write an organization and its first member.

    Args:
        db: Where.
        draft: The organization.
        user: Who founds it.
        founder: The member to write, once the organization is there; may raise.
        limit: In how many organizations the user may be, this one included.

    Raises:
        OrganizationAlreadyExists: The slug is taken.
        YouAreNotAllowedToCreateANewOrganization: The user is gone.
        YouHaveReachedTheMaximumNumberOfOrganizations: The user is in enough of them.
    """
    async with db.transaction() as tx:
        room = () if limit is None else (fewer_than(tx, limit, Member, Member.user_id.eq(user.id)),)
        if not await tx.hold(user):
            # Deleted meanwhile.
            raise YouAreNotAllowedToCreateANewOrganization
        try:
            organization = await tx.insert(OrgRow.seen(draft.raw, None), *room)
        except Conflict:
            raise OrganizationAlreadyExists from None
        except Unmet:
            raise YouHaveReachedTheMaximumNumberOfOrganizations from None
        try:
            try:
                return organization, await tx.insert(await founder(organization), *room)
            except Unmet:
                raise YouHaveReachedTheMaximumNumberOfOrganizations from None
        except BaseException:
            if not tx.adapter.features.transactions:
                await _dissolved(tx, organization)
            raise


async def _dissolved(db: Database, organization: OrgRow) -> None:
    """Where there are no transactions, what was begun is taken back."""
    nobody = fewer_than(db, 1, Member, Member.organization_id.eq(organization.id))
    with anyio.CancelScope(shield=True):
        await db.delete(OrgRow, OrgRow.id.eq(organization.id), nobody)
