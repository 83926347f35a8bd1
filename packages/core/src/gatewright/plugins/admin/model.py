"""Columns that the admin plugin adds. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import Column, column
from gatewright.model.session import Session
from gatewright.model.user import User

__all__ = ("AdminSession", "AdminUser")


class AdminUser(
    User,
    indexed_together=(("createdAt",), ("name",), ("role", "createdAt"), ("banned", "createdAt")),
    prefixed=("email", "name"),
):
    """A user with roles (a text with commas), and perhaps a ban. The indexes are what lists of users are read by."""

    role: Column[str | None] = column(default=None, input=False)
    banned: Column[bool | None] = column(default=False, input=False)
    ban_reason: Column[str | None] = column(default=None, input=False)
    ban_expires: Column[datetime | None] = column(default=None, input=False)


class AdminSession(Session):
    """A session that may have been begun by an administrator in the name of its user."""

    impersonated_by: Column[str | None] = column(default=None, input=False)
