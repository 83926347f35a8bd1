"""Handlers: teams and their members."""

from __future__ import annotations

from typing import Any

from gatewright.contract.faults import Unauthorized
from gatewright.model.query import Change
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in, signed_in
from gatewright.pipeline.handles import handles
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.asking import (
    active_team_of,
    ask,
    find_organization,
    limit_of,
    meant,
    membership,
    options_of,
    standing,
    tell,
)
from gatewright.plugins.organization.contract import team as contract
from gatewright.plugins.organization.contract.results import Answer
from gatewright.plugins.organization.endpoints.organizations import activate
from gatewright.plugins.organization.fields import accept_fields
from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.flows.teams import join_team, leave_team
from gatewright.plugins.organization.model import OrgRow, Team, TeamMember
from gatewright.ports.adapter import Unmet
from gatewright.services.input_fields import accept_value
from gatewright.services.tallies import at_least, fewer_than, holds
from gatewright.wire.faults import ApiError, Fault

__all__ = ("ALL",)


def _seen(team: Team) -> dict[str, Any]:
    return {name: value for name, value in team.raw.items() if name != "memberCount"}


def _place(seen: TeamMember) -> dict[str, Any]:
    return {name: value for name, value in seen.raw.items() if name != "membershipKey"}


async def _caller(
    call: Call[Any], organization_id: str | None, action: str, outside: type[Fault], denied: type[Fault]
) -> tuple[str, Signed | None]:
    """The organization that is meant, once the caller may act there; the application itself may."""
    me = None if call.trusted else await maybe_signed_in(call)
    wanted = meant(call, me, organization_id)
    if me is None and not call.trusted:
        raise Unauthorized
    if not wanted:
        raise faults.NoActiveOrganization
    if me is not None:
        own = await standing(call.db, options_of(call), wanted, me.user.id)
        if own is None:
            raise outside
        if not own.may({"team": [action]}):
            raise denied
    return wanted, me


async def _organization(call: Call[Any], organization_id: str) -> OrgRow:
    organization = await find_organization(call.db, organization_id, None)
    if organization is None:
        raise faults.OrganizationNotFound
    return organization


async def _team(call: Call[Any], team_id: str, organization_id: str) -> Team:
    team = await call.db.find_one(Team, Team.id.eq(team_id), Team.organization_id.eq(organization_id))
    if team is None:
        raise faults.TeamNotFound
    return team


@handles(contract.CreateTeam)
async def create(call: Call[contract.CreateTeam]) -> Team:
    """Make a team, unless there are enough."""
    asked, db, options = call.input, call.db, options_of(call)
    organization_id, me = await _caller(
        call,
        asked.organization_id,
        "create",
        faults.YouAreNotAllowedToInviteUsersToThisOrganization,
        faults.YouAreNotAllowedToCreateTeamsInThisOrganization,
    )
    organization = await _organization(call, organization_id)
    table = call.db.schema[Team]
    more = await accept_fields(table, asked.extra, core=Team.columns, creating=True)
    values: dict[str, Any] = {"name": asked.name, "organizationId": organization_id, **more}
    hooks = options.organization_hooks
    user = None if me is None else me.user.raw
    values = await ask(hooks.before_create_team, values, team=None, user=user, organization=organization.raw)
    most = await limit_of(
        options.teams.maximum_teams, {"organizationId": organization_id, "session": me and me.data}, call
    )
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        room = () if most is None else (fewer_than(tx, most, Team, Team.organization_id.eq(organization_id)),)
        now = call.now
        try:
            team = await tx.insert(Team.seen({"createdAt": now, "updatedAt": now, **values}, None), *room)
        except Unmet:
            raise faults.YouHaveReachedTheMaximumNumberOfTeams from None
    await tell(hooks.after_create_team, team=_seen(team), user=user, organization=organization)
    return team


@handles(contract.ListOrganizationTeams, signed_in)
async def list_teams(call: Call[contract.ListOrganizationTeams], me: Signed) -> list[Team]:
    """An organization's teams."""
    organization_id = meant(call, me, call.input.organization_id)
    if not organization_id:
        raise faults.NoActiveOrganization
    if await membership(call.db, organization_id, me.user.id) is None:
        raise faults.YouAreNotAllowedToAccessThisOrganization
    return await call.db.find_many(Team, Team.organization_id.eq(organization_id), order=(Team.created_at.ascending(),))


