"""The ``jwks`` table. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, Column, column
from gatewright.model.row import Row

__all__ = ("Jwks",)


class Jwks(Row, table="jwks"):
    """A pair of keys; the id is the ``kid``. The private key is encrypted, unless the options say otherwise."""

    public_key: Column[str] = column()
    private_key: Column[str] = column(returned=False)
    created_at: Column[datetime] = column()
    expires_at: Column[datetime | None] = column(default=None)
    alg: Column[str | None] = column(default=None)
    crv: Column[str | None] = column(default=None)
    id: Column[str] = column(factory=GENERATED, input=False)
