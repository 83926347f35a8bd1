"""Joining and leaving: one membership for each user, exact limits, always an owner.

Every write counts what it needs within its own statement, so that stores without transactions keep the same promises;
with transactions, the organization is held as well, because there statements do not follow one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.contract.faults import UserNotFound
from gatewright.model.query import AnyOf, Change, Condition, Tally
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.organization.asking import is_owner
from gatewright.plugins.organization.contract.instances import Names
from gatewright.plugins.organization.faults import (
    MemberNotFound,
    OrganizationMembershipLimitReached,
    OrganizationNotFound,
    UserIsAlreadyAMemberOfThisOrganization,
)
from gatewright.plugins.organization.flows.counting import counted
from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.flows.teams import leave_teams
from gatewright.plugins.organization.model import Member, OrgRow
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.ports.adapter import Conflict, Unmet
from gatewright.services.database import Database
from gatewright.services.tallies import at_least, fewer_than, holds
from gatewright.wire.faults import ApiError, Fault

__all__ = ("add_member", "another_owner", "change_role", "holds_role", "remove_member", "take_member")


def holds_role(name: str) -> AnyOf[Member]:
    """That a member's role text names a role."""
    role = Member.role
    return AnyOf(
        (
            role.eq(name),
            role.starts_with(f"{name},"),
            role.ends_with(f",{name}"),
            role.ends_with(f", {name}"),
            role.contains(f",{name},"),
            role.contains(f", {name},"),
        )
    )


def another_owner(db: Database, options: OrganizationOptions, member: Member) -> Tally:
    """That somebody else owns the organization as well."""
    here = Member.organization_id.eq(member.organization_id)
    return at_least(db, 1, Member, here, Member.id.ne(member.id), holds_role(options.creator_role))


async def add_member(
    tx: Database, options: OrganizationOptions, values: Mapping[str, Any], limit: int | None
) -> Member:
    """Write a member, within a transaction that holds the organization.

    Raises:
        UserIsAlreadyAMemberOfThisOrganization: There is one.
        OrganizationMembershipLimitReached: There are enough.
        OrganizationNotFound: It is gone.
        UserNotFound: The user is.
    """
    here = Member.organization_id.eq(str(values["organizationId"]))
    this = (here, Member.user_id.eq(str(values["userId"])))
    organization = OrgRow.id.eq(str(values["organizationId"]))
    user = await tx.find_one(User, User.id.eq(str(values["userId"])))
    if user is None or not await tx.hold(user):
        raise UserNotFound(status=400)
    guards = [at_least(tx, 1, OrgRow, organization), fewer_than(tx, 1, Member, *this)]
    if limit is not None:
        guards.append(fewer_than(tx, limit, Member, here))
    try:
        member = await tx.insert(Member.seen(values, None), *guards)
    except Conflict:
        raise UserIsAlreadyAMemberOfThisOrganization from None
    except Unmet:
        if await tx.count(Member, *this):
            raise UserIsAlreadyAMemberOfThisOrganization from None
        if not await tx.count(OrgRow, organization):
            raise OrganizationNotFound from None
        raise OrganizationMembershipLimitReached from None
    await counted(tx, options, member.organization_id, 1)
    return member


async def remove_member(
    db: Database, options: OrganizationOptions, names: Names, member: Member, last: type[Fault]
) -> None:
    """Remove a member, from the organization's teams as well, and from sessions that work in it.

    Raises:
        MemberNotFound: Gone already.
        Fault: ``last``: nobody would be left who owns the organization.
    """
    organization_id, teams = member.organization_id, options.teams.enabled
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        await take_member(tx, options, member, last)
    working: Condition[Session] = Condition(names.active, "eq", organization_id)
    columns = (names.active, names.active_team) if teams else (names.active,)
    nowhere: list[Change[Session]] = [Change(name, "set", None) for name in columns]
    await db.update_many(Session, Session.user_id.eq(member.user_id), working, set=nowhere)


async def take_member(tx: Database, options: OrganizationOptions, member: Member, last: type[Fault]) -> None:
    """Remove a member, within a transaction that holds the organization, from its teams as well.

    Raises:
        MemberNotFound: Gone already.
        Fault: ``last``: nobody would be left who owns the organization.
    """
    now = member
    while True:
        guards = (another_owner(tx, options, now),) if is_owner(options, now.role) else ()
        if await tx.take(Member, Member.id.eq(now.id), Member.role.eq(now.role), *guards) is not None:
            break
        now = await _again(tx, now, last)
    await counted(tx, options, member.organization_id, -1)
    if options.teams.enabled:
        await leave_teams(tx, member.organization_id, member.user_id)


async def change_role(
    db: Database, options: OrganizationOptions, member: Member, role: str, last: type[Fault], *guards: Tally
) -> Member:
    """Give a member another role, where ``guards`` hold.

    Raises:
        MemberNotFound: Gone meanwhile.
        ApiError: 400: a role is there no longer.
        Fault: ``last``: nobody would be left who owns the organization.
    """
    keeps = is_owner(options, role)
    async with db.transaction() as tx:
        await hold(tx, member.organization_id)
        now = member
        while True:
            owners = () if keeps or not is_owner(options, now.role) else (another_owner(tx, options, now),)
            changed = await tx.update_one(
                Member,
                Member.id.eq(now.id),
                Member.role.eq(now.role),
                *owners,
                *guards,
                set=[Member.role.to(role)],
            )
            if changed is not None:
                return changed
            for guard in guards:
                if not await holds(tx, guard):
                    raise ApiError(400, message=f"ROLE_NOT_FOUND: {role}")
            now = await _again(tx, now, last)


async def _again(tx: Database, member: Member, refused: type[Fault]) -> Member:
    """The member as it is now, after a guarded write did not find it; ``refused`` where it has not changed."""
    now = await tx.find_one(Member, Member.id.eq(member.id))
    if now is None:
        raise MemberNotFound
    if now.role == member.role:
        raise refused
    return now
