"""The ``account`` table. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, NOW, Column, Reference, column
from gatewright.model.row import Row

__all__ = ("CREDENTIAL", "LOCAL_ISSUER", "Account")

CREDENTIAL = "credential"
"""``provider_id`` of an account that signs in with a password."""

LOCAL_ISSUER = "local:credential"
"""``issuer`` of such an account."""


class Account(Row, table="account", unique_together=(("issuer", "accountId"),)):
    """One way in for a user: a password, or an identity at a provider."""

    issuer: Column[str] = column()
    account_id: Column[str] = column()
    provider_id: Column[str] = column()
    user_id: Column[str] = column(index=True, references=Reference("user"))
    access_token: Column[str | None] = column(default=None, returned=False)
    refresh_token: Column[str | None] = column(default=None, returned=False)
    id_token: Column[str | None] = column(default=None, returned=False)
    access_token_expires_at: Column[datetime | None] = column(default=None, returned=False)
    refresh_token_expires_at: Column[datetime | None] = column(default=None, returned=False)
    scope: Column[str | None] = column(default=None)
    password: Column[str | None] = column(default=None, returned=False)
    created_at: Column[datetime] = column(factory=NOW)
    updated_at: Column[datetime] = column(factory=NOW, on_update=NOW)
    id: Column[str] = column(factory=GENERATED, input=False)
