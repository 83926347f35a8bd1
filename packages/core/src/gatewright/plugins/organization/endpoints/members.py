"""Handlers: members and what they may do."""

from __future__ import annotations

from typing import Any

from gatewright.access.check import joined, names_in
from gatewright.contract.faults import Unauthorized, UserNotFound
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in, signed_in
from gatewright.pipeline.handles import handles
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.asking import (
    ask,
    find_organization,
    is_owner,
    limit_of,
    meant,
    membership,
    options_of,
    plugin_of,
    roles_of,
    shown_user,
    standing,
    tell,
    with_user,
)
from gatewright.plugins.organization.contract import member as contract
from gatewright.plugins.organization.contract.results import Permission
from gatewright.plugins.organization.contract.shown import MemberWithUser
from gatewright.plugins.organization.fields import accept_fields
from gatewright.plugins.organization.flows.counting import count_members
from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.flows.members import add_member, change_role, remove_member
from gatewright.plugins.organization.flows.teams import join_team
from gatewright.plugins.organization.model import Member, RoleRow, Team
from gatewright.services.listing import DEFAULT_LIMIT, LARGEST_LIMIT, filtered, number, ordered
from gatewright.services.tallies import at_least
from gatewright.wire.faults import ApiError

__all__ = ("ALL", "within")


@handles(contract.AddMember)
async def add(call: Call[contract.AddMember]) -> Member:
    """Make a user a member; over HTTP, as far as the caller may."""
    asked, db, options = call.input, call.db, options_of(call)
    me = None if call.trusted else await maybe_signed_in(call)
    if call.request is not None and me is None:
        raise Unauthorized
    organization_id = meant(call, me, asked.organization_id)
    if not organization_id:
        raise faults.NoActiveOrganization
    if call.request is not None and me is not None:
        await _may_add(call, me, organization_id, names_in(joined(asked.role)))
    if asked.team_id is not None and not options.teams.enabled:
        raise ApiError(400, message="Teams are not enabled")
    user = await call.services.users.by_id(db, asked.user_id)
    if user is None:
        raise UserNotFound(status=400)
    if await membership(db, organization_id, user.id) is not None:
        raise faults.UserIsAlreadyAMemberOfThisOrganization
    team: Team | None = None
    if asked.team_id is not None:
        team = await db.find_one(Team, Team.id.eq(asked.team_id), Team.organization_id.eq(organization_id))
        if team is None:
            raise faults.TeamNotFound
    organization = await find_organization(db, organization_id, None)
    if organization is None:
        raise faults.OrganizationNotFound
    values: dict[str, Any] = {"userId": user.id, "organizationId": organization_id, "role": joined(asked.role)}
    table = call.db.schema[Member]
    values |= await accept_fields(table, asked.extra, core=Member.columns, creating=True)
    hooks = options.organization_hooks
    values = await ask(hooks.before_add_member, values, member=None, user=user.raw, organization=organization.raw)
    limit = await limit_of(options.membership_limit, user, organization)
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        member = await add_member(tx, options, values, limit)
        if team is not None:
            facts = {"teamId": team.id, "session": me and me.data, "organizationId": organization_id}
            most = await limit_of(options.teams.maximum_members_per_team, facts)
            await join_team(tx, team, user.id, most)
    await tell(hooks.after_add_member, member=member, user=user, organization=organization)
    return member


async def _may_add(call: Call[Any], me: Signed, organization_id: str, names: tuple[str, ...]) -> None:
    """What the application itself need not prove: a member who may add members, and roles within reach."""
    options = options_of(call)
    own = await standing(call.db, options, organization_id, me.user.id)
    if own is None:
        raise faults.MemberNotFound
    if not own.may({"member": ["create"]}):
        raise faults.YouAreNotAllowedToInviteUsersToThisOrganization
    known = await roles_of(call.db, options, organization_id, names)
    unknown = [name for name in names if name not in known and name != options.creator_role]
    if unknown or not names:
        raise ApiError(400, message=f"ROLE_NOT_FOUND: {', '.join(unknown)}")
    if options.creator_role in names and not is_owner(options, own.member.role):
        raise faults.YouAreNotAllowedToInviteUserWithThisRole


