"""The account cookie: the account at a provider, sealed, so that its owner carries it along.

The cookie names the account; whether it still is the caller's, the store decides. Source: contract, cookies.json
``account_data``; crypto.json ``jwe``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from gatewright.crypto.jwe import ClaimsBox
from gatewright.http.cookies import chunk_names
from gatewright.model.account import Account
from gatewright.pipeline.call import Call
from gatewright.wire.dates import to_wire

__all__ = ("carried_account_id", "renew_account", "send_account")

DEFAULT_LIFETIME = 300
"""Seconds, unless the cached session says otherwise (contract)."""

_OF_THE_TOKEN = frozenset({"iat", "exp", "jti"})


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
    _send(call, box, claims)


def renew_account(call: Call[object], user_id: str) -> None:
    """Let an account that the user carries last as long as a new copy of the session; another user's is dropped."""
    plan = call.services.plan
    box, cookie = plan.social.account_box, plan.cookies.account_data
    if box is None or cookie.name in call.out.cookies or chunk_names(call.out.cookies, cookie.name):
        return
    sealed = call.long_cookie(cookie)
    claims = None if sealed is None else box.open(sealed, now=call.now)
    if claims is None:
        return
    if claims.get("userId") == user_id:
        _send(call, box, {name: value for name, value in claims.items() if name not in _OF_THE_TOKEN})
    else:
        call.expire_long_cookie(cookie)


def _send(call: Call[object], box: ClaimsBox, claims: Mapping[str, object]) -> None:
    cookie = call.services.plan.cookies.account_data
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
