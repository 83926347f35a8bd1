"""Faults of the anonymous plugin. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = (
    "AnonymousUsersCannotSignInAgainAnonymously",
    "CouldNotCreateSession",
    "DeleteAnonymousUserDisabled",
    "FailedToDeleteAnonymousUser",
    "FailedToDeleteAnonymousUserSessions",
    "InvalidEmailFormat",
    "UserIsNotAnonymous",
)


class InvalidEmailFormat(Fault, status=400):
    """The application's own function has made an address that is none."""

    message = "Email was not generated in a valid format"


class CouldNotCreateSession(Fault, status=400):
    """A hook does not want the session."""

    message = "Could not create session"


class AnonymousUsersCannotSignInAgainAnonymously(Fault, status=400):
    """The caller is a guest already."""

    message = "Anonymous users cannot sign in again anonymously"


class FailedToDeleteAnonymousUser(Fault, status=500):
    """The guest could not be removed."""

    message = "Failed to delete anonymous user"


class FailedToDeleteAnonymousUserSessions(Fault, status=500):
    """The guest's sessions could not be ended."""

    message = "Failed to delete anonymous user sessions"


class UserIsNotAnonymous(Fault, status=403):
    """The caller is no guest."""

    message = "User is not anonymous"


class DeleteAnonymousUserDisabled(Fault, status=400):
    """Guests are kept here."""

    message = "Deleting anonymous users is disabled"
