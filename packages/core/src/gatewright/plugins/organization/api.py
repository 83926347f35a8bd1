"""The server methods of the organization plugin."""

from __future__ import annotations

from gatewright.plugins.organization.contract import invitation, member, organization, ownership, pages, role, team
from gatewright.wire.calls import Api, method

__all__ = ("OrganizationApi", "OrganizationCoreApi", "OrganizationRolesApi", "OrganizationTeamsApi")


class OrganizationCoreApi(Api):
    """What the plugin adds to ``auth.api`` whatever its options."""

    create_organization = method(organization.CreateOrganization)
    update_organization = method(organization.UpdateOrganization)
    delete_organization = method(organization.DeleteOrganization)
    set_active_organization = method(organization.SetActiveOrganization)
    get_organization = method(organization.GetOrganization)
    get_full_organization = method(organization.GetFullOrganization)
    list_organizations = method(organization.ListOrganizations)
    check_organization_slug = method(organization.CheckOrganizationSlug)
    add_member = method(member.AddMember)
    remove_member = method(member.RemoveMember)
    update_member_role = method(member.UpdateMemberRole)
    get_active_member = method(member.GetActiveMember)
    leave_organization = method(member.LeaveOrganization)
    list_members = method(member.ListMembers)
    get_active_member_role = method(member.GetActiveMemberRole)
    has_permission = method(member.HasPermission)
    create_invitation = method(invitation.CreateInvitation)
    cancel_invitation = method(invitation.CancelInvitation)
    accept_invitation = method(invitation.AcceptInvitation)
    get_invitation = method(invitation.GetInvitation)
    reject_invitation = method(invitation.RejectInvitation)
    list_invitations = method(invitation.ListInvitations)
    list_user_invitations = method(invitation.ListUserInvitations)
    transfer_ownership = method(ownership.TransferOwnership)
    page_members = method(pages.PageMembers)
    page_invitations = method(pages.PageInvitations)
    page_organizations = method(pages.PageOrganizations)


class OrganizationTeamsApi(Api):
    """What it adds with teams."""

    create_team = method(team.CreateTeam)
    list_organization_teams = method(team.ListOrganizationTeams)
    remove_team = method(team.RemoveTeam)
    update_team = method(team.UpdateTeam)
    set_active_team = method(team.SetActiveTeam)
    list_user_teams = method(team.ListUserTeams)
    list_team_members = method(team.ListTeamMembers)
    add_team_member = method(team.AddTeamMember)
    remove_team_member = method(team.RemoveTeamMember)


class OrganizationRolesApi(Api):
    """What it adds with dynamic access control."""

    create_org_role = method(role.CreateOrgRole)
    delete_org_role = method(role.DeleteOrgRole)
    list_org_roles = method(role.ListOrgRoles)
    get_org_role = method(role.GetOrgRole)
    update_org_role = method(role.UpdateOrgRole)


class OrganizationApi(OrganizationCoreApi, OrganizationTeamsApi, OrganizationRolesApi):
    """Everything that the plugin can add to ``auth.api``."""