@handles(contract.RemoveMember, signed_in)
async def remove(call: Call[contract.RemoveMember], me: Signed) -> contract.RemovedMember:
    """Remove a member."""
    asked, db, options = call.input, call.db, options_of(call)
    organization_id = meant(call, me, asked.organization_id)
    if not organization_id:
        raise faults.NoActiveOrganization
    own = await standing(db, options, organization_id, me.user.id)
    if own is None:
        raise faults.MemberNotFound
    if "@" in asked.member_id_or_email:
        user = await call.services.users.by_email(db, asked.member_id_or_email)
        member = None if user is None else await membership(db, organization_id, user.id)
    else:
        member = await db.find_one(
            Member, Member.id.eq(asked.member_id_or_email), Member.organization_id.eq(organization_id)
        )
        user = None if member is None else await call.services.users.by_id(db, member.user_id)
    if member is None or user is None:
        raise faults.MemberNotFound
    last = faults.YouCannotLeaveTheOrganizationAsTheOnlyOwner
    if is_owner(options, member.role) and not is_owner(options, own.member.role):
        held = await db.find_many(Member, Member.organization_id.eq(organization_id))
        raise (
            last if sum(is_owner(options, one.role) for one in held) <= 1 else faults.YouAreNotAllowedToDeleteThisMember
        )
    if not own.may({"member": ["delete"]}):
        raise faults.YouAreNotAllowedToDeleteThisMember
    organization = await find_organization(db, organization_id, None)
    if organization is None:
        raise faults.OrganizationNotFound
    shown = with_user(member, user)
    seen = {**member.raw, "user": shown_user(user)} if "@" in asked.member_id_or_email else dict(member.raw)
    hooks = options.organization_hooks
    await tell(hooks.before_remove_member, member=seen, user=user, organization=organization)
    await remove_member(db, options, plugin_of(call).names, member, last)
    await tell(hooks.after_remove_member, member=seen, user=user, organization=organization)
    return contract.RemovedMember(member=shown)


@handles(contract.UpdateMemberRole, signed_in)
async def update_role(call: Call[contract.UpdateMemberRole], me: Signed) -> Member:
    """Give a member another role; only owners make owners, and change them."""
    asked, db, options = call.input, call.db, options_of(call)
    names = names_in(joined(asked.role))
    if not names:
        raise ApiError(400)
    organization_id = meant(call, me, asked.organization_id)
    if not organization_id:
        raise faults.NoActiveOrganization
    own = await standing(db, options, organization_id, me.user.id)
    if own is None:
        raise faults.MemberNotFound
    member = await db.find_one(Member, Member.id.eq(asked.member_id))
    if member is None:
        raise faults.MemberNotFound
    if member.organization_id != organization_id:
        raise faults.YouAreNotAllowedToUpdateThisMember
    touches_owner = is_owner(options, member.role) or options.creator_role in names
    if touches_owner and not is_owner(options, own.member.role):
        raise faults.YouAreNotAllowedToUpdateThisMember
    if not own.may({"member": ["update"]}):
        raise faults.YouAreNotAllowedToUpdateThisMember
    known = await roles_of(db, options, organization_id, names)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ApiError(400, message=f"ROLE_NOT_FOUND: {', '.join(unknown)}")
    organization = await find_organization(db, organization_id, None)
    user = await call.services.users.by_id(db, member.user_id)
    if organization is None or user is None:
        raise faults.OrganizationNotFound if organization is None else ApiError(400, message="User not found")
    last = faults.YouCannotLeaveTheOrganizationWithoutAnOwner
    hooks = options.organization_hooks
    role = ",".join(names)
    if hooks.before_update_member_role is not None:
        seen = {**member.raw, "user": shown_user(user)}
        answer = await hooks.before_update_member_role(
            {"member": seen, "newRole": role, "user": user.raw, "organization": organization.raw}
        )
        data = None if answer is None else answer.get("data")
        if isinstance(data, dict):
            role = str(data.get("role", role))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    stays = [
        at_least(db, 1, RoleRow, RoleRow.organization_id.eq(organization_id), RoleRow.role.eq(name))
        for name in names
        if name not in options.roles
    ]
    changed = await change_role(db, options, member, role, last, *stays)
    await tell(
        hooks.after_update_member_role,
        member=changed,
        previousRole=member.role,
        user=user,
        organization=organization,
    )
    return changed


