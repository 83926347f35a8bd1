"""The counterpart of the organization plugin: its calls, what is held of it, its signals, and a check that asks nobody.

Source: contract, client.json ``plugins`` (the hooks) and ``atomListeners``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from gatewright.access.check import permitted
from gatewright.access.defaults import ORGANIZATION_ROLES
from gatewright.access.statements import Role, Statements
from gatewright.plugins.organization.contract import invitation, member, organization, ownership, pages, role, team
from gatewright.plugins.organization.contract.instances import Names, moved, restated
from gatewright.wire.operation import SESSION, Operation
from gatewright_client.calls import F, Group, Sender, action
from gatewright_client.live import live
from gatewright_client.plugins.base import ClientPlugin, Listens, at, below

__all__ = ("NamedOrganizationClient", "OrganizationCalls", "OrganizationClient")

LIST = "$listOrg"
ACTIVE = "$activeOrgSignal"
MEMBER = "$activeMemberSignal"
MEMBER_ROLE = "$activeMemberRoleSignal"
_HELD = (LIST, ACTIVE, MEMBER, MEMBER_ROLE)
_CHANGING = ("create", "delete", "remove-member", "leave", "accept-invitation")

T = TypeVar("T")


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
        return permitted(self._roles(), role, permissions)

    def _roles(self) -> Mapping[str, Role[Any]]:
        plugin = self._sender.plugin(OrganizationClient)
        return ORGANIZATION_ROLES if plugin is None else plugin.roles


class OrganizationClient(ClientPlugin):
    """Organizations, their members, teams, invitations and roles.

    Args:
        roles: The roles that the server is given, for :meth:`OrganizationCalls.check_role_permission`.
    """

    def __init__(self, roles: Mapping[str, Role[Any]] = ORGANIZATION_ROLES) -> None:
        super().__init__("organization", calls=OrganizationCalls, signals=_rules("organization"))
        self.roles = roles


class NamedOrganizationClient(ClientPlugin):
    """The counterpart of a ``NamedOrganization`` of the server.

    ::

        households = NamedOrganizationClient("household")
        client = Client(url, plugins=[households])
        await client.of(households.here).create(name="Home", slug="home")

    Args:
        name: The instance's.
        roles: As those of :class:`OrganizationClient`.

    Raises:
        ConfigError: No such name.
    """

    def __init__(self, name: str, roles: Mapping[str, Role[Any]] = ORGANIZATION_ROLES) -> None:
        self.names = Names(name)
        rules = _rules(name)
        super().__init__(name, signals={self.signal_of(signal): rule for signal, rule in rules.items()})
        self.roles = roles
        self._operations: dict[Callable[..., Operation[Any]], Callable[..., Operation[Any]]] = {}

    def here(self, sender: Sender[F]) -> OrganizationCalls[F]:
        """The calls of the instance, for ``client.of``; what is held of it keeps up only if the client has the plugin."""
        return _NamedCalls(sender, self)

    def moved(self, operation: Callable[..., Operation[Any]]) -> Callable[..., Operation[Any]]:
        """An operation of the first instance as this one's; always the same one."""
        found = self._operations.get(operation)
        if found is None:
            first: Any = operation
            found = self._operations.setdefault(operation, moved(first, self.names))
        return found

    def signal_of(self, signal: str) -> str:
        """The instance's signal for one of the first's."""
        return f"{signal}:{self.names.name}" if signal in _HELD else signal


class _NamedCalls(OrganizationCalls[F]):
    def __init__(self, sender: Sender[F], instance: NamedOrganizationClient) -> None:
        super().__init__(_Here(sender, instance))
        self._instance = instance

    def _roles(self) -> Mapping[str, Role[Any]]:
        return self._instance.roles


class _Here(Sender[F]):
    """Sends the operations of an instance where those of the first are asked for."""

    def __init__(self, sender: Sender[F], instance: NamedOrganizationClient) -> None:
        self._sender = sender
        self._instance = instance

    def send(self, op: Operation[Any], /) -> Any:
        """Send the instance's operation."""
        operation: Any = self._instance.moved(type(op))
        return self._sender.send(restated(op, operation))

    def live(self, operation: Callable[[], Operation[Any]], signals: tuple[str, ...]) -> Any:
        """The live value that the instance's operation reads."""
        return self._sender.live(self._instance.moved(operation), tuple(map(self._instance.signal_of, signals)))

    def plugin(self, kind: type[T]) -> T | None:
        """The client's plugin of this class, or ``None``."""
        return self._sender.plugin(kind)


def _rules(name: str) -> dict[str, Listens]:
    """Which successes raise which signals, for the instance of that name."""
    base = f"/{name}"
    anywhere, activating = below(f"{base}/"), below(f"{base}/set-active")
    changing = at(*(f"{base}/{last}" for last in _CHANGING))

    def changes_member(path: str) -> bool:
        return activating(path) or path == f"{base}/update-member-role"

    return {
        LIST: at(f"{base}/create", f"{base}/delete", f"{base}/update"),
        ACTIVE: lambda path: path == "/sign-out" or anywhere(path),
        SESSION.name: lambda path: changing(path) or activating(path),
        MEMBER: changes_member,
        MEMBER_ROLE: changes_member,
    }
