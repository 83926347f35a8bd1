"""The account cookie: the account at a provider, sealed, so that its owner carries it along.

The cookie names the account; whether it still is the caller's, the store decides. Source: contract, cookies.json
``account_data``; crypto.json ``jwe``.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from gatewright.model.account import Account
from gatewright.pipeline.call import Call
from gatewright.wire.dates import to_wire

__all__ = ("carried_account_id", "send_account")

DEFAULT_LIFETIME = 300
"""Seconds, unless the cached session says otherwise (contract)."""


def send_account(call: Call[object], account: Account | None) -> None:
    """Give the caller an account to carry, where accounts are carried."""
    plan = call.services.plan
    box = plan.social.account_box
    if box is None or account is None:
        return
    claims = {name: to_wire(value) if isinstance(value, datetime) else value for name, value in account.raw.items()}
    # An account at a provider has no password; should one ever be there, it does not leave the server.
    if "password" in claims:
        claims["password"] = None
    cookie = plan.cookies.account_data
    sealed = box.seal(
        claims,
        now=call.now,
        lifetime_seconds=cookie.max_age or DEFAULT_LIFETIME,
        jti=str(UUID(bytes=call.services.random.bytes(16), version=4)),
    )
    call.set_long_cookie(cookie, sealed)


def carried_account_id(call: Call[object], user_id: str) -> str | None:
    """The identifier of the account that the caller carries, if it is the user's."""
    plan = call.services.plan
    box = plan.social.account_box
    sealed = None if box is None else call.long_cookie(plan.cookies.account_data)
    if box is None or sealed is None:
        return None
    claims = box.open(sealed, now=call.now)
    if claims is None or claims.get("userId") != user_id:
        return None
    found = claims.get("id")
    return found if isinstance(found, str) else None
