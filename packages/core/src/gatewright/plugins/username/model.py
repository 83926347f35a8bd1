"""The columns that the plugin adds to ``user``. Source: contract, schema.json."""

from __future__ import annotations

from gatewright.model.column import Column, column
from gatewright.model.user import User
from gatewright.plugins.username.faults import UsernameIsAlreadyTaken

__all__ = ("DisplayUser", "NamedUser")


class NamedUser(User):
    """A user with a name to sign in with."""

    username: Column[str | None] = column(default=None, unique=True, sortable=True, taken=UsernameIsAlreadyTaken)


class DisplayUser(NamedUser):
    """A user whose name is also kept as it was spelled."""

    display_username: Column[str | None] = column(default=None)
