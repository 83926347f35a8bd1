"""How many members an organization has: counted, or kept with every membership that comes and goes."""

from __future__ import annotations

from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.model import CountedOrg, Member
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.services.database import Database
from gatewright.services.totals import Totals

__all__ = ("count_members", "counted")


async def counted(tx: Database, options: OrganizationOptions, organization_id: str, by: int) -> None:
    """Keep the count, within the transaction that adds or removes members and holds the organization."""
    if _keeps(tx, options):
        change = CountedOrg.member_count.add(by)
        await tx.update_one(CountedOrg, CountedOrg.id.eq(organization_id), set=[change])


async def count_members(db: Database, options: OrganizationOptions, organization_id: str, *, totals: Totals) -> int:
    """How many members there are: as ``totals`` has it, or as the organization keeps it.

    Where it is kept, the first one to ask counts them, for those who come after.

    Raises:
        OrganizationNotFound: There is none, or no longer.
    """
    here = Member.organization_id.eq(organization_id)
    if not _keeps(db, options):
        return await totals.of(db, Member, here)
    organization = await db.find_one(CountedOrg, CountedOrg.id.eq(organization_id))
    known = None if organization is None else organization.member_count
    if known is not None:
        return known
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        count = await tx.count(Member, here)
        change = CountedOrg.member_count.to(count)
        await tx.update_one(CountedOrg, CountedOrg.id.eq(organization_id), set=[change])
    return count


def _keeps(db: Database, options: OrganizationOptions) -> bool:
    # Without transactions a membership and the count could part for ever.
    return options.keep_member_count and db.adapter.features.transactions
