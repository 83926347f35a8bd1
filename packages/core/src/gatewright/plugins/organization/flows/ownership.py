"""Handing an organization over: at no moment without an owner."""

from __future__ import annotations

from gatewright.plugins.organization.asking import is_owner
from gatewright.plugins.organization.faults import MemberNotFound, YouAreNotAllowedToUpdateThisMember
from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.flows.members import another_owner, holds_role
from gatewright.plugins.organization.model import Member
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.services.database import Database
from gatewright.services.tallies import at_least

__all__ = ("hand_over",)


async def hand_over(
    db: Database, options: OrganizationOptions, own: Member, other: Member, role: str
) -> tuple[Member, Member]:
    """Make ``other`` an owner, then ``own`` none: all of it or nothing, where the store has transactions.

    Without transactions both own the organization for a moment, never neither.

    Raises:
        MemberNotFound: One of them is gone.
        YouAreNotAllowedToUpdateThisMember: ``own`` owns the organization no longer.
    """
    async with db.transaction() as tx:
        await hold(tx, own.organization_id)
        still = at_least(tx, 1, Member, Member.id.eq(own.id), holds_role(options.creator_role))
        owner = await tx.update_one(
            Member,
            Member.id.eq(other.id),
            Member.organization_id.eq(own.organization_id),
            still,
            set=[Member.role.to(options.creator_role)],
        )
        if owner is None:
            now = await tx.find_one(Member, Member.id.eq(own.id))
            owns = now is not None and is_owner(options, now.role)
            raise MemberNotFound if owns else YouAreNotAllowedToUpdateThisMember
        former = await tx.update_one(
            Member, Member.id.eq(own.id), another_owner(tx, options, own), set=[Member.role.to(role)]
        )
        if former is None:
            raise MemberNotFound
    return owner, former
