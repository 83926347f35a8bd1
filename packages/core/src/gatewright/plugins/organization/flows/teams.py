"""Joining and leaving teams: one place for each user, and a count that is kept with it."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

from gatewright.plugins.organization.faults import (
    TeamMemberLimitReached,
    TeamNotFound,
    UserIsNotAMemberOfTheOrganization,
)
from gatewright.plugins.organization.model import Member, Team, TeamMember
from gatewright.ports.adapter import Conflict, Unmet
from gatewright.services.database import Database
from gatewright.services.tallies import at_least, fewer_than
from gatewright.wire.json import encode

__all__ = ("join_team", "leave_team", "leave_teams")


async def join_team(db: Database, team: Team, user_id: str, limit: int | None) -> TeamMember:
    """Put a member of the organization into a team; somebody who is in it stays in it.

    Raises:
        TeamNotFound: There is none, or no longer.
        TeamMemberLimitReached: It is full.
        UserIsNotAMemberOfTheOrganization: Not, or no longer.
    """
    async with db.transaction() as tx:
        return await _join(tx, team, user_id, limit)


async def _join(db: Database, team: Team, user_id: str, limit: int | None) -> TeamMember:
    this = (TeamMember.team_id.eq(team.id), TeamMember.user_id.eq(user_id))
    known = await db.find_one(TeamMember, *this)
    if known is not None:
        return known
    room = () if limit is None else (Team.member_count.before(limit),)
    if await _counted(db, team.id, 1, *room) is None:
        if await db.find_one(Team, Team.id.eq(team.id)) is None:
            raise TeamNotFound
        raise TeamMemberLimitReached
    key = urlsafe_b64encode(hashlib.sha256(encode([team.id, user_id])).digest()).decode().rstrip("=")
    member = (Member.organization_id.eq(team.organization_id), Member.user_id.eq(user_id))
    try:
        return await db.insert(
            TeamMember(team_id=team.id, user_id=user_id, membership_key=key),
            at_least(db, 1, Member, *member),
            at_least(db, 1, Team, Team.id.eq(team.id)),
            fewer_than(db, 1, TeamMember, *this),
        )
    except (Conflict, Unmet) as lost:
        await _counted(db, team.id, -1, Team.member_count.after(0))
        known = await db.find_one(TeamMember, *this)
        if known is not None:
            return known
        if isinstance(lost, Unmet) and not await db.count(Member, *member):
            raise UserIsNotAMemberOfTheOrganization(status=400) from None
        raise TeamNotFound from None


async def leave_team(db: Database, team_id: str, user_id: str) -> TeamMember | None:
    """Take a user out of a team; ``None`` for somebody who is not in it."""
    async with db.transaction() as tx:
        gone = await tx.take(TeamMember, TeamMember.team_id.eq(team_id), TeamMember.user_id.eq(user_id))
        if gone is not None:
            await _counted(tx, team_id, -1, Team.member_count.after(0))
    return gone


async def leave_teams(db: Database, organization_id: str, user_id: str) -> None:
    """Take a user out of every team of an organization."""
    for place in await db.find_many(TeamMember, TeamMember.user_id.eq(user_id)):
        if await db.count(Team, Team.id.eq(place.team_id), Team.organization_id.eq(organization_id)):
            await leave_team(db, place.team_id, user_id)


async def _counted(db: Database, team_id: str, by: int, *where: Any) -> Team | None:
    team = await db.find_one(Team, Team.id.eq(team_id))
    if team is None:
        return None
    kept = Team.updated_at.to(team.updated_at)
    return await db.update_one(Team, Team.id.eq(team_id), *where, set=[Team.member_count.add(by), kept])
