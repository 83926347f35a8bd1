"""Trusted devices: a signed cookie that stands for the second factor, once, and is renewed by each sign-in.

It holds for its user only, until the user's password changes or the second factor is disabled. Source: contract,
cookies.json ``trust_device``.
"""

from __future__ import annotations

from datetime import timedelta

from gatewright.crypto.compare import same
from gatewright.crypto.random_text import DEFAULT_ALPHABET, random_text
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.plugins.two_factor.options import TwoFactorOptions

__all__ = ("COOKIE", "forget_devices", "is_trusted", "trust_device")

COOKIE = "trust_device"

_PREFIX = "trust-device-"


async def trust_device(call: Call[object], user: User, options: TwoFactorOptions) -> None:
    """Trust the caller's device with a user."""
    services = call.services
    identifier = _PREFIX + random_text(32, DEFAULT_ALPHABET, services.random.bytes)
    expires_at = call.now + timedelta(seconds=options.trust_device_max_age)
    await services.verifications.create(call.db, identifier, user.id, expires_at=expires_at, listed=_PREFIX)
    token = services.plan.signer.url_signature(f"{user.id}!{identifier}")
    call.set_signed_cookie(services.plan.cookie(COOKIE), f"{token}!{identifier}")


async def is_trusted(call: Call[object], user: User) -> bool:
    """Whether the caller's device is trusted with a user; the trust is used up."""
    services = call.services
    token, separator, identifier = (call.signed_cookie(services.plan.cookie(COOKIE)) or "").partition("!")
    if not separator or not identifier.startswith(_PREFIX):
        return False
    if not same(token, services.plan.signer.url_signature(f"{user.id}!{identifier}")):
        return False
    row = await services.verifications.take(call.db, identifier, value=user.id)
    if row is None:
        return False
    # The account of a password changes only with the password.
    account = await services.accounts.credential(call.db, user.id)
    return account is None or account.updated_at <= row.created_at


async def forget_devices(call: Call[object], user: User) -> None:
    """No longer trust any device with a user."""
    services = call.services
    await services.verifications.delete_valued(call.db, _PREFIX, user.id)
    if call.cookie(services.plan.cookie(COOKIE)) is not None:
        call.expire_cookie(services.plan.cookie(COOKIE))
