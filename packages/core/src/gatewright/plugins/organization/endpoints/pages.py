"""Handlers: members, invitations and organizations page by page."""

from __future__ import annotations

from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, signed_in
from gatewright.pipeline.handles import handles
from gatewright.plugins.organization.asking import with_user
from gatewright.plugins.organization.contract import pages as contract
from gatewright.plugins.organization.endpoints.members import within
from gatewright.plugins.organization.model import Invitation, Member, OrgRow
from gatewright.services.cursors import page_of

__all__ = ("ALL",)


@handles(contract.PageMembers, signed_in)
async def page_members(call: Call[contract.PageMembers], me: Signed) -> contract.MembersFrom:
    """Some members."""
    asked, db = call.input, call.db
    organization_id, _ = await within(call, me, asked.organization_id, asked.organization_slug)
    here = Member.organization_id.eq(organization_id)
    rows, following = await page_of(db, Member, here, cursor=asked.cursor, limit=asked.limit)
    users = {user.id: user for user in await db.find_many(User, User.id.one_of([one.user_id for one in rows]))}
    return contract.MembersFrom(members=[with_user(one, users.get(one.user_id)) for one in rows], next_cursor=following)


@handles(contract.PageInvitations, signed_in)
async def page_invitations(call: Call[contract.PageInvitations], me: Signed) -> contract.InvitationsFrom:
    """Some invitations."""
    asked = call.input
    organization_id, _ = await within(call, me, asked.organization_id, asked.organization_slug)
    here = Invitation.organization_id.eq(organization_id)
    rows, following = await page_of(call.db, Invitation, here, cursor=asked.cursor, limit=asked.limit)
    return contract.InvitationsFrom(invitations=rows, next_cursor=following)


@handles(contract.PageOrganizations, signed_in)
async def page_organizations(call: Call[contract.PageOrganizations], me: Signed) -> contract.OrganizationsFrom:
    """Some of the caller's organizations."""
    asked, db = call.input, call.db
    mine = Member.user_id.eq(me.user.id)
    rows, following = await page_of(db, Member, mine, cursor=asked.cursor, limit=asked.limit)
    known = await db.find_many(OrgRow, OrgRow.id.one_of([one.organization_id for one in rows]))
    by_id = {organization.id: organization for organization in known}
    found = [by_id[one.organization_id] for one in rows if one.organization_id in by_id]
    return contract.OrganizationsFrom(organizations=found, next_cursor=following)


ALL = (page_members, page_invitations, page_organizations)
