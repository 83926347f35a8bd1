"""Codes for devices: issued, claimed by whoever looks at them signed in, decided once, redeemed once.

Knows no HTTP. Every change of state is one guarded write. Source: RFC 8628; contract.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable
from datetime import timedelta
from typing import Literal, TypeVar

from gatewright.access.assurance import Proof
from gatewright.crypto.random_text import ID_ALPHABET, USER_CODE_ALPHABET, random_text
from gatewright.model.user import User
from gatewright.plugins.device_authorization.model import DeviceCode
from gatewright.plugins.device_authorization.options import DeviceAuthorizationOptions
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.wire.faults import OAuthFault

__all__ = ("approved_by", "claim", "decide", "is_client", "issue", "open_code", "redeem", "remember_proof")

T = TypeVar("T")

_LONGEST = 191
_TRIES = 10
_PROOF = "device-approved-by-"
_STRANGE = re.compile(r"[^A-Z2-9]")


async def is_client(options: DeviceAuthorizationOptions, client_id: str) -> bool:
    """Whether there is such a client."""
    return options.validate_client is None or bool(await _own(options.validate_client(client_id)))


async def issue(
    services: Services, db: Database, options: DeviceAuthorizationOptions, client_id: str, scope: str | None
) -> DeviceCode:
    """New codes for a client.

    Raises:
        OAuthFault: No codes could be found that are not in use, or an application's own cannot be stored.
    """
    now, draw = services.clock.now(), services.random.bytes
    for _ in range(_TRIES):
        own_device, own_user = options.generate_device_code, options.generate_user_code
        if own_device is None:
            device_code = random_text(options.device_code_length, ID_ALPHABET, draw)
        else:
            device_code = await _own(own_device())
        if own_user is None:
            user_code = random_text(options.user_code_length, USER_CODE_ALPHABET, draw)
        else:
            user_code = await _own(own_user())
        if not (0 < len(device_code) <= _LONGEST and 0 < len(user_code) <= _LONGEST):
            break
        taken = await db.count(DeviceCode, DeviceCode.device_code.eq(device_code))
        if taken or await db.count(DeviceCode, DeviceCode.user_code.eq(user_code)):
            continue
        return await db.insert(
            DeviceCode(
                device_code=device_code,
                user_code=user_code,
                expires_at=now + timedelta(seconds=options.expires_in),
                status="pending",
                polling_interval=options.interval * 1000,
                client_id=client_id,
                scope=scope,
            )
        )
    raise OAuthFault("server_error", "Failed to generate a unique device code", status=500)


async def open_code(
    services: Services, db: Database, options: DeviceAuthorizationOptions, user_code: str
) -> DeviceCode:
    """The device that shows a code; case and dashes do not matter for codes of the plugin's own.

    Raises:
        OAuthFault: There is none, or it is over.
    """
    known = user_code if options.generate_user_code is not None else _STRANGE.sub("", user_code[:_LONGEST].upper())
    storable = 0 < len(known) <= _LONGEST and "\x00" not in known and not any("\ud800" <= c <= "\udfff" for c in known)
    row = await db.find_one(DeviceCode, DeviceCode.user_code.eq(known)) if storable else None
    if row is None:
        raise OAuthFault("invalid_request", "Invalid user code")
    if row.expires_at <= services.clock.now():
        raise OAuthFault("expired_token", "User code has expired")
    return row


async def claim(db: Database, row: DeviceCode, user: User) -> None:
    """Let a user decide about a device, unless somebody else has come first."""
    await db.update_one(
        DeviceCode,
        DeviceCode.id.eq(row.id),
        DeviceCode.status.eq("pending"),
        DeviceCode.user_id.eq(None),
        set=[DeviceCode.user_id.to(user.id)],
    )


async def decide(db: Database, row: DeviceCode, user: User, status: Literal["approved", "denied"]) -> None:
    """Approve or deny a device, once.

    Raises:
        OAuthFault: It is decided already, nobody has looked at it signed in, or somebody else has.
    """
    if row.status != "pending":
        raise OAuthFault("invalid_request", "Device code already processed")
    if row.user_id is None:
        raise OAuthFault(
            "invalid_request",
            "Device code has not been claimed by a verifying session; call `GET /device` with the `user_code` while "
            "signed in before approving or denying",
        )
    if row.user_id != user.id:
        verb = "approve" if status == "approved" else "deny"
        raise OAuthFault("access_denied", f"You are not authorized to {verb} this device authorization", status=403)
    decided = await db.update_one(
        DeviceCode,
        DeviceCode.id.eq(row.id),
        DeviceCode.status.eq("pending"),
        DeviceCode.user_id.eq(user.id),
        set=[DeviceCode.status.to(status)],
    )
    if decided is None:
        raise OAuthFault("invalid_request", "Device code already processed")


async def remember_proof(services: Services, db: Database, row: DeviceCode, proof: Proof) -> None:
    """Keep what had proven the user who approved a device, for the session of the device."""
    await services.verifications.create(db, f"{_PROOF}{row.id}", proof.write(), expires_at=row.expires_at)


async def approved_by(services: Services, db: Database, row: DeviceCode) -> Proof | None:
    """What had proven the user who approved a device; ``None`` where sessions say no such things."""
    if not services.plan.assures:
        return None
    kept = await services.verifications.take(db, f"{_PROOF}{row.id}")
    return Proof() if kept is None else Proof.read(kept.value)


async def redeem(services: Services, db: Database, device_code: str, client_id: str) -> tuple[DeviceCode, User]:
    """The approved device and its user, for exactly one caller.

    Raises:
        OAuthFault: In the ways of RFC 8628 §3.5.
    """
    now = services.clock.now()
    storable = device_code.isascii() and len(device_code) <= _LONGEST and "\x00" not in device_code
    row = await db.find_one(DeviceCode, DeviceCode.device_code.eq(device_code)) if storable else None
    if row is None:
        raise OAuthFault("invalid_grant", "Invalid device code")
    if row.client_id is not None and row.client_id != client_id:
        raise OAuthFault("invalid_grant", "Client ID mismatch")
    if row.expires_at <= now:
        await db.delete(DeviceCode, DeviceCode.id.eq(row.id))
        raise OAuthFault("expired_token", "Device code has expired")
    interval = timedelta(milliseconds=row.polling_interval or 0)
    if row.last_polled_at is not None and now < row.last_polled_at + interval:
        raise OAuthFault("slow_down", "Polling too frequently")
    polled = await db.update_one(
        DeviceCode,
        DeviceCode.id.eq(row.id),
        DeviceCode.last_polled_at.eq(row.last_polled_at),
        set=[DeviceCode.last_polled_at.to(now)],
    )
    if polled is None:
        raise OAuthFault("slow_down", "Polling too frequently")
    if polled.status == "denied":
        await db.delete(DeviceCode, DeviceCode.id.eq(row.id))
        raise OAuthFault("access_denied", "Access denied")
    if polled.status != "approved" or polled.user_id is None:
        raise OAuthFault("authorization_pending", "Authorization pending")
    taken = await db.take(DeviceCode, DeviceCode.id.eq(row.id), DeviceCode.status.eq("approved"))
    if taken is None or taken.user_id is None:
        raise OAuthFault("invalid_grant", "Invalid device code")
    user = await services.users.by_id(db, taken.user_id)
    if user is None:
        raise OAuthFault("server_error", "User not found", status=500)
    return taken, user


async def _own(answer: Awaitable[T] | T) -> T:
    if inspect.isawaitable(answer):
        return await answer
    return answer
