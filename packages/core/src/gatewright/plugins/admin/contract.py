"""Operations of the admin plugin. Source: contract, endpoints.json ``admin``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, UnsetType, field

from gatewright.contract import faults as core
from gatewright.contract.results import Done, SessionData
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.admin import faults
from gatewright.wire.operation import SESSION, Operation, get, post
from gatewright.wire.result import Result
from gatewright.wire.text import Text

__all__ = (
    "AdminUpdateUser",
    "BanUser",
    "ChangedUser",
    "CreateUser",
    "GetUser",
    "ImpersonateUser",
    "ListUserSessions",
    "ListUsers",
    "Permission",
    "RemoveUser",
    "Removed",
    "RevokeUserSession",
    "RevokeUserSessions",
    "SetRole",
    "SetUserPassword",
    "StopImpersonating",
    "UnbanUser",
    "UserHasPermission",
    "UserPage",
    "UserSessions",
)

Loose: TypeAlias = Annotated[str, Text(loose=True)]
"""An identifier: numbers are taken for text."""

Filled: TypeAlias = Annotated[str, Text(loose=True, min=1)]
"""The same, not empty."""

Filter: TypeAlias = Literal[
    "eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in", "contains", "starts_with", "ends_with"
]


class ChangedUser(Result):
    """The user after the change."""

    user: User


class UserPage(Result):
    """Some of the users, and how many there are; ``limit`` and ``offset`` as they were asked for."""

    users: list[User]
    total: int
    limit: int | UnsetType = UNSET
    offset: int | UnsetType = UNSET


class UserSessions(Result):
    """A user's active sessions."""

    sessions: list[Session]


class Removed(Result):
    """It is done."""

    success: bool = True


class Permission(Result):
    """Whether it is allowed."""

    error: None = None
    success: bool


@post(
    "/admin/set-role",
    raises=(
        faults.YouAreNotAllowedToChangeUsersRole,
        faults.YouAreNotAllowedToSetNonExistentValue,
        core.UserNotFound,
    ),
    needs_headers=True,
)
class SetRole(Operation[ChangedUser]):
    """Give a user another role, or several."""

    user_id: Loose
    role: str | list[str]


@get("/admin/get-user", raises=(faults.YouAreNotAllowedToGetUser, core.UserNotFound))
class GetUser(Operation[User]):
    """One user."""

    id: str


@post(
    "/admin/create-user",
    raises=(
        faults.YouAreNotAllowedToCreateUsers,
        faults.YouAreNotAllowedToChangeUsersRole,
        faults.InvalidRoleType,
        faults.YouAreNotAllowedToSetNonExistentValue,
        faults.YouAreNotAllowedToBanUsers,
        core.InvalidEmail,
        core.UserAlreadyExistsUseAnotherEmail,
        core.FailedToCreateUser,
    ),
)
class CreateUser(Operation[ChangedUser]):
    """Create a user, with a password or without; the application itself may do so without a session.

    ``data`` holds further columns of the user, by wire name.
    """

    email: str
    name: str
    password: str | None = None
    role: str | list[str] | None = None
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])


@post(
    "/admin/update-user",
    raises=(
        faults.YouAreNotAllowedToUpdateUsers,
        faults.NoDataToUpdate,
        faults.PasswordCannotBeUpdatedViaUpdateUser,
        faults.YouAreNotAllowedToChangeUsersRole,
        faults.InvalidRoleType,
        faults.YouAreNotAllowedToSetNonExistentValue,
        faults.YouAreNotAllowedToBanUsers,
        faults.YouCannotBanYourself,
        faults.YouAreNotAllowedToSetUsersEmail,
        core.InvalidEmail,
        core.UserAlreadyExistsUseAnotherEmail,
        core.UserNotFound,
    ),
)
class AdminUpdateUser(Operation[User]):
    """Change a user's columns, by wire name; role, ban and address need their own permissions as well."""

    user_id: Loose
    data: Mapping[str, Any]


@get("/admin/list-users", raises=(faults.YouAreNotAllowedToListUsers,))
class ListUsers(Operation[UserPage]):
    """Some of the users. What is searched for is taken literally; fields are those that leave the server.

    ``limit`` and ``offset`` are numbers, or texts of numbers; what is neither is ignored.
    """

    search_value: str | None = None
    search_field: Literal["email", "name"] | None = None
    search_operator: Literal["contains", "starts_with", "ends_with"] | None = None
    limit: Any = None
    offset: Any = None
    sort_by: str | None = None
    sort_direction: Literal["asc", "desc"] | None = None
    filter_field: str | None = None
    filter_value: Any = None
    filter_operator: Filter | None = None


@post("/admin/list-user-sessions", name="adminListUserSessions", raises=(faults.YouAreNotAllowedToListUsersSessions,))
class ListUserSessions(Operation[UserSessions]):
    """A user's active sessions."""

    user_id: Loose


@post("/admin/unban-user", raises=(faults.YouAreNotAllowedToBanUsers, core.UserNotFound))
class UnbanUser(Operation[ChangedUser]):
    """Lift a ban."""

    user_id: Loose


@post("/admin/ban-user", raises=(faults.YouAreNotAllowedToBanUsers, core.UserNotFound, faults.YouCannotBanYourself))
class BanUser(Operation[ChangedUser]):
    """Ban a user, for ``ban_expires_in`` seconds or for ever; all of the user's sessions end."""

    user_id: Loose
    ban_reason: str | None = None
    ban_expires_in: float | None = None


@post(
    "/admin/impersonate-user",
    raises=(
        faults.YouAreNotAllowedToImpersonateUsers,
        core.UserNotFound,
        faults.YouCannotImpersonateAdmins,
        faults.BannedUser,
    ),
    signals=SESSION,
)
class ImpersonateUser(Operation[SessionData]):
    """Act as a user, in a short session that says who is behind it."""

    user_id: Loose


@post("/admin/stop-impersonating", signals=SESSION, needs_headers=True)
class StopImpersonating(Operation[SessionData]):
    """Go back to the administrator's own session; the other one ends."""


@post("/admin/revoke-user-session", raises=(faults.YouAreNotAllowedToRevokeUsersSessions,))
class RevokeUserSession(Operation[Removed]):
    """End a session."""

    session_token: str


@post("/admin/revoke-user-sessions", raises=(faults.YouAreNotAllowedToRevokeUsersSessions,))
class RevokeUserSessions(Operation[Removed]):
    """End all sessions of a user."""

    user_id: Loose


@post(
    "/admin/remove-user",
    raises=(faults.YouAreNotAllowedToDeleteUsers, faults.YouCannotRemoveYourself, core.UserNotFound),
)
class RemoveUser(Operation[Removed]):
    """Delete a user with everything that is the user's."""

    user_id: Loose


@post(
    "/admin/set-user-password",
    raises=(
        faults.YouAreNotAllowedToSetUsersPassword,
        core.PasswordTooShort,
        core.PasswordTooLong,
        core.UserNotFound,
    ),
)
class SetUserPassword(Operation[Done]):
    """Give a user another password, or a first one."""

    new_password: Filled
    user_id: Filled


@post("/admin/has-permission", one_of=("permission", "permissions"))
class UserHasPermission(Operation[Permission]):
    """Whether the caller may do all of ``permissions``; the application itself names a user or a role."""

    user_id: Loose | None = None
    role: str | None = None
    permission: Mapping[str, list[str]] | None = None
    permissions: Mapping[str, list[str]] | None = None