@handles(contract.RemoveTeam)
async def remove(call: Call[contract.RemoveTeam]) -> Answer:
    """Remove a team, unless it is the last."""
    asked, db, options = call.input, call.db, options_of(call)
    organization_id, me = await _caller(
        call,
        asked.organization_id,
        "delete",
        faults.YouAreNotAllowedToDeleteThisTeam,
        faults.YouAreNotAllowedToDeleteTeamsInThisOrganization,
    )
    if me is not None and active_team_of(call, me) == asked.team_id:
        raise faults.YouAreNotAllowedToDeleteThisTeam
    team = await _team(call, asked.team_id, organization_id)
    others = at_least(db, 1, Team, Team.organization_id.eq(organization_id), Team.id.ne(team.id))
    if not options.teams.allow_removing_all_teams and not await holds(db, others):
        raise faults.UnableToRemoveLastTeam
    organization = await _organization(call, organization_id)
    hooks = options.organization_hooks
    user = None if me is None else me.user
    await tell(hooks.before_delete_team, team=_seen(team), user=user, organization=organization)
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        stays = () if options.teams.allow_removing_all_teams else (others,)
        if await tx.take(Team, Team.id.eq(team.id), *stays) is None:
            raise faults.UnableToRemoveLastTeam if await tx.count(Team, Team.id.eq(team.id)) else faults.TeamNotFound
        await tx.delete(TeamMember, TeamMember.team_id.eq(team.id))
    await tell(hooks.after_delete_team, team=_seen(team), user=user, organization=organization)
    return Answer(message="Team removed successfully.")


@handles(contract.UpdateTeam, signed_in)
async def update(call: Call[contract.UpdateTeam], me: Signed) -> Team:
    """Change a team; it stays in its organization."""
    asked, db, options = call.input, call.db, options_of(call)
    given = asked.data.get("organizationId")
    organization_id = meant(call, me, given if isinstance(given, str) else None)
    organization_id, _ = await _caller(
        call,
        organization_id,
        "update",
        faults.YouAreNotAllowedToUpdateThisTeam,
        faults.YouAreNotAllowedToUpdateThisTeam,
    )
    team = await _team(call, asked.team_id, organization_id)
    organization = await _organization(call, organization_id)
    columns = call.db.schema[Team].columns
    fixed = ("id", "organizationId", "createdAt", "updatedAt")
    values = {
        name: await accept_value(columns[name], value)
        for name, value in asked.data.items()
        if name in columns and columns[name].input and name not in fixed
    }
    hooks = options.organization_hooks
    updates = await ask(
        hooks.before_update_team,
        values,
        updates=None,
        team=_seen(team),
        user=me.user.raw,
        organization=organization.raw,
    )
    changes: list[Change[Team]] = [Change(name, "set", value) for name, value in updates.items()]
    changed = await db.update_one(Team, Team.id.eq(team.id), set=changes or [Team.name.to(team.name)])
    if changed is None:
        raise faults.TeamNotFound
    await tell(hooks.after_update_team, team=_seen(changed), user=me.user, organization=organization)
    return changed


@handles(contract.SetActiveTeam, signed_in)
async def set_active(call: Call[contract.SetActiveTeam], me: Signed) -> Team | None:
    """Say which team the session works in."""
    team_id = call.input.team_id
    if team_id is None:
        await activate(call, me, team=None)
        return None
    wanted = team_id if isinstance(team_id, str) else active_team_of(call, me)
    if not wanted:
        return None
    organization_id = meant(call, me, None)
    if not organization_id:
        raise faults.NoActiveOrganization
    team = await _team(call, wanted, organization_id)
    if await _in_team(call, team.id, me.user.id) is None:
        raise faults.UserIsNotAMemberOfTheTeam(status=403)
    await activate(call, me, team=team.id)
    return team


async def _in_team(call: Call[Any], team_id: str, user_id: str) -> TeamMember | None:
    return await call.db.find_one(TeamMember, TeamMember.team_id.eq(team_id), TeamMember.user_id.eq(user_id))


