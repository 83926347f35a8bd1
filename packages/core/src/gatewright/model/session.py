"""The ``session`` table. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, NOW, Column, Reference, column
from gatewright.model.row import Row

__all__ = ("Session",)


class Session(Row, table="session"):
    """A signed-in device; ``token`` is the secret that proves it."""

    expires_at: Column[datetime] = column()
    token: Column[str] = column(unique=True)
    created_at: Column[datetime] = column(factory=NOW)
    updated_at: Column[datetime] = column(factory=NOW, on_update=NOW)
    ip_address: Column[str | None] = column(default=None)
    user_agent: Column[str | None] = column(default=None)
    user_id: Column[str] = column(index=True, references=Reference("user"))
    id: Column[str] = column(factory=GENERATED, input=False)
