"""The contract's own statements and roles, for administrators and for members of organizations.

Source: contract, plugins.json ``accessDefaults``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from gatewright.access.statements import AccessControl, Role

__all__ = (
    "ADMIN_ACCESS",
    "ADMIN_ROLES",
    "ORGANIZATION_ACCESS",
    "ORGANIZATION_ROLES",
    "AdminStatements",
    "OrganizationStatements",
)


class AdminStatements(TypedDict, total=False):
    """What can be done to users and their sessions."""

    user: Sequence[
        Literal[
            "create",
            "list",
            "set-role",
            "ban",
            "impersonate",
            "impersonate-admins",
            "delete",
            "set-password",
            "set-email",
            "get",
            "update",
        ]
    ]
    session: Sequence[Literal["list", "revoke", "delete"]]


class OrganizationStatements(TypedDict, total=False):
    """What can be done within an organization; ``ac`` is about roles made while running."""

    organization: Sequence[Literal["update", "delete"]]
    member: Sequence[Literal["create", "update", "delete"]]
    invitation: Sequence[Literal["create", "cancel"]]
    team: Sequence[Literal["create", "update", "delete"]]
    ac: Sequence[Literal["create", "read", "update", "delete"]]


ADMIN_ACCESS = AccessControl(
    AdminStatements(
        user=[
            "create",
            "list",
            "set-role",
            "ban",
            "impersonate",
            "impersonate-admins",
            "delete",
            "set-password",
            "set-email",
            "get",
            "update",
        ],
        session=["list", "revoke", "delete"],
    )
)

ADMIN_ROLES: Mapping[str, Role[Any]] = {
    "admin": ADMIN_ACCESS.new_role(
        {
            "user": [
                "create",
                "list",
                "set-role",
                "ban",
                "impersonate",
                "delete",
                "set-password",
                "set-email",
                "get",
                "update",
            ],
            "session": ["list", "revoke", "delete"],
        }
    ),
    "user": ADMIN_ACCESS.new_role({"user": [], "session": []}),
}

ORGANIZATION_ACCESS = AccessControl(
    OrganizationStatements(
        organization=["update", "delete"],
        member=["create", "update", "delete"],
        invitation=["create", "cancel"],
        team=["create", "update", "delete"],
        ac=["create", "read", "update", "delete"],
    )
)

ORGANIZATION_ROLES: Mapping[str, Role[Any]] = {
    "owner": ORGANIZATION_ACCESS.new_role(
        {
            "organization": ["update", "delete"],
            "member": ["create", "update", "delete"],
            "invitation": ["create", "cancel"],
            "team": ["create", "update", "delete"],
            "ac": ["create", "read", "update", "delete"],
        }
    ),
    "admin": ORGANIZATION_ACCESS.new_role(
        {
            "organization": ["update"],
            "member": ["create", "update", "delete"],
            "invitation": ["create", "cancel"],
            "team": ["create", "update", "delete"],
            "ac": ["create", "read", "update", "delete"],
        }
    ),
    "member": ORGANIZATION_ACCESS.new_role(
        {"organization": [], "member": [], "invitation": [], "team": [], "ac": ["read"]}
    ),
}
