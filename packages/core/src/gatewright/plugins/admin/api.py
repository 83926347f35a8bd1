"""The server methods of the admin plugin."""

from __future__ import annotations

from gatewright.plugins.admin import contract
from gatewright.wire.calls import Api, method

__all__ = ("AdminApi",)


class AdminApi(Api):
    """What the plugin adds to ``auth.api``."""

    set_role = method(contract.SetRole)
    get_user = method(contract.GetUser)
    create_user = method(contract.CreateUser)
    admin_update_user = method(contract.AdminUpdateUser)
    list_users = method(contract.ListUsers)
    list_user_sessions = method(contract.ListUserSessions)
    unban_user = method(contract.UnbanUser)
    ban_user = method(contract.BanUser)
    impersonate_user = method(contract.ImpersonateUser)
    stop_impersonating = method(contract.StopImpersonating)
    revoke_user_session = method(contract.RevokeUserSession)
    revoke_user_sessions = method(contract.RevokeUserSessions)
    remove_user = method(contract.RemoveUser)
    set_user_password = method(contract.SetUserPassword)
    user_has_permission = method(contract.UserHasPermission)
