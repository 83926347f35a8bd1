"""Keeping others from changing who belongs to an organization."""

from __future__ import annotations

from gatewright.plugins.organization.faults import OrganizationNotFound
from gatewright.plugins.organization.model import OrgRow
from gatewright.services.database import Database

__all__ = ("hold",)


async def hold(tx: Database, organization_id: str) -> OrgRow:
    """Keep others from changing who belongs to an organization until the transaction ends.

    Raises:
        OrganizationNotFound: There is none, or no longer.
    """
    organization = await tx.find_one(OrgRow, OrgRow.id.eq(organization_id))
    if organization is None or not await tx.hold(organization):
        raise OrganizationNotFound
    return organization
