"""Operations on organizations."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, field

from gatewright.contract import faults as core
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.contract.results import Document, Loose
from gatewright.plugins.organization.contract.shown import FoundedOrganization, FullOrganization, OpenOrganization
from gatewright.plugins.organization.model import OrgRow
from gatewright.wire.operation import SESSION, Extra, Maybe, Operation, get, post
from gatewright.wire.result import Done
from gatewright.wire.text import NonEmpty

__all__ = (
    "CheckOrganizationSlug",
    "CreateOrganization",
    "DeleteOrganization",
    "GetFullOrganization",
    "GetOrganization",
    "ListOrganizations",
    "SetActiveOrganization",
    "UpdateOrganization",
)


@post(
    "/organization/create",
    raises=(
        core.Unauthorized,
        faults.YouAreNotAllowedToCreateANewOrganization,
        faults.YouHaveReachedTheMaximumNumberOfOrganizations,
        faults.OrganizationAlreadyExists,
    ),
    signals=SESSION,
)
class CreateOrganization(Operation[FoundedOrganization]):
    """Found an organization; its founder becomes its first owner, and it becomes active."""

    name: NonEmpty
    slug: NonEmpty
    user_id: Loose | None = None
    logo: str | None = None
    metadata: Document | None = None
    keep_current_active_organization: bool = False
    extra: Extra = field(default_factory=dict[str, object])


@post(
    "/organization/update",
    raises=(
        core.Unauthorized,
        faults.OrganizationNotFound,
        faults.UserIsNotAMemberOfTheOrganization,
        faults.YouAreNotAllowedToUpdateThisOrganization,
        faults.OrganizationSlugAlreadyTaken,
    ),
    needs_headers=True,
)
class UpdateOrganization(Operation[OpenOrganization]):
    """Change an organization: ``data`` by wire name."""

    data: Document
    organization_id: str | None = None


@post(
    "/organization/delete",
    raises=(
        core.Unauthorized,
        faults.OrganizationNotFound,
        faults.UserIsNotAMemberOfTheOrganization,
        faults.YouAreNotAllowedToDeleteThisOrganization,
    ),
    signals=SESSION,
    needs_headers=True,
)
class DeleteOrganization(Operation[OrgRow]):
    """Dissolve an organization with everything in it."""

    organization_id: str


@post(
    "/organization/set-active",
    raises=(core.Unauthorized, faults.OrganizationNotFound, faults.UserIsNotAMemberOfTheOrganization),
    signals=SESSION,
    needs_headers=True,
)
class SetActiveOrganization(Operation[OrgRow | None]):
    """Say which organization the session works in; null for none."""

    organization_id: Maybe[str] = UNSET
    organization_slug: str | None = None


@get(
    "/organization/get-organization",
    raises=(core.Unauthorized, faults.OrganizationNotFound, faults.UserIsNotAMemberOfTheOrganization),
    needs_headers=True,
)
class GetOrganization(Operation[OrgRow | None]):
    """An organization of the caller's."""

    organization_id: str | None = None
    organization_slug: str | None = None


@get(
    "/organization/get-full-organization",
    raises=(core.Unauthorized, faults.OrganizationNotFound, faults.UserIsNotAMemberOfTheOrganization),
    needs_headers=True,
)
class GetFullOrganization(Operation[FullOrganization | None]):
    """An organization with its members, invitations and teams."""

    organization_id: str | None = None
    organization_slug: str | None = None
    members_limit: Any = None


@get("/organization/list", raises=(core.Unauthorized,), needs_headers=True)
class ListOrganizations(Operation[list[OrgRow]]):
    """The caller's organizations."""


@post("/organization/check-slug", raises=(core.Unauthorized, faults.OrganizationSlugAlreadyTaken))
class CheckOrganizationSlug(Operation[Done]):
    """Whether a slug is free."""

    slug: str
