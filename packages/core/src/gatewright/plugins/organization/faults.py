"""Faults of the organization plugin. Source: contract, errors.json ``organization``."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = (
    "CannotDeleteAPreDefinedRole",
    "EmailVerificationRequiredBeforeAcceptingOrRejectingInvitation",
    "EmailVerificationRequiredForInvitation",
    "InvalidResource",
    "InvalidTeamId",
    "InvitationLimitReached",
    "InvitationNotFound",
    "InviterIsNoLongerAMemberOfTheOrganization",
    "MemberNotFound",
    "MissingAcInstance",
    "NoActiveOrganization",
    "OrganizationAlreadyExists",
    "OrganizationMembershipLimitReached",
    "OrganizationMismatch",
    "OrganizationNotFound",
    "OrganizationSlugAlreadyTaken",
    "RoleIsAssignedToMembers",
    "RoleNameIsAlreadyTaken",
    "RoleNotFound",
    "TeamMemberLimitReached",
    "TeamNotFound",
    "TooManyRoles",
    "UnableToRemoveLastTeam",
    "UserIsAlreadyAMemberOfThisOrganization",
    "UserIsAlreadyInvitedToThisOrganization",
    "UserIsNotAMemberOfTheOrganization",
    "UserIsNotAMemberOfTheTeam",
    "YouAreNotAMemberOfThisOrganization",
    "YouAreNotAllowedToAccessThisOrganization",
    "YouAreNotAllowedToCancelThisInvitation",
    "YouAreNotAllowedToCreateANewOrganization",
    "YouAreNotAllowedToCreateANewTeamMember",
    "YouAreNotAllowedToCreateARole",
    "YouAreNotAllowedToCreateTeamsInThisOrganization",
    "YouAreNotAllowedToDeleteARole",
    "YouAreNotAllowedToDeleteTeamsInThisOrganization",
    "YouAreNotAllowedToDeleteThisMember",
    "YouAreNotAllowedToDeleteThisOrganization",
    "YouAreNotAllowedToDeleteThisTeam",
    "YouAreNotAllowedToInviteUserWithThisRole",
    "YouAreNotAllowedToInviteUsersToThisOrganization",
    "YouAreNotAllowedToListARole",
    "YouAreNotAllowedToReadARole",
    "YouAreNotAllowedToRemoveATeamMember",
    "YouAreNotAllowedToUpdateARole",
    "YouAreNotAllowedToUpdateThisMember",
    "YouAreNotAllowedToUpdateThisOrganization",
    "YouAreNotAllowedToUpdateThisTeam",
    "YouAreNotTheRecipientOfTheInvitation",
    "YouCannotLeaveTheOrganizationAsTheOnlyOwner",
    "YouCannotLeaveTheOrganizationWithoutAnOwner",
    "YouDoNotHaveAnActiveTeam",
    "YouHaveReachedTheMaximumNumberOfOrganizations",
    "YouHaveReachedTheMaximumNumberOfTeams",
    "YouMustBeInAnOrganizationToCreateARole",
)


class YouAreNotAllowedToCreateANewOrganization(Fault, status=403):
    """You are not allowed to create a new organization."""

    message = "You are not allowed to create a new organization"


class YouHaveReachedTheMaximumNumberOfOrganizations(Fault, status=403):
    """You have reached the maximum number of organizations."""

    message = "You have reached the maximum number of organizations"


class OrganizationAlreadyExists(Fault, status=400):
    """Organization already exists."""

    message = "Organization already exists"


class OrganizationSlugAlreadyTaken(Fault, status=400):
    """Organization slug already taken."""

    message = "Organization slug already taken"


class OrganizationNotFound(Fault, status=400):
    """Organization not found."""

    message = "Organization not found"


class UserIsNotAMemberOfTheOrganization(Fault, status=403):
    """User is not a member of the organization."""

    message = "User is not a member of the organization"


class YouAreNotAllowedToUpdateThisOrganization(Fault, status=403):
    """You are not allowed to update this organization."""

    message = "You are not allowed to update this organization"


class YouAreNotAllowedToDeleteThisOrganization(Fault, status=403):
    """You are not allowed to delete this organization."""

    message = "You are not allowed to delete this organization"


class NoActiveOrganization(Fault, status=400):
    """No active organization."""

    message = "No active organization"


class UserIsAlreadyAMemberOfThisOrganization(Fault, status=400):
    """User is already a member of this organization."""

    message = "User is already a member of this organization"


class MemberNotFound(Fault, status=400):
    """Member not found."""

    message = "Member not found"


class RoleNotFound(Fault, status=400):
    """Role not found."""

    message = "Role not found"


class TeamNotFound(Fault, status=400):
    """Team not found."""

    message = "Team not found"


class YouCannotLeaveTheOrganizationAsTheOnlyOwner(Fault, status=400):
    """You cannot leave the organization as the only owner."""

    message = "You cannot leave the organization as the only owner"


class YouCannotLeaveTheOrganizationWithoutAnOwner(Fault, status=400):
    """You cannot leave the organization without an owner."""

    message = "You cannot leave the organization without an owner"


class YouAreNotAllowedToDeleteThisMember(Fault, status=401):
    """You are not allowed to delete this member."""

    message = "You are not allowed to delete this member"


class YouAreNotAllowedToInviteUsersToThisOrganization(Fault, status=403):
    """You are not allowed to invite users to this organization."""

    message = "You are not allowed to invite users to this organization"


class UserIsAlreadyInvitedToThisOrganization(Fault, status=400):
    """User is already invited to this organization."""

    message = "User is already invited to this organization"


class InvitationNotFound(Fault, status=400):
    """Invitation not found."""

    message = "Invitation not found"


class YouAreNotTheRecipientOfTheInvitation(Fault, status=403):
    """You are not the recipient of the invitation."""

    message = "You are not the recipient of the invitation"


class EmailVerificationRequiredBeforeAcceptingOrRejectingInvitation(Fault, status=403):
    """Email verification required before accepting or rejecting invitation."""

    message = "Email verification required before accepting or rejecting invitation"


class EmailVerificationRequiredForInvitation(Fault, status=403):
    """Email verification required to view or list invitations for the session email."""

    message = "Email verification required to view or list invitations for the session email"


class YouAreNotAllowedToCancelThisInvitation(Fault, status=403):
    """You are not allowed to cancel this invitation."""

    message = "You are not allowed to cancel this invitation"


class InviterIsNoLongerAMemberOfTheOrganization(Fault, status=400):
    """Inviter is no longer a member of the organization."""

    message = "Inviter is no longer a member of the organization"


class YouAreNotAllowedToInviteUserWithThisRole(Fault, status=403):
    """You are not allowed to invite a user with this role."""

    message = "You are not allowed to invite a user with this role"


class YouHaveReachedTheMaximumNumberOfTeams(Fault, status=400):
    """You have reached the maximum number of teams."""

    message = "You have reached the maximum number of teams"


class UnableToRemoveLastTeam(Fault, status=400):
    """Unable to remove last team."""

    message = "Unable to remove last team"


class YouAreNotAllowedToUpdateThisMember(Fault, status=403):
    """You are not allowed to update this member."""

    message = "You are not allowed to update this member"


class OrganizationMembershipLimitReached(Fault, status=403):
    """Organization membership limit reached."""

    message = "Organization membership limit reached"


class YouAreNotAllowedToCreateTeamsInThisOrganization(Fault, status=403):
    """You are not allowed to create teams in this organization."""

    message = "You are not allowed to create teams in this organization"


class YouAreNotAllowedToDeleteTeamsInThisOrganization(Fault, status=403):
    """You are not allowed to delete teams in this organization."""

    message = "You are not allowed to delete teams in this organization"


class YouAreNotAllowedToUpdateThisTeam(Fault, status=403):
    """You are not allowed to update this team."""

    message = "You are not allowed to update this team"


class YouAreNotAllowedToDeleteThisTeam(Fault, status=403):
    """You are not allowed to delete this team."""

    message = "You are not allowed to delete this team"


class InvitationLimitReached(Fault, status=403):
    """Invitation limit reached."""

    message = "Invitation limit reached"


class TeamMemberLimitReached(Fault, status=403):
    """Team member limit reached."""

    message = "Team member limit reached"


class UserIsNotAMemberOfTheTeam(Fault, status=403):
    """User is not a member of the team."""

    message = "User is not a member of the team"


class YouDoNotHaveAnActiveTeam(Fault, status=400):
    """You do not have an active team."""

    message = "You do not have an active team"


class YouAreNotAllowedToCreateANewTeamMember(Fault, status=403):
    """You are not allowed to create a new member."""

    message = "You are not allowed to create a new member"


class YouAreNotAllowedToRemoveATeamMember(Fault, status=403):
    """You are not allowed to remove a team member."""

    message = "You are not allowed to remove a team member"


class YouAreNotAllowedToAccessThisOrganization(Fault, status=403):
    """You are not allowed to access this organization as an owner."""

    message = "You are not allowed to access this organization as an owner"


class YouAreNotAMemberOfThisOrganization(Fault, status=403):
    """You are not a member of this organization."""

    message = "You are not a member of this organization"


class MissingAcInstance(Fault, status=501):
    """Roles need statements to be made from."""

    message = (
        "Dynamic Access Control requires a pre-defined ac instance on the server auth plu"
        "gin. Read server logs for more information"
    )


class YouMustBeInAnOrganizationToCreateARole(Fault, status=400):
    """You must be in an organization to create a role."""

    message = "You must be in an organization to create a role"


class YouAreNotAllowedToCreateARole(Fault, status=403):
    """You are not allowed to create a role."""

    message = "You are not allowed to create a role"


class YouAreNotAllowedToUpdateARole(Fault, status=403):
    """You are not allowed to update a role."""

    message = "You are not allowed to update a role"


class YouAreNotAllowedToDeleteARole(Fault, status=403):
    """You are not allowed to delete a role."""

    message = "You are not allowed to delete a role"


class YouAreNotAllowedToReadARole(Fault, status=403):
    """You are not allowed to read a role."""

    message = "You are not allowed to read a role"


class YouAreNotAllowedToListARole(Fault, status=403):
    """You are not allowed to list a role."""

    message = "You are not allowed to list a role"


class TooManyRoles(Fault, status=400):
    """This organization has too many roles."""

    message = "This organization has too many roles"


class InvalidResource(Fault, status=400):
    """The provided permission includes an invalid resource."""

    message = "The provided permission includes an invalid resource"


class RoleNameIsAlreadyTaken(Fault, status=400):
    """That role name is already taken."""

    message = "That role name is already taken"


class CannotDeleteAPreDefinedRole(Fault, status=400):
    """Cannot delete a pre-defined role."""

    message = "Cannot delete a pre-defined role"


class RoleIsAssignedToMembers(Fault, status=400):
    """Cannot delete a role that is assigned to members. Please reassign the members to a different role first."""

    message = "Cannot delete a role that is assigned to members. Please reassign the members to a different role first"


class InvalidTeamId(Fault, status=400):
    """Team id contains a reserved character."""

    message = "Team id contains a reserved character"


class OrganizationMismatch(Fault, status=400):
    """The request is about one organization and names another. Beyond the contract: only scoped requests meet it."""

    message = "The request is about another organization"
