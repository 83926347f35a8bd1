"""The ``walletAddress`` table. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, NOW, Column, Reference, column
from gatewright.model.row import Row

__all__ = ("WalletAddress",)


class WalletAddress(Row, table="walletAddress"):
    """A wallet of a user on one chain; the first one is primary."""

    user_id: Column[str] = column(index=True, references=Reference("user"))
    address: Column[str] = column(index=True)
    chain_id: Column[int] = column()
    is_primary: Column[bool] = column(default=False)
    created_at: Column[datetime] = column(factory=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)
