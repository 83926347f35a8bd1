"""The counterpart of the admin plugin: its calls, and a check of roles that asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.access.check import permitted
from gatewright.access.defaults import ADMIN_ROLES
from gatewright.access.statements import Role, Statements
from gatewright.plugins.admin.contract import (
    AdminUpdateUser,
    BanUser,
    CreateUser,
    GetUser,
    ImpersonateUser,
    ListUsers,
    ListUserSessions,
    RemoveUser,
    RevokeUserSession,
    RevokeUserSessions,
    SetRole,
    SetUserPassword,
    StopImpersonating,
    UnbanUser,
    UserHasPermission,
)
from gatewright.plugins.admin.faults import BannedUser
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin, at

__all__ = ("AdminCalls", "AdminClient")


class AdminCalls(Group[F]):
    """``/admin``."""

    ban_user = action(BanUser)
    create_user = action(CreateUser)
    get_user = action(GetUser)
    has_permission = action(UserHasPermission)
    impersonate_user = action(ImpersonateUser)
    list_user_sessions = action(ListUserSessions)
    list_users = action(ListUsers)
    remove_user = action(RemoveUser)
    revoke_user_session = action(RevokeUserSession)
    revoke_user_sessions = action(RevokeUserSessions)
    set_role = action(SetRole)
    set_user_password = action(SetUserPassword)
    stop_impersonating = action(StopImpersonating)
    unban_user = action(UnbanUser)
    update_user = action(AdminUpdateUser)

    def check_role_permission(self, *, role: str, permissions: Statements) -> bool:
        """Whether ``role`` (or one of several, joined by commas) allows everything asked, by the roles of the client's plugin.

        For showing or hiding, not for deciding: the server is not asked.
        """
        plugin = self._sender.plugin(AdminClient)
        return permitted(ADMIN_ROLES if plugin is None else plugin.roles, role, permissions)


class AdminClient(ClientPlugin):
    """Administration of users.

    Args:
        roles: The roles that the server is given, for :meth:`AdminCalls.check_role_permission`.
    """

    def __init__(self, roles: Mapping[str, Role[Any]] = ADMIN_ROLES) -> None:
        super().__init__(
            "admin",
            calls=AdminCalls,
            signals={SESSION.name: at("/admin/impersonate-user", "/admin/stop-impersonating")},
            faults=(BannedUser,),
        )
        self.roles = roles
