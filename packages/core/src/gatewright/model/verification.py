"""The ``verification`` table. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, NOW, Column, column
from gatewright.model.row import Row

__all__ = ("Verification",)


class Verification(Row, table="verification", prefixed=("identifier",)):
    """A value that can be redeemed once, before it expires."""

    identifier: Column[str] = column(index=True)
    value: Column[str] = column()
    expires_at: Column[datetime] = column(index=True)
    created_at: Column[datetime] = column(factory=NOW)
    updated_at: Column[datetime] = column(factory=NOW, on_update=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)
