"""Faults of the admin plugin. Source: contract, errors.json ``admin``."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = (
    "BannedUser",
    "InvalidRoleType",
    "NoDataToUpdate",
    "PasswordCannotBeUpdatedViaUpdateUser",
    "YouAreNotAllowedToBanUsers",
    "YouAreNotAllowedToChangeUsersRole",
    "YouAreNotAllowedToCreateUsers",
    "YouAreNotAllowedToDeleteUsers",
    "YouAreNotAllowedToGetUser",
    "YouAreNotAllowedToImpersonateUsers",
    "YouAreNotAllowedToListUsers",
    "YouAreNotAllowedToListUsersSessions",
    "YouAreNotAllowedToRevokeUsersSessions",
    "YouAreNotAllowedToSetNonExistentValue",
    "YouAreNotAllowedToSetUsersEmail",
    "YouAreNotAllowedToSetUsersPassword",
    "YouAreNotAllowedToUpdateUsers",
    "YouCannotBanYourself",
    "YouCannotImpersonateAdmins",
    "YouCannotRemoveYourself",
)


class YouCannotBanYourself(Fault, status=400):
    """Administrators do not ban themselves."""

    message = "You cannot ban yourself"


class YouAreNotAllowedToChangeUsersRole(Fault, status=403):
    """Needs ``user:set-role``."""

    message = "You are not allowed to change users role"


class YouAreNotAllowedToCreateUsers(Fault, status=403):
    """Needs ``user:create``."""

    message = "You are not allowed to create users"


class YouAreNotAllowedToListUsers(Fault, status=403):
    """Needs ``user:list``."""

    message = "You are not allowed to list users"


class YouAreNotAllowedToListUsersSessions(Fault, status=403):
    """Needs ``session:list``."""

    message = "You are not allowed to list users sessions"


class YouAreNotAllowedToBanUsers(Fault, status=403):
    """Needs ``user:ban``."""

    message = "You are not allowed to ban users"


class YouAreNotAllowedToImpersonateUsers(Fault, status=403):
    """Needs ``user:impersonate``."""

    message = "You are not allowed to impersonate users"


class YouAreNotAllowedToRevokeUsersSessions(Fault, status=403):
    """Needs ``session:revoke``."""

    message = "You are not allowed to revoke users sessions"


class YouAreNotAllowedToDeleteUsers(Fault, status=403):
    """Needs ``user:delete``."""

    message = "You are not allowed to delete users"


class YouAreNotAllowedToSetUsersPassword(Fault, status=403):
    """Needs ``user:set-password``."""

    message = "You are not allowed to set users password"


class BannedUser(Fault, status=403):
    """The user is banned; the message is the application's."""

    message = "You have been banned from this application"


class YouAreNotAllowedToGetUser(Fault, status=403):
    """Needs ``user:get``."""

    message = "You are not allowed to get user"


class NoDataToUpdate(Fault, status=400):
    """A change of nothing."""

    message = "No data to update"


class YouAreNotAllowedToUpdateUsers(Fault, status=403):
    """Needs ``user:update``."""

    message = "You are not allowed to update users"


class YouCannotRemoveYourself(Fault, status=400):
    """Administrators do not remove themselves."""

    message = "You cannot remove yourself"


class YouAreNotAllowedToSetNonExistentValue(Fault, status=400):
    """There is no such role."""

    message = "You are not allowed to set a non-existent role value"


class YouCannotImpersonateAdmins(Fault, status=403):
    """Needs ``user:impersonate-admins``, or the option."""

    message = "You cannot impersonate admins"


class InvalidRoleType(Fault, status=400):
    """A role that is no text."""

    message = "Invalid role type"


class YouAreNotAllowedToSetUsersEmail(Fault, status=403):
    """Needs ``user:set-email``."""

    message = "You are not allowed to update users email"


class PasswordCannotBeUpdatedViaUpdateUser(Fault, status=400):
    """A password has its own operation."""

    message = "Password cannot be updated through update-user. Use the set-user-password endpoint instead"
