"""Operations on roles made while running."""

from __future__ import annotations

from gatewright.contract import faults as core
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.contract.results import Document
from gatewright.plugins.organization.contract.shown import OpenRole
from gatewright.wire.operation import Operation, get, post
from gatewright.wire.result import Result

__all__ = (
    "ChangedRole",
    "CreateOrgRole",
    "DeleteOrgRole",
    "GetOrgRole",
    "ListOrgRoles",
    "MadeRole",
    "RemovedRole",
    "UpdateOrgRole",
)


class MadeRole(Result):
    """The new role, and everything that it may do."""

    success: bool = True
    role_data: OpenRole
    statements: dict[str, list[str]]


class ChangedRole(Result):
    """The role after the change."""

    success: bool = True
    role_data: OpenRole


class RemovedRole(Result):
    """It is done."""

    success: bool = True


@post(
    "/organization/create-role",
    raises=(
        core.Unauthorized,
        faults.MissingAcInstance,
        faults.YouMustBeInAnOrganizationToCreateARole,
        faults.YouAreNotAMemberOfThisOrganization,
        faults.YouAreNotAllowedToCreateARole,
        faults.TooManyRoles,
        faults.InvalidResource,
        faults.RoleNameIsAlreadyTaken,
    ),
    needs_headers=True,
)
class CreateOrgRole(Operation[MadeRole]):
    """Make a role; nobody gives what they may not do themselves."""

    role: str
    permission: dict[str, list[str]]
    organization_id: str | None = None
    additional_fields: Document | None = None


@post(
    "/organization/delete-role",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.YouAreNotAMemberOfThisOrganization,
        faults.YouAreNotAllowedToDeleteARole,
        faults.CannotDeleteAPreDefinedRole,
        faults.RoleNotFound,
        faults.RoleIsAssignedToMembers,
    ),
    needs_headers=True,
)
class DeleteOrgRole(Operation[RemovedRole]):
    """Remove a role that nobody has."""

    role_name: str | None = None
    role_id: str | None = None
    organization_id: str | None = None


@get(
    "/organization/list-roles",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.YouAreNotAMemberOfThisOrganization,
        faults.YouAreNotAllowedToListARole,
    ),
    needs_headers=True,
)
class ListOrgRoles(Operation[list[OpenRole]]):
    """The roles that an organization has made."""

    organization_id: str | None = None


@get(
    "/organization/get-role",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.YouAreNotAMemberOfThisOrganization,
        faults.YouAreNotAllowedToReadARole,
        faults.RoleNotFound,
    ),
    needs_headers=True,
)
class GetOrgRole(Operation[OpenRole]):
    """One of them."""

    role_name: str | None = None
    role_id: str | None = None
    organization_id: str | None = None


@post(
    "/organization/update-role",
    raises=(
        core.Unauthorized,
        faults.MissingAcInstance,
        faults.NoActiveOrganization,
        faults.YouAreNotAMemberOfThisOrganization,
        faults.YouAreNotAllowedToUpdateARole,
        faults.RoleNotFound,
        faults.InvalidResource,
        faults.RoleNameIsAlreadyTaken,
    ),
    needs_headers=True,
)
class UpdateOrgRole(Operation[ChangedRole]):
    """Change what a role may do, or its name."""

    data: Document
    role_name: str | None = None
    role_id: str | None = None
    organization_id: str | None = None
