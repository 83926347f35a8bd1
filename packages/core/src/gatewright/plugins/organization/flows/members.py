"""Joining and leaving: one membership for each user, exact limits, always an owner."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from gatewright.model.query import Change
from gatewright.plugins.organization.asking import is_owner
from gatewright.plugins.organization.faults import (
    MemberNotFound,
    OrganizationMembershipLimitReached,
    OrganizationNotFound,
    TeamMemberLimitReached,
    TeamNotFound,
    UserIsAlreadyAMemberOfThisOrganization,
)
from gatewright.plugins.organization.model import Member, OrgRow, OrgSession, Team, TeamMember, TeamSession
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database
from gatewright.wire.faults import Fault
from gatewright.wire.json import encode

__all__ = ("add_member", "change_role", "hold", "join_team", "leave_team", "remove_member")


async def hold(tx: Database, organization_id: str) -> OrgRow:
    """Keep others from changing who belongs to an organization until the transaction ends.

    Raises:
        OrganizationNotFound: There is none, or no longer.
    """
    organization = await tx.find_one(OrgRow, OrgRow.id.eq(organization_id))
    if organization is None or not await tx.hold(organization):
        raise OrganizationNotFound
    return organization


async def add_member(tx: Database, values: Mapping[str, Any], limit: int | None) -> Member:
    """Write a member, within a transaction that holds the organization.

    Raises:
        UserIsAlreadyAMemberOfThisOrganization: There is one.
        OrganizationMembershipLimitReached: There are enough.
    """
    organization_id = str(values["organizationId"])
    user_id = str(values["userId"])
    if await tx.count(Member, Member.organization_id.eq(organization_id), Member.user_id.eq(user_id)):
        raise UserIsAlreadyAMemberOfThisOrganization
    if limit is not None and await tx.count(Member, Member.organization_id.eq(organization_id)) >= limit:
        raise OrganizationMembershipLimitReached
    try:
        return await tx.insert(Member.seen(values, None))
    except Conflict:
        raise UserIsAlreadyAMemberOfThisOrganization from None


async def remove_member(
    db: Database, options: OrganizationOptions, member: Member, last: type[Fault], *, teams: bool
) -> None:
    """Remove a member, from the organization's teams as well, and from sessions that work in it.

    Raises:
        MemberNotFound: Gone already.
        Fault: ``last``: nobody would be left who owns the organization.
    """
    organization_id = member.organization_id
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        now = await tx.find_one(Member, Member.id.eq(member.id))
        if now is None:
            raise MemberNotFound
        if is_owner(options, now.role) and await owners(tx, options, organization_id) <= 1:
            raise last
        await tx.delete(Member, Member.id.eq(member.id))
        if teams:
            for team in await tx.find_many(Team, Team.organization_id.eq(organization_id)):
                await leave_team(tx, team.id, member.user_id)
    changes: Sequence[Change[OrgSession]] = (OrgSession.active_organization_id.to(None),)
    where = (OrgSession.user_id.eq(member.user_id), OrgSession.active_organization_id.eq(organization_id))
    if teams:
        await db.update_many(
            TeamSession,
            TeamSession.user_id.eq(member.user_id),
            TeamSession.active_organization_id.eq(organization_id),
            set=[TeamSession.active_organization_id.to(None), TeamSession.active_team_id.to(None)],
        )
    else:
        await db.update_many(OrgSession, *where, set=changes)


async def change_role(
    db: Database, options: OrganizationOptions, member: Member, role: str, last: type[Fault]
) -> Member:
    """Give a member another role.

    Raises:
        MemberNotFound: Gone meanwhile.
        Fault: ``last``: nobody would be left who owns the organization.
    """
    async with db.transaction() as tx:
        await hold(tx, member.organization_id)
        now = await tx.find_one(Member, Member.id.eq(member.id))
        if now is None:
            raise MemberNotFound
        if (
            is_owner(options, now.role)
            and not is_owner(options, role)
            and await owners(tx, options, member.organization_id) <= 1
        ):
            raise last
        changed = await tx.update_one(Member, Member.id.eq(member.id), set=[Member.role.to(role)])
    if changed is None:
        raise MemberNotFound
    return changed


async def owners(db: Database, options: OrganizationOptions, organization_id: str) -> int:
    """How many members own an organization."""
    found = await db.find_many(
        Member, Member.organization_id.eq(organization_id), Member.role.contains(options.creator_role)
    )
    return sum(is_owner(options, member.role) for member in found)


async def join_team(db: Database, team_id: str, user_id: str, limit: int | None) -> TeamMember:
    """Put a user into a team; somebody who is in it stays in it.

    Raises:
        TeamNotFound: There is none.
        TeamMemberLimitReached: It is full.
    """
    known = await db.find_one(TeamMember, TeamMember.team_id.eq(team_id), TeamMember.user_id.eq(user_id))
    if known is not None:
        return known
    room = () if limit is None else (Team.member_count.before(limit),)
    if await _counted(db, team_id, 1, *room) is None:
        if await db.find_one(Team, Team.id.eq(team_id)) is None:
            raise TeamNotFound
        raise TeamMemberLimitReached
    key = urlsafe_b64encode(hashlib.sha256(encode([team_id, user_id])).digest()).decode().rstrip("=")
    try:
        return await db.insert(TeamMember(team_id=team_id, user_id=user_id, membership_key=key))
    except Conflict:
        await _counted(db, team_id, -1)
        known = await db.find_one(TeamMember, TeamMember.team_id.eq(team_id), TeamMember.user_id.eq(user_id))
        if known is None:
            raise TeamNotFound from None
        return known


async def leave_team(db: Database, team_id: str, user_id: str) -> TeamMember | None:
    """Take a user out of a team; ``None`` for somebody who is not in it."""
    gone = await db.take(TeamMember, TeamMember.team_id.eq(team_id), TeamMember.user_id.eq(user_id))
    if gone is not None:
        await _counted(db, team_id, -1, Team.member_count.after(0))
    return gone


async def _counted(db: Database, team_id: str, by: int, *where: Any) -> Team | None:
    team = await db.find_one(Team, Team.id.eq(team_id))
    if team is None:
        return None
    kept = Team.updated_at.to(team.updated_at)
    return await db.update_one(Team, Team.id.eq(team_id), *where, set=[Team.member_count.add(by), kept])
