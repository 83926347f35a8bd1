"""Lists read page by page with a cursor. Beyond the contract, whose lists end at a limit or count everything first."""

from __future__ import annotations

from typing import Any

from gatewright.contract import faults as core
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.contract.shown import MemberWithUser
from gatewright.plugins.organization.model import Invitation, OrgRow
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Result

__all__ = (
    "InvitationsFrom",
    "MembersFrom",
    "OrganizationsFrom",
    "PageInvitations",
    "PageMembers",
    "PageOrganizations",
)

_INSIDE = (
    core.Unauthorized,
    core.ValidationError,
    faults.OrganizationNotFound,
    faults.NoActiveOrganization,
    faults.YouAreNotAMemberOfThisOrganization,
    faults.OrganizationMismatch,
)


class MembersFrom(Result):
    """Some members with their users; ``next_cursor`` leads on, and is null at the end."""

    members: list[MemberWithUser]
    next_cursor: str | None


class InvitationsFrom(Result):
    """Some invitations; ``next_cursor`` leads on, and is null at the end."""

    invitations: list[Invitation]
    next_cursor: str | None


class OrganizationsFrom(Result):
    """Some organizations; ``next_cursor`` leads on, and is null at the end."""

    organizations: list[OrgRow]
    next_cursor: str | None


@get("/organization/page-members", raises=_INSIDE, needs_headers=True)
class PageMembers(Operation[MembersFrom]):
    """Members with their users, in the order in which they joined."""

    cursor: str | None = None
    limit: Any = None
    organization_id: str | None = None
    organization_slug: str | None = None


@get("/organization/page-invitations", raises=_INSIDE, needs_headers=True)
class PageInvitations(Operation[InvitationsFrom]):
    """Invitations of an organization, in the order in which they were made."""

    cursor: str | None = None
    limit: Any = None
    organization_id: str | None = None
    organization_slug: str | None = None


@get("/organization/page-organizations", raises=(core.Unauthorized, core.ValidationError), needs_headers=True)
class PageOrganizations(Operation[OrganizationsFrom]):
    """The caller's organizations, in the order in which the caller joined them."""

    cursor: str | None = None
    limit: Any = None
