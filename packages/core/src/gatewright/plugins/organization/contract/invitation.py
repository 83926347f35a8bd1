"""Operations on invitations."""

from __future__ import annotations

from msgspec import field

from gatewright.contract import faults as core
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.contract.shown import InvitationDetails, UserInvitation
from gatewright.plugins.organization.model import Invitation, Member
from gatewright.wire.operation import SESSION, Extra, Operation, get, post
from gatewright.wire.result import Result

__all__ = (
    "AcceptInvitation",
    "Accepted",
    "CancelInvitation",
    "CreateInvitation",
    "GetInvitation",
    "ListInvitations",
    "ListUserInvitations",
    "RejectInvitation",
)


class Accepted(Result):
    """The invitation, and the member that it made; null where it was rejected."""

    invitation: Invitation
    member: Member | None


@post(
    "/organization/invite-member",
    name="createOrganizationInvitation",
    raises=(
        core.Unauthorized,
        faults.OrganizationNotFound,
        core.InvalidEmail,
        faults.MemberNotFound,
        faults.YouAreNotAllowedToInviteUsersToThisOrganization,
        faults.RoleNotFound,
        faults.YouAreNotAllowedToInviteUserWithThisRole,
        faults.UserIsAlreadyAMemberOfThisOrganization,
        faults.UserIsAlreadyInvitedToThisOrganization,
        faults.InvitationLimitReached,
        faults.InvalidTeamId,
        faults.TeamNotFound,
        faults.TeamMemberLimitReached,
    ),
    needs_headers=True,
)
class CreateInvitation(Operation[Invitation]):
    """Invite somebody by mail."""

    email: str
    role: str | list[str]
    organization_id: str | None = None
    resend: bool = False
    team_id: str | list[str] | None = None
    extra: Extra = field(default_factory=dict[str, object])


@post(
    "/organization/cancel-invitation",
    raises=(
        core.Unauthorized,
        faults.InvitationNotFound,
        faults.MemberNotFound,
        faults.YouAreNotAllowedToCancelThisInvitation,
    ),
    needs_headers=True,
)
class CancelInvitation(Operation[Invitation]):
    """Take an invitation back."""

    invitation_id: str


@post(
    "/organization/accept-invitation",
    raises=(
        core.Unauthorized,
        faults.InvitationNotFound,
        faults.YouAreNotTheRecipientOfTheInvitation,
        faults.EmailVerificationRequiredBeforeAcceptingOrRejectingInvitation,
        faults.OrganizationMembershipLimitReached,
        faults.TeamNotFound,
        faults.TeamMemberLimitReached,
    ),
    signals=SESSION,
    needs_headers=True,
)
class AcceptInvitation(Operation[Accepted]):
    """Join by invitation."""

    invitation_id: str


@get(
    "/organization/get-invitation",
    raises=(
        faults.YouAreNotTheRecipientOfTheInvitation,
        faults.EmailVerificationRequiredForInvitation,
        faults.OrganizationNotFound,
        faults.InviterIsNoLongerAMemberOfTheOrganization,
    ),
    needs_headers=True,
)
class GetInvitation(Operation[InvitationDetails]):
    """An invitation of the caller's."""

    id: str


@post(
    "/organization/reject-invitation",
    raises=(
        core.Unauthorized,
        faults.InvitationNotFound,
        faults.YouAreNotTheRecipientOfTheInvitation,
        faults.EmailVerificationRequiredBeforeAcceptingOrRejectingInvitation,
    ),
    needs_headers=True,
)
class RejectInvitation(Operation[Accepted]):
    """Decline."""

    invitation_id: str


@get("/organization/list-invitations", raises=(core.Unauthorized,), needs_headers=True)
class ListInvitations(Operation[list[Invitation]]):
    """An organization's invitations."""

    organization_id: str | None = None


@get("/organization/list-user-invitations", raises=(faults.EmailVerificationRequiredForInvitation,))
class ListUserInvitations(Operation[list[UserInvitation]]):
    """The caller's open invitations; the application itself names an address."""

    email: str | None = None
