"""The admin plugin: options and parts."""

from __future__ import annotations

from gatewright.access.check import names_in, permitted
from gatewright.access.statements import Statements
from gatewright.model.user import User
from gatewright.plugins.admin import contract
from gatewright.plugins.admin.api import AdminApi
from gatewright.plugins.admin.model import AdminSession, AdminUser
from gatewright.plugins.admin.options import AdminOptions
from gatewright.plugins.base import Parts, Plugin
from gatewright.services.cookies import CookieSpec

__all__ = ("COOKIE", "Admin")

COOKIE = "admin_session"
"""Holds the administrator's own session while acting for somebody else."""


class Admin(Plugin[AdminApi]):
    """User administration."""

    id = "admin"
    api_type = AdminApi

    def __init__(self, options: AdminOptions | None = None) -> None:
        self.options = options or AdminOptions()

    def parts(self) -> Parts:
        """Operations, columns, the hooks that keep banned users out, and the administrator's cookie."""
        # The handlers ask for this class.
        from gatewright.plugins.admin.endpoints import ALL  # noqa: PLC0415
        from gatewright.plugins.admin.hooks import HOOKS, row_hooks  # noqa: PLC0415

        return Parts(
            endpoints=ALL,
            tables=(AdminUser, AdminSession),
            table_options={name: options.table_options() for name, options in self.options.table_options.items()},
            hooks=HOOKS,
            row_hooks=row_hooks(self.options),
            cookies={COOKIE: CookieSpec(COOKIE)},
            aliases=(
                ("PUT", "/admin/update-user", contract.AdminUpdateUser),
                ("DELETE", "/admin/remove-user", contract.RemoveUser),
                ("GET", "/admin/list-user-sessions", contract.ListUserSessions),
                ("DELETE", "/admin/revoke-user-session", contract.RevokeUserSession),
                ("DELETE", "/admin/revoke-user-sessions", contract.RevokeUserSessions),
            ),
        )

    def allows(self, user: User, asked: Statements) -> bool:
        """Whether a user may do what is asked."""
        if user.id in self.options.admin_user_ids:
            return True
        role = AdminUser.of(user).role or self.options.default_role
        return self.role_allows(role, asked)

    def role_allows(self, role: str, asked: Statements) -> bool:
        """Whether a role text allows what is asked."""
        return permitted(self.options.known_roles, role, asked)

    def is_administrator(self, user: User) -> bool:
        """Whether a user is an administrator, by role or by name."""
        if user.id in self.options.admin_user_ids:
            return True
        role = AdminUser.of(user).role or self.options.default_role
        return not set(names_in(role)).isdisjoint(self.options.administrators)
