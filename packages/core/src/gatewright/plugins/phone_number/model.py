"""The columns that the plugin adds to ``user``. Source: contract, schema.json."""

from __future__ import annotations

from gatewright.model.column import Column, column
from gatewright.model.user import User

__all__ = ("PhoneUser",)


class PhoneUser(User):
    """A user with a number; ``phone_number_verified`` once its owner has shown a code that was sent to it."""

    phone_number: Column[str | None] = column(default=None, unique=True, sortable=True)
    phone_number_verified: Column[bool | None] = column(default=None, input=False)