@handles(contract.ListUserTeams, signed_in)
async def list_user_teams(call: Call[contract.ListUserTeams], me: Signed) -> list[Team]:
    """The caller's teams."""
    found = await call.db.find_many(TeamMember, TeamMember.user_id.eq(me.user.id))
    ids = [each.team_id for each in found]
    return await call.db.find_many(Team, Team.id.one_of(ids), order=(Team.created_at.ascending(),))


@handles(contract.ListTeamMembers, signed_in)
async def list_members(call: Call[contract.ListTeamMembers], me: Signed) -> list[TeamMember]:
    """The members of a team of the caller's."""
    team_id = call.input.team_id or active_team_of(call, me)
    if not team_id:
        raise faults.YouDoNotHaveAnActiveTeam
    if await _in_team(call, team_id, me.user.id) is None:
        known = await call.db.count(Team, Team.id.eq(team_id))
        raise faults.UserIsNotAMemberOfTheTeam(status=400) if known else faults.TeamNotFound
    return await call.db.find_many(
        TeamMember, TeamMember.team_id.eq(team_id), order=(TeamMember.created_at.ascending(),)
    )


async def _allowed_member(
    call: Call[Any], me: Signed, organization_id: str | None, action: str, denied: type[Fault]
) -> str:
    wanted = meant(call, me, organization_id)
    if not wanted:
        raise faults.NoActiveOrganization
    own = await standing(call.db, options_of(call), wanted, me.user.id)
    if own is None:
        raise faults.UserIsNotAMemberOfTheOrganization(status=400)
    if not own.may({"member": [action]}):
        raise denied
    return wanted


@handles(contract.AddTeamMember, signed_in)
async def add_member(call: Call[contract.AddTeamMember], me: Signed) -> TeamMember:
    """Put a member into a team, unless it is full."""
    asked, db, options = call.input, call.db, options_of(call)
    organization_id = await _allowed_member(
        call, me, asked.organization_id, "update", faults.YouAreNotAllowedToCreateANewTeamMember
    )
    team = await _team(call, asked.team_id, organization_id)
    organization = await _organization(call, organization_id)
    user = await call.services.users.by_id(db, asked.user_id)
    if user is None or await membership(db, organization_id, asked.user_id) is None:
        raise faults.UserIsNotAMemberOfTheOrganization(status=400)
    hooks = options.organization_hooks
    place = {"teamId": team.id, "userId": user.id}
    await tell(hooks.before_add_team_member, teamMember=place, team=_seen(team), user=user, organization=organization)
    most = await limit_of(
        options.teams.maximum_members_per_team,
        {"teamId": team.id, "session": me.data, "organizationId": organization_id},
    )
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        joined = await join_team(tx, team, user.id, most)
    await tell(
        hooks.after_add_team_member,
        teamMember=_place(joined),
        team=_seen(team),
        user=user,
        organization=organization,
    )
    return joined


@handles(contract.RemoveTeamMember, signed_in)
async def remove_member(call: Call[contract.RemoveTeamMember], me: Signed) -> Answer:
    """Take a member out of a team."""
    asked, db, options = call.input, call.db, options_of(call)
    organization_id = await _allowed_member(
        call, me, asked.organization_id, "delete", faults.YouAreNotAllowedToRemoveATeamMember
    )
    team = await _team(call, asked.team_id, organization_id)
    organization = await _organization(call, organization_id)
    user = await call.services.users.by_id(db, asked.user_id)
    if user is None:
        raise ApiError(400, message="User not found")
    place = await _in_team(call, team.id, user.id)
    if place is None:
        raise faults.UserIsNotAMemberOfTheTeam(status=400)
    hooks = options.organization_hooks
    facts: dict[str, object] = {
        "teamMember": _place(place),
        "team": _seen(team),
        "user": user,
        "organization": organization,
    }
    await tell(hooks.before_remove_team_member, **facts)
    if await leave_team(db, team.id, user.id) is None:
        raise faults.UserIsNotAMemberOfTheTeam(status=400)
    await tell(hooks.after_remove_team_member, **facts)
    return Answer(message="Team member removed successfully.")


ALL = (
    create,
    list_teams,
    remove,
    update,
    set_active,
    list_user_teams,
    list_members,
    add_member,
    remove_member,
)
