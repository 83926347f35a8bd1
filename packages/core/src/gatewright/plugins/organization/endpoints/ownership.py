"""Handler: handing an organization over."""

from __future__ import annotations

from gatewright.access.check import names_in
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, signed_in
from gatewright.pipeline.handles import handles
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.asking import (
    find_organization,
    is_owner,
    meant,
    membership,
    options_of,
    roles_of,
    tell,
)
from gatewright.plugins.organization.contract import ownership as contract
from gatewright.plugins.organization.flows.ownership import hand_over
from gatewright.plugins.organization.model import Member
from gatewright.wire.faults import ApiError

__all__ = ("ALL",)


@handles(contract.TransferOwnership, signed_in)
async def transfer(call: Call[contract.TransferOwnership], me: Signed) -> contract.HandedOver:
    """Make another member an owner in the caller's place."""
    asked, db, options = call.input, call.db, options_of(call)
    organization_id = meant(call, me, asked.organization_id)
    if not organization_id:
        raise faults.NoActiveOrganization
    own = await membership(db, organization_id, me.user.id)
    if own is None:
        raise faults.MemberNotFound
    if not is_owner(options, own.role):
        raise faults.YouAreNotAllowedToUpdateThisMember
    other = await db.find_one(Member, Member.id.eq(asked.member_id), Member.organization_id.eq(organization_id))
    if other is None or other.id == own.id:
        raise faults.MemberNotFound
    names = names_in(asked.role)
    known = await roles_of(db, options, organization_id, names)
    unknown = [name for name in names if name not in known]
    if unknown or not names or options.creator_role in names:
        raise ApiError(400, code="ROLE_NOT_FOUND", message=f"ROLE_NOT_FOUND: {', '.join(unknown or names)}")
    organization = await find_organization(db, organization_id, None)
    user = await call.services.users.by_id(db, other.user_id)
    if organization is None or user is None:
        raise faults.OrganizationNotFound if organization is None else faults.MemberNotFound
    hooks, role = options.organization_hooks, ",".join(names)
    changes = ((other, user, options.creator_role), (own, me.user, role))
    for member, whose, becomes in changes:
        await tell(
            hooks.before_update_member_role, member=member, newRole=becomes, user=whose, organization=organization
        )
    owner, former = await hand_over(db, options, own, other, role)
    for member, (before, whose, _) in zip((owner, former), changes, strict=True):
        await tell(
            hooks.after_update_member_role,
            member=member,
            previousRole=before.role,
            user=whose,
            organization=organization,
        )
    return contract.HandedOver(owner=owner, former_owner=former)


ALL = (transfer,)
