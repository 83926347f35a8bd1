"""The column that the plugin adds to ``user``. Source: contract, schema.json."""

from __future__ import annotations

from gatewright.model.column import Column, column
from gatewright.model.user import User

__all__ = ("GuestUser",)


class GuestUser(User):
    """A user who may be a guest. Null: a guest who is being joined to a user right now."""

    is_anonymous: Column[bool | None] = column(default=False, input=False)
