"""Handlers: inviting, accepting, declining and taking back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import UNSET

from gatewright.access.check import joined, names_in
from gatewright.contract.faults import InvalidEmail
from gatewright.model.query import Change
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
    roles_of,
    shown_user,
    standing,
    tell,
)
from gatewright.plugins.organization.contract import invitation as contract
from gatewright.plugins.organization.contract.shown import InvitationDetails, UserInvitation
from gatewright.plugins.organization.endpoints.organizations import activate
from gatewright.plugins.organization.fields import accept_fields, shown
from gatewright.plugins.organization.flows.holding import hold
from gatewright.plugins.organization.flows.invitations import (
    PENDING,
    again_valid,
    open_to,
    undoing,
    write_invitation,
)
from gatewright.plugins.organization.flows.members import add_member
from gatewright.plugins.organization.flows.teams import join_team
from gatewright.plugins.organization.model import Invitation, OrgRow, Team, TeamInvitation
from gatewright.wire.faults import ApiError, Fault
from gatewright.wire.text import is_email

__all__ = ("ALL",)


@handles(contract.CreateInvitation, signed_in)
async def create(call: Call[contract.CreateInvitation], me: Signed) -> Invitation:
    """Invite somebody: one open invitation for each address."""
    asked, db, options = call.input, call.db, options_of(call)
    organization_id = meant(call, me, asked.organization_id)
    if not organization_id:
        raise faults.OrganizationNotFound
    email = asked.email.lower()
    if not is_email(email):
        raise InvalidEmail
    own = await standing(db, options, organization_id, me.user.id)
    if own is None:
        raise faults.MemberNotFound
    if not own.may({"invitation": ["create"]}):
        raise faults.YouAreNotAllowedToInviteUsersToThisOrganization
    names = names_in(joined(asked.role))
    known = await roles_of(db, options, organization_id, names)
    unknown = [name for name in names if name not in known and name != options.creator_role]
    if unknown:
        raise ApiError(400, message=f"ROLE_NOT_FOUND: {', '.join(unknown)}")
    if options.creator_role in names and not is_owner(options, own.member.role):
        raise faults.YouAreNotAllowedToInviteUserWithThisRole
    user = await call.services.users.by_email(db, email)
    if user is not None and await membership(db, organization_id, user.id) is not None:
        raise faults.UserIsAlreadyAMemberOfThisOrganization
    organization = await find_organization(db, organization_id, None)
    if organization is None:
        raise faults.OrganizationNotFound
    again = await _open(call, organization_id, email)
    if again and not asked.resend and not options.cancel_pending_invitations_on_re_invite:
        raise faults.UserIsAlreadyInvitedToThisOrganization
    seen = {**own.member.raw, "user": shown_user(me.user)}
    facts = {"user": me.user.raw, "organization": organization.raw, "member": seen}
    limit = None if again and asked.resend else await limit_of(options.invitation_limit, facts, None)
    if limit is not None and await db.count(Invitation, *open_to(organization_id, call.now)) - bool(again) >= limit:
        raise faults.InvitationLimitReached
    teams = await _teams(call, me, organization_id, asked.team_id)
    given: dict[str, Any] = {
        "role": ",".join(names),
        "email": email,
        "organizationId": organization_id,
        "teamIds": teams,
        **({"teamId": teams[0]} if len(teams) == 1 else {}),
        "inviterId": me.user.id,
    }
    table = call.db.schema[Invitation]
    given |= await accept_fields(table, asked.extra, core=TeamInvitation.columns, creating=True)
    hooks = options.organization_hooks
    expires = call.now + timedelta(seconds=options.invitation_expires_in)
    if not (again and asked.resend):
        given = await ask(
            hooks.before_create_invitation,
            given,
            invitation=None,
            inviter=me.user.raw,
            organization=organization.raw,
        )
    chosen = given.pop("teamIds", None)
    if options.teams.enabled:
        given["teamId"] = ",".join(chosen) if chosen else None
    else:
        given.pop("teamId", None)
    values = {**given, "status": PENDING, "expiresAt": expires, "createdAt": call.now}
    async with db.transaction() as tx:
        await hold(tx, organization_id)
        invitation = (await again_valid(tx, organization_id, email, expires, call.now)) if asked.resend else None
        fresh = invitation is None
        if invitation is None:
            row = Invitation.seen(values, None)
            cancels = options.cancel_pending_invitations_on_re_invite
            invitation = await write_invitation(tx, row, call.now, limit, cancels=cancels)
    send = options.send_invitation_email
    if send is not None:
        mail: dict[str, Any] = {
            "id": invitation.id,
            "role": invitation.role,
            "email": invitation.email,
            "organization": shown(call.db.schema[OrgRow], organization),
            "inviter": {**own.member.raw, "user": me.user.raw},
            "invitation": invitation.raw,
        }
        request = call.request
        await call.services.tasks.spawn(lambda: send(mail, request), name="mailing an invitation")
    if fresh:
        await tell(hooks.after_create_invitation, invitation=invitation, inviter=me.user, organization=organization)
    return invitation


async def _teams(call: Call[Any], me: Signed, organization_id: str, given: str | list[str] | None) -> list[str]:
    options = options_of(call)
    teams = [given] if isinstance(given, str) else list(given or ())
    if not options.teams.enabled:
        return []
    for team_id in teams:
        if "," in team_id:
            raise faults.InvalidTeamId
        team = await call.db.find_one(Team, Team.id.eq(team_id), Team.organization_id.eq(organization_id))
        if team is None:
            raise faults.TeamNotFound
        facts = {"teamId": team_id, "session": me.data, "organizationId": organization_id}
        most = await limit_of(options.teams.maximum_members_per_team, facts)
        if most is not None and team.member_count >= most:
            raise faults.TeamMemberLimitReached
    return teams


async def _open(call: Call[Any], organization_id: str, email: str) -> Invitation | None:
    return await call.db.find_one(Invitation, *open_to(organization_id, call.now), Invitation.email.eq(email))


async def _mine(call: Call[Any], me: Signed, invitation_id: str, missing: Fault) -> tuple[Invitation, OrgRow]:
    """An open invitation of the caller's, and its organization."""
    invitation = await call.db.find_one(Invitation, Invitation.id.eq(invitation_id))
    if invitation is None or invitation.status != PENDING or invitation.expires_at <= call.now:
        raise missing
    if invitation.email.lower() != me.user.email.lower():
        raise faults.YouAreNotTheRecipientOfTheInvitation
    if options_of(call).require_email_verification_on_invitation and not me.user.email_verified:
        raise faults.EmailVerificationRequiredBeforeAcceptingOrRejectingInvitation
    organization = await find_organization(call.db, invitation.organization_id, None)
    if organization is None:
        raise faults.OrganizationNotFound
    return invitation, organization


