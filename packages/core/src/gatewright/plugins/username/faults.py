"""Faults of the username plugin. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault


class InvalidUsernameOrPassword(Fault, status=401):
    """The name is unknown or the password does not match; which of the two is not told."""

    message = "Invalid username or password"


class UsernameIsAlreadyTaken(Fault, status=400):
    """Somebody has the name."""

    message = "Username is already taken. Please try another."


class UsernameTooShort(Fault, status=422):
    """Shorter than the configured minimum."""

    message = "Username is too short"


class UsernameTooLong(Fault, status=422):
    """Longer than the configured maximum."""

    message = "Username is too long"


class InvalidUsername(Fault, status=422):
    """The name has characters that it may not have."""

    message = "Username is invalid"


class InvalidDisplayUsername(Fault, status=400):
    """The display name is not accepted."""

    message = "Display username is invalid"


class UsernameIsImmutable(Fault, status=400):
    """The name stays as it is."""

    message = "Username cannot be updated"
