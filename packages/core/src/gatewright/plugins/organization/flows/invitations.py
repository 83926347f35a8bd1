"""Inviting: one open invitation for each address, an exact limit, and joining whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

import anyio

from gatewright.model.query import Condition
from gatewright.plugins.organization.asking import is_owner
from gatewright.plugins.organization.faults import (
    InvitationLimitReached,
    OrganizationNotFound,
    UserIsAlreadyInvitedToThisOrganization,
)
from gatewright.plugins.organization.flows.members import another_owner
from gatewright.plugins.organization.flows.teams import leave_teams
from gatewright.plugins.organization.model import Invitation, Member, OrgRow
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.ports.adapter import Unmet
from gatewright.services.database import Database
from gatewright.services.tallies import at_least, fewer_than

__all__ = ("PENDING", "again_valid", "open_to", "undoing", "write_invitation")

PENDING = "pending"


def open_to(organization_id: str, now: datetime) -> tuple[Condition[Invitation], ...]:
    """The open invitations of an organization."""
    return (
        Invitation.organization_id.eq(organization_id),
        Invitation.status.eq(PENDING),
        Invitation.expires_at.after(now),
    )


async def again_valid(
    tx: Database, organization_id: str, email: str, until: datetime, now: datetime
) -> Invitation | None:
    """The open invitation of an address, valid for longer; ``None`` where there is none."""
    return await tx.update_one(
        Invitation,
        *open_to(organization_id, now),
        Invitation.email.eq(email),
        set=[Invitation.expires_at.to(until)],
    )


async def write_invitation(
    tx: Database, invitation: Invitation, now: datetime, limit: int | None, *, cancels: bool
) -> Invitation:
    """Write an invitation, in the place of the address's open one where ``cancels``.

    Raises:
        UserIsAlreadyInvitedToThisOrganization: There is an open one.
        InvitationLimitReached: The organization has enough of them.
        OrganizationNotFound: It is gone.
    """
    pending = open_to(invitation.organization_id, now)
    same = (*pending, Invitation.email.eq(invitation.email))
    organization = OrgRow.id.eq(invitation.organization_id)
    guards = [at_least(tx, 1, OrgRow, organization), fewer_than(tx, 1, Invitation, *same)]
    if limit is not None:
        guards.append(fewer_than(tx, limit, Invitation, *pending))
    while True:
        mine = await tx.count(Invitation, *same)
        if mine and not cancels:
            raise UserIsAlreadyInvitedToThisOrganization
        if mine:
            if limit is not None and await tx.count(Invitation, *pending) - mine >= limit:
                raise InvitationLimitReached
            await tx.update_many(Invitation, *same, set=[Invitation.status.to("canceled")])
        try:
            return await tx.insert(invitation, *guards)
        except Unmet:
            if not await tx.count(OrgRow, organization):
                raise OrganizationNotFound from None
            if not await tx.count(Invitation, *same):
                raise InvitationLimitReached from None


@asynccontextmanager
async def undoing(
    tx: Database, options: OrganizationOptions, invitation: Invitation, user_id: str
) -> AsyncGenerator[None]:
    """Where there are no transactions, take back an acceptance that could not be completed."""
    here = Member.organization_id.eq(invitation.organization_id)
    known = await tx.count(Member, here, Member.user_id.eq(user_id))
    try:
        yield
    except BaseException:
        if not tx.adapter.features.transactions:
            with anyio.CancelScope(shield=True):
                member = None if known else await tx.find_one(Member, here, Member.user_id.eq(user_id))
                if member is not None:
                    owners = (another_owner(tx, options, member),) if is_owner(options, member.role) else ()
                    if options.teams.enabled:
                        await leave_teams(tx, invitation.organization_id, user_id)
                    await tx.take(Member, Member.id.eq(member.id), Member.role.eq(member.role), *owners)
                await tx.update_one(
                    Invitation,
                    Invitation.id.eq(invitation.id),
                    Invitation.status.eq("accepted"),
                    fewer_than(
                        tx,
                        1,
                        Invitation,
                        *open_to(invitation.organization_id, invitation.created_at),
                        Invitation.email.eq(invitation.email),
                    ),
                    set=[Invitation.status.to(PENDING)],
                )
        raise