@handles(contract.AcceptInvitation, signed_in)
async def accept(call: Call[contract.AcceptInvitation], me: Signed) -> contract.Accepted:
    """Join: either the invitation is accepted and there is a member, or nothing has happened."""
    db, options = call.db, options_of(call)
    invitation, organization = await _mine(call, me, call.input.invitation_id, faults.InvitationNotFound())
    hooks = options.organization_hooks
    limit = await limit_of(options.membership_limit, me.user, organization)
    await tell(hooks.before_accept_invitation, invitation=invitation, user=me.user, organization=organization)
    text = TeamInvitation.of(invitation).team_id if options.teams.enabled else None
    teams = [team_id for team_id in (text or "").split(",") if team_id]
    async with db.transaction() as tx:
        await hold(tx, organization.id)
        inviter = await membership(tx, organization.id, invitation.inviter_id)
        if is_owner(options, invitation.role) and (inviter is None or not is_owner(options, inviter.role)):
            # Nobody becomes an owner by the word of somebody who could not say it now.
            raise faults.YouAreNotAllowedToInviteUserWithThisRole
        taken = await tx.update_one(
            Invitation,
            Invitation.id.eq(invitation.id),
            Invitation.status.eq(PENDING),
            Invitation.expires_at.after(call.now),
            set=[Invitation.status.to("accepted")],
        )
        if taken is None:
            raise faults.InvitationNotFound
        values = {"organizationId": organization.id, "userId": me.user.id, "role": invitation.role or "member"}
        async with undoing(tx, options, taken, me.user.id):
            member = await add_member(tx, options, values, limit)
            for team_id in teams:
                team = await tx.find_one(Team, Team.id.eq(team_id), Team.organization_id.eq(organization.id))
                if team is None:
                    raise faults.TeamNotFound
                facts = {"teamId": team_id, "session": me.data, "organizationId": organization.id}
                most = await limit_of(options.teams.maximum_members_per_team, facts)
                await join_team(tx, team, me.user.id, most)
    one = len(teams) == 1
    await activate(call, me, organization=organization.id, team=teams[0] if one else UNSET, cookie=one)
    await tell(hooks.after_accept_invitation, invitation=taken, member=member, user=me.user, organization=organization)
    return contract.Accepted(invitation=taken, member=member)


@handles(contract.RejectInvitation, signed_in)
async def reject(call: Call[contract.RejectInvitation], me: Signed) -> contract.Accepted:
    """Decline."""
    missing = faults.InvitationNotFound(message="Invitation not found!")
    invitation, organization = await _mine(call, me, call.input.invitation_id, missing)
    hooks = options_of(call).organization_hooks
    await tell(hooks.before_reject_invitation, invitation=invitation, user=me.user, organization=organization)
    taken = await _closed(call, invitation, "rejected", missing)
    await tell(hooks.after_reject_invitation, invitation=taken, user=me.user, organization=organization)
    return contract.Accepted(invitation=taken, member=None)


