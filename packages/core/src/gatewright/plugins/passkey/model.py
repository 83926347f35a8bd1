"""The ``passkey`` table. Source: contract, schema.json."""

from __future__ import annotations

from datetime import datetime

from gatewright.model.column import GENERATED, Column, Reference, column
from gatewright.model.row import Row

__all__ = ("PasskeyRow",)


class PasskeyRow(Row, table="passkey"):
    """A public key of a user.

    ``public_key`` is the COSE key in base64, ``transports`` a list with commas, ``counter`` what the authenticator counted
    when it was last used.
    """

    name: Column[str | None] = column(default=None)
    public_key: Column[str] = column()
    user_id: Column[str] = column(index=True, references=Reference("user"))
    credential_id: Column[str] = column(name="credentialID", index=True)
    counter: Column[int] = column()
    device_type: Column[str] = column()
    backed_up: Column[bool] = column()
    transports: Column[str | None] = column(default=None)
    created_at: Column[datetime | None] = column(default=None)
    aaguid: Column[str | None] = column(default=None)
    id: Column[str] = column(factory=GENERATED, input=False)
