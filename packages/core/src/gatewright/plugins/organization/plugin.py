"""The organization plugin: options and parts."""

from __future__ import annotations

from typing import Any

from gatewright.model.row import Row
from gatewright.model.session import Session
from gatewright.pipeline.handles import Endpoint
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.organization.api import OrganizationApi
from gatewright.plugins.organization.contract import member, organization, role, team
from gatewright.plugins.organization.contract.instances import Names
from gatewright.plugins.organization.model import (
    CountedOrg,
    Invitation,
    Member,
    OrgRow,
    OrgSession,
    RoleRow,
    Team,
    TeamInvitation,
    TeamMember,
    TeamSession,
)
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.plugins.organization.scope import by_path
from gatewright.services.database import Database
from gatewright.wire.operation import Operation

__all__ = ("INSTANCE", "Organization")

INSTANCE = "organization_instance"
"""The attribute of operations that are another instance's than the first: which."""


class Organization(Plugin[OrganizationApi]):
    """Organizations; teams and roles made while running where the options say so.

    Attributes:
        options: As given.
        names: What is called how; the contract's names, unless it is a :class:`NamedOrganization`.
    """

    id = "organization"
    api_type = OrganizationApi
    names: Names = Names()

    def __init__(self, options: OrganizationOptions | None = None) -> None:
        self.options = options or OrganizationOptions()

    def active_organization(self, session: Session) -> str | None:
        """The organization that a session works in by default."""
        return session.get(self.names.active)

    def active_team(self, session: Session) -> str | None:
        """The team that a session works in by default."""
        return session.get(self.names.active_team)

    def seen(self, db: Database) -> Database:
        """The database as the plugin's own functions see it: with its tables in the place of the models."""
        return db

    def parts(self) -> Parts:
        """Operations and tables, as far as the options turn them on."""
        # The handlers and flows ask for this class.
        from gatewright.plugins.organization.endpoints import (  # noqa: PLC0415
            invitations,
            members,
            organizations,
            ownership,
            pages,
            roles,
            teams,
        )
        from gatewright.plugins.organization.flows.dissolving import Leaving  # noqa: PLC0415

        founded = CountedOrg if self.options.keep_member_count else OrgRow
        tables: list[type[Row]] = [founded, Member, Invitation, OrgSession]
        endpoints: list[Endpoint] = [*organizations.ALL, *members.ALL, *invitations.ALL]
        endpoints += [*ownership.ALL, *pages.ALL]
        aliases: list[tuple[str, str, type[Operation[Any]]]] = [
            ("GET", "/organization/get-full", organization.GetFullOrganization),
            ("PUT", "/organization/update", organization.UpdateOrganization),
            ("DELETE", "/organization/delete", organization.DeleteOrganization),
            ("GET", "/organization/check-slug", organization.CheckOrganizationSlug),
            ("POST", "/organization/add-member", member.AddMember),
            ("DELETE", "/organization/remove-member", member.RemoveMember),
            ("PUT", "/organization/update-member-role", member.UpdateMemberRole),
        ]
        if self.options.teams.enabled:
            tables += [TeamInvitation, Team, TeamMember, TeamSession]
            endpoints += teams.ALL
            aliases += [
                ("PUT", "/organization/update-team", team.UpdateTeam),
                ("DELETE", "/organization/remove-team", team.RemoveTeam),
                ("DELETE", "/organization/remove-team-member", team.RemoveTeamMember),
            ]
        if self.options.dynamic_access_control.enabled:
            tables.append(RoleRow)
            endpoints += roles.ALL
            aliases += [
                ("DELETE", "/organization/delete-role", role.DeleteOrgRole),
                ("PUT", "/organization/update-role", role.UpdateOrgRole),
            ]
        return Parts(
            endpoints=endpoints,
            tables=tables,
            table_options={name: options.table_options() for name, options in self.options.table_options.items()},
            aliases=aliases,
            farewells=(Leaving(self),),
            on_request=(by_path(self.names),) if self.options.request_scope else (),
        )
