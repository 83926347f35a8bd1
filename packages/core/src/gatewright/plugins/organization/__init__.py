"""Organization: organizations with members, roles, invitations, teams and roles made while running.

Upstream counterpart: ``organization``. Source: contract, plugins.json; endpoints.json. Tables: ``organization``,
``member``, ``invitation``; ``team`` and ``teamMember`` with teams; ``organizationRole`` with dynamic access control;
``activeOrganizationId`` and ``activeTeamId`` on ``session``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.organization.api import OrganizationApi as OrganizationApi
    from gatewright.plugins.organization.api import OrganizationCoreApi as OrganizationCoreApi
    from gatewright.plugins.organization.api import OrganizationRolesApi as OrganizationRolesApi
    from gatewright.plugins.organization.api import OrganizationTeamsApi as OrganizationTeamsApi
    from gatewright.plugins.organization.named import NamedOrganization as NamedOrganization
    from gatewright.plugins.organization.options import DefaultTeam as DefaultTeam
    from gatewright.plugins.organization.options import DynamicAccess as DynamicAccess
    from gatewright.plugins.organization.options import OrganizationHooks as OrganizationHooks
    from gatewright.plugins.organization.options import OrganizationOptions as OrganizationOptions
    from gatewright.plugins.organization.options import TeamOptions as TeamOptions
    from gatewright.plugins.organization.plugin import Organization as Organization

__all__ = (
    "DefaultTeam",
    "DynamicAccess",
    "NamedOrganization",
    "Organization",
    "OrganizationApi",
    "OrganizationCoreApi",
    "OrganizationHooks",
    "OrganizationOptions",
    "OrganizationRolesApi",
    "OrganizationTeamsApi",
    "TeamOptions",
)

__getattr__ = lazily(
    __name__,
    {
        "DefaultTeam": "options",
        "DynamicAccess": "options",
        "NamedOrganization": "named",
        "Organization": "plugin",
        "OrganizationApi": "api",
        "OrganizationCoreApi": "api",
        "OrganizationHooks": "options",
        "OrganizationOptions": "options",
        "OrganizationRolesApi": "api",
        "OrganizationTeamsApi": "api",
        "TeamOptions": "options",
    },
)
