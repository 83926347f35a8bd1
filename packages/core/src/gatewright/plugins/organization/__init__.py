"""Organization: organizations with members, roles, invitations, teams and roles made while running.

Upstream counterpart: ``organization``. Source: contract, plugins.json; endpoints.json. Tables: ``organization``,
``member``, ``invitation``; ``team`` and ``teamMember`` with teams; ``organizationRole`` with dynamic access control;
``activeOrganizationId`` and ``activeTeamId`` on ``session``.
"""

from gatewright.plugins.organization.api import OrganizationApi
from gatewright.plugins.organization.options import OrganizationOptions
from gatewright.plugins.organization.plugin import Organization

__all__ = ("Organization", "OrganizationApi", "OrganizationOptions")
