"""Dissolving an organization with everything in it, and what becomes of organizations when a user is deleted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from gatewright.model.query import Tally
from gatewright.model.user import User
from gatewright.plugins.organization.asking import find_organization, is_owner, tell
from gatewright.plugins.organization.faults import YouCannotLeaveTheOrganizationAsTheOnlyOwner
from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.flows.members import another_owner, take_member
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, RoleRow, Team, TeamMember
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.plugins.organization.plugin import Organization
from gatewright.services.database import Database
from gatewright.services.tallies import at_least, fewer_than, holds

__all__ = ("Leaving", "dissolve")


async def dissolve(tx: Database, options: OrganizationOptions, organization_id: str, *guards: Tally) -> bool:
    """Remove an organization, within a transaction that holds it; whether ``guards`` held."""
    this = OrgRow.id.eq(organization_id)
    if guards and not await tx.delete(OrgRow, this, *guards):
        return False
    if not guards and not tx.adapter.features.transactions:
        # What is interrupted here must not leave an organization without members; what belongs to it goes with it.
        await tx.delete(OrgRow, this)
    if options.teams.enabled:
        teams = await tx.find_many(Team, Team.organization_id.eq(organization_id))
        await tx.delete(TeamMember, TeamMember.team_id.one_of([team.id for team in teams]))
        await tx.delete(Team, Team.organization_id.eq(organization_id))
    if options.dynamic_access_control.enabled:
        await tx.delete(RoleRow, RoleRow.organization_id.eq(organization_id))
    await tx.delete(Invitation, Invitation.organization_id.eq(organization_id))
    await tx.delete(Member, Member.organization_id.eq(organization_id))
    await tx.delete(OrgRow, this)
    return True


class Leaving:
    """A user who is deleted leaves every organization.

    One that was the user's alone is dissolved; one in which others would be left without an owner keeps the user.

    Args:
        plugin: The instance of the plugin.
    """

    def __init__(self, plugin: Organization) -> None:
        self._plugin = plugin

    async def ask(self, db: Database, user: User) -> None:
        """Refuse while the user is needed; tell hooks what goes with the user.

        Raises:
            YouCannotLeaveTheOrganizationAsTheOnlyOwner: Others would be left without an owner.
        """
        db, options = self._plugin.seen(db), self._plugin.options
        for member in await _memberships(db, user):
            if not is_owner(options, member.role) or await holds(db, another_owner(db, options, member)):
                continue
            if options.disable_organization_deletion or await holds(db, _others(db, member)):
                raise YouCannotLeaveTheOrganizationAsTheOnlyOwner
            organization = await find_organization(db, member.organization_id, None)
            if organization is not None:
                hook = options.organization_hooks.before_delete_organization
                await tell(hook, organization=organization, user=user)

    async def leave(self, tx: Database, user: User) -> None:
        """Leave, within the transaction that deletes the user.

        Raises:
            YouCannotLeaveTheOrganizationAsTheOnlyOwner: Others would be left without an owner.
        """
        tx, options = self._plugin.seen(tx), self._plugin.options
        last = YouCannotLeaveTheOrganizationAsTheOnlyOwner
        for member in await _memberships(tx, user):
            organization = await hold(tx, member.organization_id)
            alone = is_owner(options, member.role) and not await holds(tx, _others(tx, member))
            if not alone:
                await take_member(tx, options, member, last)
                continue
            mine = fewer_than(tx, 1, Member, Member.organization_id.eq(organization.id), Member.id.ne(member.id))
            if options.disable_organization_deletion or not await dissolve(tx, options, organization.id, mine):
                raise last
            await tx.afterwards(self._told(organization, user))

    def left(self, tx: Database, user: User) -> Sequence[Tally]:
        """That the user is a member nowhere."""
        return (fewer_than(self._plugin.seen(tx), 1, Member, Member.user_id.eq(user.id)),)

    def _told(self, organization: OrgRow, user: User) -> Callable[[], Awaitable[None]]:
        hook = self._plugin.options.organization_hooks.after_delete_organization
        return lambda: tell(hook, organization=organization, user=user)


async def _memberships(db: Database, user: User) -> list[Member]:
    # In one order, so that users who are deleted at the same time do not wait for each other.
    return await db.find_many(
        Member, Member.user_id.eq(user.id), order=(Member.organization_id.ascending(), Member.id.ascending())
    )


def _others(db: Database, member: Member) -> Tally:
    return at_least(db, 1, Member, Member.organization_id.eq(member.organization_id), Member.id.ne(member.id))
