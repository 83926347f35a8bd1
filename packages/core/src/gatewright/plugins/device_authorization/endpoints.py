"""Handlers of the device authorization plugin."""

from __future__ import annotations

import inspect
from typing import Literal
from urllib.parse import urlencode, urljoin

from msgspec import UNSET

from gatewright.access.assurance import DEVICE_GRANT
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_gates import Withheld, create_session, proof_of
from gatewright.plugins.device_authorization import flows
from gatewright.plugins.device_authorization.contract import (
    AccessToken,
    DeviceApprove,
    DeviceCodes,
    DeviceDeny,
    DeviceToken,
    DeviceVerify,
    Issued,
    Processed,
    Shown,
)
from gatewright.plugins.device_authorization.plugin import DeviceAuthorization
from gatewright.wire.faults import OAuthFault

__all__ = ("ALL",)


@handles(DeviceCodes)
async def device_code(call: Call[DeviceCodes]) -> Issued:
    """Codes for a device."""
    options, asked = call.plugin(DeviceAuthorization).options, call.input
    if asked.client_id is UNSET:
        said = "[body.client_id] Invalid input: expected string, received undefined"
        # As for any other body that does not fit: the operation has not begun (contract).
        call.out.early = True
        raise OAuthFault("invalid_request", said)
    if not asked.client_id:
        raise OAuthFault("invalid_request", "client_id is required")
    if not await flows.is_client(options, asked.client_id):
        raise OAuthFault("invalid_client", "Invalid client ID")
    scope = None if asked.scope is UNSET else asked.scope
    if options.on_device_auth_request is not None:
        told = options.on_device_auth_request(asked.client_id, scope)
        if inspect.isawaitable(told):
            await told
    row = await flows.issue(call.services, call.db, options, asked.client_id, scope)
    place = urljoin(call.base.origin, options.verification_uri)
    mark = "&" if "?" in place else "?"
    return Issued(
        device_code=row.device_code,
        user_code=row.user_code,
        verification_uri=place,
        verification_uri_complete=f"{place}{mark}{urlencode({'user_code': row.user_code})}",
        expires_in=options.expires_in,
        interval=options.interval,
    )


@handles(DeviceToken)
async def device_token(call: Call[DeviceToken]) -> AccessToken:
    """Sign an approved device in; the token is that of its session, and no cookie is set."""
    options, asked, services = call.plugin(DeviceAuthorization).options, call.input, call.services
    if not await flows.is_client(options, asked.client_id):
        raise OAuthFault("invalid_grant", "Invalid client ID")
    row, user = await flows.redeem(services, call.db, asked.device_code, asked.client_id)
    # Where sessions do not say what has proven their users, that somebody could sign in to approve has to do.
    by = DEVICE_GRANT if services.plan.assures else DEVICE_GRANT.going_on()
    try:
        session = await create_session(call, user, by, earlier=await flows.approved_by(services, call.db, row))
    except Withheld as owed:
        # A device has no way to give it (RFC 8628 §3.5): whoever approves has to, before.
        call.out.cookies.clear()
        raise OAuthFault("access_denied", "Access denied", because=owed.error) from None
    seconds = int((session.expires_at - call.now).total_seconds())
    return AccessToken(access_token=session.token, expires_in=seconds, scope=row.scope or "")


@handles(DeviceVerify, maybe_signed_in)
async def device_verify(call: Call[DeviceVerify], me: Signed | None) -> Shown:
    """Look at a code, and claim it."""
    options = call.plugin(DeviceAuthorization).options
    row = await flows.open_code(call.services, call.db, options, call.input.user_code)
    if me is None:
        return Shown(user_code=call.input.user_code, status=row.status)
    if row.user_id is None:
        await flows.claim(call.db, row, me.user)
    return Shown(user_code=call.input.user_code, status=row.status, client_id=row.client_id, scope=row.scope)


@handles(DeviceApprove, maybe_signed_in)
async def device_approve(call: Call[DeviceApprove], me: Signed | None) -> Processed:
    """Sign the device in."""
    return await _decide(call, me, call.input.user_code, "approved")


@handles(DeviceDeny, maybe_signed_in)
async def device_deny(call: Call[DeviceDeny], me: Signed | None) -> Processed:
    """Send the device away."""
    return await _decide(call, me, call.input.user_code, "denied")


async def _decide(
    call: Call[object], me: Signed | None, user_code: str, status: Literal["approved", "denied"]
) -> Processed:
    if me is None:
        raise OAuthFault("unauthorized", "Authentication required", status=401)
    row = await flows.open_code(call.services, call.db, call.plugin(DeviceAuthorization).options, user_code)
    if status == "approved" and call.services.plan.assures and row.user_id == me.user.id:
        # Before the decision: a device that asks at this very moment must find it.
        await flows.remember_proof(call.services, call.db, row, proof_of(me.session))
    await flows.decide(call.db, row, me.user, status)
    return Processed()


ALL = (device_code, device_token, device_verify, device_approve, device_deny)
