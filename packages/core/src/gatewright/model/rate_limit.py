"""The ``rateLimit`` table, there when rate limits are kept in the database. Source: contract, schema.json."""

from __future__ import annotations

from gatewright.model.column import GENERATED, Column, column
from gatewright.model.row import Row

__all__ = ("RateLimit",)


class RateLimit(Row, table="rateLimit"):
    """A window of requests under one key; ``last_request`` is milliseconds since the epoch."""

    key: Column[str] = column(unique=True)
    count: Column[int] = column()
    last_request: Column[int] = column(bigint=True)
    id: Column[str] = column(factory=GENERATED, input=False)
