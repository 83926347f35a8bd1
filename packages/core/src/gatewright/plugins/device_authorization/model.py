"""The ``deviceCode`` table. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, Column, column
from gatewright.model.row import Row

__all__ = ("DeviceCode",)


class DeviceCode(Row, table="deviceCode"):
    """A device that asks to be signed in; ``polling_interval`` is milliseconds."""

    device_code: Column[str] = column(index=True)
    user_code: Column[str] = column(index=True)
    user_id: Column[str | None] = column(default=None)
    expires_at: Column[datetime] = column()
    status: Column[str] = column()
    last_polled_at: Column[datetime | None] = column(default=None)
    polling_interval: Column[int | None] = column(default=None)
    client_id: Column[str | None] = column(default=None)
    scope: Column[str | None] = column(default=None)
    id: Column[str] = column(factory=GENERATED, input=False)
