"""Handing an organization over. Beyond the contract, which needs two requests for it and lets others in between."""

from __future__ import annotations

from gatewright.contract import faults as core
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.model import Member
from gatewright.wire.operation import Operation, post
from gatewright.wire.result import Result

__all__ = ("HandedOver", "TransferOwnership")


class HandedOver(Result):
    """Who owns the organization now, and who did."""

    owner: Member
    former_owner: Member


@post(
    "/organization/transfer-ownership",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.MemberNotFound,
        faults.YouAreNotAllowedToUpdateThisMember,
        faults.RoleNotFound,
        faults.OrganizationMismatch,
    ),
    needs_headers=True,
)
class TransferOwnership(Operation[HandedOver]):
    """Make another member an owner in the caller's place; ``role`` is what the caller becomes."""

    member_id: str
    organization_id: str | None = None
    role: str = "admin"
