"""The ``user`` table. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, NOW, Column, column
from gatewright.model.row import Row

__all__ = ("User",)


class User(Row, table="user"):
    """Somebody who can sign in."""

    name: Column[str] = column(sortable=True)
    email: Column[str] = column(unique=True, sortable=True, lower=True)
    email_verified: Column[bool] = column(default=False, input=False)
    image: Column[str | None] = column(default=None)
    created_at: Column[datetime] = column(factory=NOW)
    updated_at: Column[datetime] = column(factory=NOW, on_update=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)
