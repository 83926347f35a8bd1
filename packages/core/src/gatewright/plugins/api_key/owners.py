"""Who owns keys, and who may manage those of an organization.

Source: contract, endpoints.json ``api-key``; permissions are those of the resource ``apiKey`` in the organization plugin.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from gatewright.model.query import AnyOf, Tally
from gatewright.model.row import Row
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.plugins.admin.model import AdminUser
from gatewright.plugins.api_key.faults import (
    InsufficientApiKeyPermissions,
    KeyNotFound,
    OrganizationPluginRequired,
    UserNotMemberOfOrganization,
)
from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.api_key.options import ApiKeyOptions
from gatewright.plugins.organization.asking import is_owner, options_of, standing
from gatewright.plugins.organization.model import OrgRow
from gatewright.plugins.organization.plugin import Organization
from gatewright.services.tallies import at_least

__all__ = ("Action", "is_banned", "may_act", "may_manage", "owner_of", "refuse_strangers")

Action: TypeAlias = Literal["create", "read", "update", "delete"]


async def may_manage(call: Call[Any], organization_id: str, user_id: str, action: Action) -> None:
    """Refuse whoever may not do this with an organization's keys.

    Raises:
        OrganizationPluginRequired: Nobody keeps organizations here.
        UserNotMemberOfOrganization: The user is none of its members.
        InsufficientApiKeyPermissions: The member's role does not allow it.
    """
    if not call.services.plan.has(Organization):
        raise OrganizationPluginRequired
    options = options_of(call)
    own = await standing(call.db, options, organization_id, user_id)
    if own is None:
        raise UserNotMemberOfOrganization
    if not is_owner(options, own.member.role) and not own.may({"apiKey": [action]}):
        raise InsufficientApiKeyPermissions


async def refuse_strangers(
    call: Call[Any], family: ApiKeyOptions, row: KeyRow | None, user_id: str, action: Action
) -> KeyRow:
    """The key, if it is of the family and the user may manage it.

    Raises:
        KeyNotFound: There is none, or it is another user's.
        ApiError: See :func:`may_manage`.
    """
    if row is None or row.config_id != family.id:
        raise KeyNotFound
    if family.references == "organization":
        await may_manage(call, row.reference_id, user_id, action)
    elif row.reference_id != user_id:
        raise KeyNotFound
    return row


async def owner_of(call: Call[Any], family: ApiKeyOptions, row: KeyRow) -> Row | None:
    """The user or the organization that a key belongs to, if it is there and may act."""
    if family.references == "organization":
        if not call.services.plan.has(Organization):
            return None
        return await call.db.find_one(OrgRow, OrgRow.id.eq(row.reference_id))
    user = await call.db.find_one(User, User.id.eq(row.reference_id))
    return None if user is None or is_banned(call, user) else user


def is_banned(call: Call[Any], user: User) -> bool:
    """Whether the admin plugin has banned a user, and the ban is not over."""
    until: Any = user.get("banExpires")
    return user.get("banned") is True and (until is None or until > call.now)


def may_act(call: Call[Any], family: ApiKeyOptions, row: KeyRow) -> Tally | None:
    """What :func:`owner_of` asks, as a condition of a write; ``None`` where nobody keeps such owners."""
    if family.references == "organization":
        if not call.services.plan.has(Organization):
            return None
        return at_least(call.db, 1, OrgRow, OrgRow.id.eq(row.reference_id))
    owner, columns = AdminUser.id.eq(row.reference_id), call.db.schema[AdminUser].columns
    if "banned" not in columns or columns["banned"].type != "boolean":
        return at_least(call.db, 1, AdminUser, owner)
    free = [AdminUser.banned.eq(False), AdminUser.banned.eq(None)]
    if "banExpires" in columns and columns["banExpires"].type == "date":
        free.append(AdminUser.ban_expires.until(call.now))
    return at_least(call.db, 1, AdminUser, owner, AnyOf(tuple(free)))