@handles(contract.GetActiveMember, signed_in)
async def get_active_member(call: Call[contract.GetActiveMember], me: Signed) -> MemberWithUser:
    """The caller as a member of the active organization."""
    organization_id = meant(call, me, None)
    if not organization_id:
        raise faults.NoActiveOrganization
    member = await membership(call.db, organization_id, me.user.id)
    if member is None:
        raise faults.MemberNotFound
    return with_user(member, me.user)


@handles(contract.LeaveOrganization, signed_in)
async def leave(call: Call[contract.LeaveOrganization], me: Signed) -> MemberWithUser:
    """Leave an organization."""
    options = options_of(call)
    organization_id = meant(call, me, call.input.organization_id) or call.input.organization_id
    member = await membership(call.db, organization_id, me.user.id)
    if member is None:
        raise faults.MemberNotFound
    last = faults.YouCannotLeaveTheOrganizationAsTheOnlyOwner
    await remove_member(call.db, options, plugin_of(call).names, member, last)
    return with_user(member, me.user)


async def within(call: Call[Any], me: Signed, organization_id: str | None, slug: str | None) -> tuple[str, Member]:
    """The organization that is meant, and the caller in it."""
    wanted = meant(call, me, organization_id, slug=slug)
    if slug:
        organization = await find_organization(call.db, None, slug)
        if organization is None:
            raise faults.OrganizationNotFound
        wanted = organization.id
    if not wanted:
        raise faults.NoActiveOrganization
    member = await membership(call.db, wanted, me.user.id)
    if member is None:
        raise faults.YouAreNotAMemberOfThisOrganization
    return wanted, member


@handles(contract.ListMembers, signed_in)
async def list_members(call: Call[contract.ListMembers], me: Signed) -> contract.MemberPage:
    """Some of the members with their users."""
    asked, db = call.input, call.db
    organization_id, _ = await within(call, me, asked.organization_id, asked.organization_slug)
    table = call.db.schema[Member]
    chosen = filtered(table, asked.filter_field, asked.filter_operator, asked.filter_value)
    where = [Member.organization_id.eq(organization_id), *([] if chosen is None else [chosen])]
    limit, offset = min(number(asked.limit) or DEFAULT_LIMIT, LARGEST_LIMIT), number(asked.offset)
    order = ordered(table, asked.sort_by, asked.sort_direction)
    members = await db.find_many(Member, *where, order=order, limit=limit, offset=offset)
    if len(members) < limit and (members or not offset):
        total = (offset or 0) + len(members)
    elif chosen is None:
        total = await count_members(db, options_of(call), organization_id, totals=call.services.totals)
    else:
        total = await call.services.totals.of(db, Member, *where)
    users = {user.id: user for user in await db.find_many(User, User.id.one_of([one.user_id for one in members]))}
    return contract.MemberPage(members=[with_user(one, users.get(one.user_id)) for one in members], total=total)


@handles(contract.GetActiveMemberRole, signed_in)
async def get_active_member_role(call: Call[contract.GetActiveMemberRole], me: Signed) -> contract.MemberRole:
    """What the caller, or another member, is."""
    asked = call.input
    organization_id, member = await within(call, me, asked.organization_id, asked.organization_slug)
    if asked.user_id is not None and asked.user_id != me.user.id:
        other = await membership(call.db, organization_id, asked.user_id)
        if other is None:
            raise faults.YouAreNotAMemberOfThisOrganization
        member = other
    return contract.MemberRole(role=member.role)


@handles(contract.HasPermission, signed_in)
async def has_permission(call: Call[contract.HasPermission], me: Signed) -> Permission:
    """Whether the caller may do all of it in an organization."""
    asked = call.input
    organization_id = meant(call, me, asked.organization_id)
    if not organization_id:
        raise faults.NoActiveOrganization
    own = await standing(call.db, options_of(call), organization_id, me.user.id)
    if own is None:
        raise faults.UserIsNotAMemberOfTheOrganization(status=401)
    return Permission(success=own.may(asked.permissions or {}))


ALL = (
    add,
    remove,
    update_role,
    get_active_member,
    leave,
    list_members,
    get_active_member_role,
    has_permission,
)