async def _closed(call: Call[Any], invitation: Invitation, status: str, missing: Fault) -> Invitation:
    change: Change[Invitation] = Invitation.status.to(status)
    taken = await call.db.update_one(
        Invitation, Invitation.id.eq(invitation.id), Invitation.status.eq(PENDING), set=[change]
    )
    if taken is None:
        raise missing
    return taken


@handles(contract.CancelInvitation, signed_in)
async def cancel(call: Call[contract.CancelInvitation], me: Signed) -> Invitation:
    """Take an invitation back."""
    db = call.db
    invitation = await db.find_one(Invitation, Invitation.id.eq(call.input.invitation_id))
    if invitation is None:
        raise faults.InvitationNotFound
    meant(call, me, invitation.organization_id)
    own = await standing(call.db, options_of(call), invitation.organization_id, me.user.id)
    if own is None:
        raise faults.MemberNotFound
    if not own.may({"invitation": ["cancel"]}):
        raise faults.YouAreNotAllowedToCancelThisInvitation
    organization = await find_organization(db, invitation.organization_id, None)
    if organization is None:
        raise faults.OrganizationNotFound
    hooks = options_of(call).organization_hooks
    await tell(hooks.before_cancel_invitation, invitation=invitation, cancelledBy=me.user, organization=organization)
    # What is cancelled already is cancelled; what was accepted or declined stays so.
    cancelled = invitation.status == "canceled"
    taken = invitation if cancelled else await _closed(call, invitation, "canceled", faults.InvitationNotFound())
    await tell(hooks.after_cancel_invitation, invitation=taken, cancelledBy=me.user, organization=organization)
    return taken


@handles(contract.GetInvitation)
async def get_invitation(call: Call[contract.GetInvitation]) -> InvitationDetails:
    """An invitation of the caller's."""
    me = await maybe_signed_in(call)
    if me is None:
        raise ApiError(401, message="Not authenticated")
    db = call.db
    invitation = await db.find_one(Invitation, Invitation.id.eq(call.input.id))
    if invitation is None or invitation.status != PENDING or invitation.expires_at <= call.now:
        raise ApiError(400, message="Invitation not found!")
    if invitation.email.lower() != me.user.email.lower():
        raise faults.YouAreNotTheRecipientOfTheInvitation
    if options_of(call).require_email_verification_on_invitation and not me.user.email_verified:
        raise faults.EmailVerificationRequiredForInvitation
    organization = await find_organization(db, invitation.organization_id, None)
    if organization is None:
        raise faults.OrganizationNotFound
    inviter = await call.services.users.by_id(db, invitation.inviter_id)
    if inviter is None or await membership(db, organization.id, inviter.id) is None:
        raise faults.InviterIsNoLongerAMemberOfTheOrganization
    return InvitationDetails.of(invitation).with_values(
        {
            "organizationName": organization.name,
            "organizationSlug": organization.slug,
            "inviterEmail": inviter.email,
        }
    )


@handles(contract.ListInvitations, signed_in)
async def list_invitations(call: Call[contract.ListInvitations], me: Signed) -> list[Invitation]:
    """An organization's invitations."""
    organization_id = meant(call, me, call.input.organization_id)
    if not organization_id:
        raise ApiError(400, message="Organization ID is required")
    if await membership(call.db, organization_id, me.user.id) is None:
        raise ApiError(403, message="You are not a member of this organization")
    return await call.db.find_many(
        Invitation, Invitation.organization_id.eq(organization_id), order=(Invitation.created_at.ascending(),)
    )


@handles(contract.ListUserInvitations)
async def list_user_invitations(call: Call[contract.ListUserInvitations]) -> list[UserInvitation]:
    """The caller's open invitations."""
    me = None if call.trusted else await maybe_signed_in(call)
    if call.request is not None and call.input.email is not None:
        raise ApiError(400, message="User email cannot be passed for client side API calls.")
    if me is not None and not me.user.email_verified:
        raise faults.EmailVerificationRequiredForInvitation
    email = me.user.email if me is not None else call.input.email
    if not email or (me is None and not call.trusted):
        raise ApiError(400, message="Missing session headers, or email query parameter.")
    db = call.db
    found = await db.find_many(
        Invitation,
        Invitation.email.eq(email.lower()),
        Invitation.status.eq(PENDING),
        order=(Invitation.created_at.ascending(),),
    )
    rows = await db.find_many(OrgRow, OrgRow.id.one_of([one.organization_id for one in found]))
    names = {row.id: row.name for row in rows}
    return [UserInvitation.of(one).with_values({"organizationName": names.get(one.organization_id)}) for one in found]


ALL = (
    create,
    accept,
    reject,
    cancel,
    get_invitation,
    list_invitations,
    list_user_invitations,
)
