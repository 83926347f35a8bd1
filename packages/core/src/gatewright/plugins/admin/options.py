"""Options of the admin plugin. Source: contract, options.json ``admin``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from gatewright.access.defaults import ADMIN_ACCESS, ADMIN_ROLES
from gatewright.access.statements import AccessControl, Role
from gatewright.settings.base import Flag, Options, Seconds
from gatewright.settings.fields import ModelOptions

__all__ = ("AdminOptions",)

BANNED = "You have been banned from this application. Please contact support if you believe this is an error."


def _names(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


class AdminOptions(Options):
    """Who administers, and what bans and impersonations look like.

    Attributes:
        default_role: Given to new users.
        admin_roles: Roles whose users are administrators: they are not acted for unless that is allowed.
        default_ban_reason: Stored where a ban has none.
        default_ban_expires_in: Seconds; none is for ever.
        impersonation_session_duration: Seconds.
        table_options: Names of tables and columns, by model name (``schema`` in the contract's spelling).
        ac, roles: What can be done, and the roles made from it.
        admin_user_ids: Users who pass every check.
        banned_user_message: What a banned user is told.
        allow_impersonating_admins: Administrators may act for administrators.
    """

    default_role: str = "user"
    admin_roles: Annotated[str | Sequence[str], AfterValidator(_names)] = ("admin",)
    default_ban_reason: str | None = None
    default_ban_expires_in: Seconds | None = None
    impersonation_session_duration: Seconds = 3600
    table_options: Mapping[str, ModelOptions] = Field(default_factory=dict[str, ModelOptions], alias="schema")
    ac: AccessControl[Any] = ADMIN_ACCESS
    roles: Mapping[str, Role[Any]] | None = None
    admin_user_ids: frozenset[str] = frozenset()
    banned_user_message: str = BANNED
    allow_impersonating_admins: Flag = False

    @model_validator(mode="after")
    def _admin_roles_exist(self) -> AdminOptions:
        if "admin_roles" in self.model_fields_set:
            known = {name.lower() for name in self.known_roles}
            unknown = [name for name in self.administrators if name.lower() not in known]
            if unknown:
                raise ValueError(
                    f"admin_roles: there is no role {', '.join(unknown)} in roles ({', '.join(self.known_roles)}). "
                    "A role has two sides: admin_roles says who is an administrator, roles what each may do"
                )
        return self

    @property
    def known_roles(self) -> Mapping[str, Role[Any]]:
        """Every role by name."""
        return ADMIN_ROLES if self.roles is None else self.roles

    @property
    def administrators(self) -> tuple[str, ...]:
        """The roles of administrators."""
        return _names(self.admin_roles)
