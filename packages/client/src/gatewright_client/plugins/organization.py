"""The counterpart of the organization plugin: its calls, what is held of it, its signals, and a check that asks nobody.

Source: contract, client.json ``plugins`` (the hooks) and ``atomListeners``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.access.check import permitted
from gatewright.access.defaults import ORGANIZATION_ROLES
from gatewright.access.statements import Role, Statements
from gatewright.plugins.organization.contract import invitation, member, organization, ownership, pages, role, team
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.live import live
from gatewright_client.plugins.base import ClientPlugin, at, below

__all__ = ("OrganizationCalls", "OrganizationClient")

LIST = "$listOrg"
ACTIVE = "$activeOrgSignal"
MEMBER = "$activeMemberSignal"
MEMBER_ROLE = "$activeMemberRoleSignal"


class OrganizationCalls(Group[F]):
    """``/organization``; what is held keeps up only if the client has :class:`OrganizationClient`.

    Attributes:
        active_organization: The organization that the session works in, with members, invitations and teams.
        list_organizations: The user's organizations.
        active_member: The user in that organization.
        active_member_role: What the user is there.
    """

    accept_invitation = action(invitation.AcceptInvitation)
    add_team_member = action(team.AddTeamMember)
    cancel_invitation = action(invitation.CancelInvitation)
    check_slug = action(organization.CheckOrganizationSlug)
    create = action(organization.CreateOrganization)
    create_role = action(role.CreateOrgRole)
    create_team = action(team.CreateTeam)
    delete = action(organization.DeleteOrganization)
    delete_role = action(role.DeleteOrgRole)
    get_active_member = action(member.GetActiveMember)
    get_active_member_role = action(member.GetActiveMemberRole)
    get_full_organization = action(organization.GetFullOrganization)
    get_invitation = action(invitation.GetInvitation)
    get_organization = action(organization.GetOrganization)
    get_role = action(role.GetOrgRole)
    has_permission = action(member.HasPermission)
    invite_member = action(invitation.CreateInvitation)
    leave = action(member.LeaveOrganization)
    list = action(organization.ListOrganizations)
    list_invitations = action(invitation.ListInvitations)
    list_members = action(member.ListMembers)
    list_roles = action(role.ListOrgRoles)
    list_team_members = action(team.ListTeamMembers)
    list_teams = action(team.ListOrganizationTeams)
    list_user_invitations = action(invitation.ListUserInvitations)
    list_user_teams = action(team.ListUserTeams)
    page_invitations = action(pages.PageInvitations)
    page_members = action(pages.PageMembers)
    page_organizations = action(pages.PageOrganizations)
    reject_invitation = action(invitation.RejectInvitation)
    remove_member = action(member.RemoveMember)
    remove_team = action(team.RemoveTeam)
    remove_team_member = action(team.RemoveTeamMember)
    set_active = action(organization.SetActiveOrganization)
    set_active_team = action(team.SetActiveTeam)
    transfer_ownership = action(ownership.TransferOwnership)
    update = action(organization.UpdateOrganization)
    update_member_role = action(member.UpdateMemberRole)
    update_role = action(role.UpdateOrgRole)
    update_team = action(team.UpdateTeam)

    active_member = live(member.GetActiveMember, MEMBER)
    active_member_role = live(member.GetActiveMemberRole, MEMBER_ROLE)
    active_organization = live(organization.GetFullOrganization, ACTIVE)
    list_organizations = live(organization.ListOrganizations, LIST)

    def check_role_permission(self, *, role: str, permissions: Statements) -> bool:
        """Whether ``role`` (or one of several, joined by commas) allows everything asked, by the roles of the client's plugin.

        For showing or hiding, not for deciding: the server is not asked, and roles that it made while running are unknown.
        """
        plugin = self._sender.plugin(OrganizationClient)
        return permitted(ORGANIZATION_ROLES if plugin is None else plugin.roles, role, permissions)


class OrganizationClient(ClientPlugin):
    """Organizations, their members, teams, invitations and roles.

    Args:
        roles: The roles that the server is given, for :meth:`OrganizationCalls.check_role_permission`.
    """

    def __init__(self, roles: Mapping[str, Role[Any]] = ORGANIZATION_ROLES) -> None:
        anywhere, activating = below("/organization"), below("/organization/set-active")
        changing = at(
            "/organization/create",
            "/organization/delete",
            "/organization/remove-member",
            "/organization/leave",
            "/organization/accept-invitation",
        )
        super().__init__(
            "organization",
            calls=OrganizationCalls,
            signals={
                LIST: at("/organization/create", "/organization/delete", "/organization/update"),
                ACTIVE: lambda path: path == "/sign-out" or anywhere(path),
                SESSION.name: lambda path: changing(path) or activating(path),
                MEMBER: _changes_member,
                MEMBER_ROLE: _changes_member,
            },
        )
        self.roles = roles


def _changes_member(path: str) -> bool:
    return path.startswith("/organization/set-active") or path == "/organization/update-member-role"
