"""Operations on members of organizations."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import field

from gatewright.contract import faults as core
from gatewright.plugins.organization import faults
from gatewright.plugins.organization.contract.results import Filter, Loose, Permission
from gatewright.plugins.organization.contract.shown import MemberWithUser
from gatewright.plugins.organization.model import Member
from gatewright.wire.operation import SESSION, Extra, Operation, get, post, server_only
from gatewright.wire.result import Result

__all__ = (
    "AddMember",
    "GetActiveMember",
    "GetActiveMemberRole",
    "HasPermission",
    "LeaveOrganization",
    "ListMembers",
    "MemberPage",
    "MemberRole",
    "RemoveMember",
    "RemovedMember",
    "UpdateMemberRole",
)


class MemberPage(Result):
    """Some of the members, and how many there are."""

    members: list[MemberWithUser]
    total: int


class RemovedMember(Result):
    """Who was removed."""

    member: MemberWithUser


class MemberRole(Result):
    """What somebody is."""

    role: str


@server_only(
    name="addMember",
    raises=(
        faults.NoActiveOrganization,
        core.UserNotFound,
        faults.UserIsAlreadyAMemberOfThisOrganization,
        faults.OrganizationMembershipLimitReached,
    ),
)
class AddMember(Operation[Member]):
    """Make a user a member, without an invitation: the application itself, or a member who may."""

    user_id: Loose
    role: str | list[str]
    organization_id: str | None = None
    team_id: str | None = None
    extra: Extra = field(default_factory=dict[str, object])


@post(
    "/organization/remove-member",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.MemberNotFound,
        faults.YouCannotLeaveTheOrganizationAsTheOnlyOwner,
        faults.YouAreNotAllowedToDeleteThisMember,
    ),
    needs_headers=True,
)
class RemoveMember(Operation[RemovedMember]):
    """Remove a member, by the member's identifier or by address."""

    member_id_or_email: str
    organization_id: str | None = None


@post(
    "/organization/update-member-role",
    name="updateOrganizationMemberRole",
    raises=(
        core.Unauthorized,
        faults.NoActiveOrganization,
        faults.MemberNotFound,
        faults.YouAreNotAllowedToUpdateThisMember,
        faults.YouCannotLeaveTheOrganizationWithoutAnOwner,
        faults.RoleNotFound,
    ),
    needs_headers=True,
)
class UpdateMemberRole(Operation[Member]):
    """Give a member another role, or several."""

    role: str | list[str]
    member_id: str
    organization_id: str | None = None


@get(
    "/organization/get-active-member",
    raises=(core.Unauthorized, faults.NoActiveOrganization, faults.MemberNotFound),
    needs_headers=True,
)
class GetActiveMember(Operation[MemberWithUser]):
    """The caller as a member of the active organization."""


@post(
    "/organization/leave",
    raises=(core.Unauthorized, faults.MemberNotFound, faults.YouCannotLeaveTheOrganizationAsTheOnlyOwner),
    signals=SESSION,
    needs_headers=True,
)
class LeaveOrganization(Operation[MemberWithUser]):
    """Leave an organization."""

    organization_id: str


@get(
    "/organization/list-members",
    raises=(
        core.Unauthorized,
        faults.OrganizationNotFound,
        faults.NoActiveOrganization,
        faults.YouAreNotAMemberOfThisOrganization,
    ),
    needs_headers=True,
)
class ListMembers(Operation[MemberPage]):
    """Some of the members with their users."""

    limit: Any = None
    offset: Any = None
    sort_by: str | None = None
    sort_direction: Literal["asc", "desc"] | None = None
    filter_field: str | None = None
    filter_value: Any = None
    filter_operator: Filter | None = None
    organization_id: str | None = None
    organization_slug: str | None = None


@get(
    "/organization/get-active-member-role",
    raises=(
        core.Unauthorized,
        faults.OrganizationNotFound,
        faults.NoActiveOrganization,
        faults.YouAreNotAMemberOfThisOrganization,
    ),
    needs_headers=True,
)
class GetActiveMemberRole(Operation[MemberRole]):
    """What the caller, or another user, is in an organization of the caller's."""

    user_id: str | None = None
    organization_id: str | None = None
    organization_slug: str | None = None


@post(
    "/organization/has-permission",
    raises=(core.Unauthorized, faults.NoActiveOrganization, faults.UserIsNotAMemberOfTheOrganization),
    one_of=("permission", "permissions"),
    needs_headers=True,
)
class HasPermission(Operation[Permission]):
    """Whether the caller may do all of ``permissions`` in an organization."""

    organization_id: str | None = None
    permission: dict[str, list[str]] | None = None
    permissions: dict[str, list[str]] | None = None
