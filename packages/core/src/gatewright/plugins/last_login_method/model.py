"""The column that the plugin may add to ``user``. Source: contract, schema.json."""

from __future__ import annotations

from gatewright.model.column import Column, column
from gatewright.model.user import User

__all__ = ("RememberedUser",)


class RememberedUser(User):
    """A user with the way in which the last session began."""

    last_login_method: Column[str | None] = column(default=None, input=False)
