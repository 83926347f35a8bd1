"""Handlers of the assurance plugin."""

from __future__ import annotations

from gatewright.access.assurance import PASSWORD, Needed
from gatewright.contract.faults import InvalidPassword
from gatewright.contract.results import SessionData
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, own_session, stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_gates import proof_of, raise_assurance
from gatewright.plugins.assurance.contract import (
    AssuranceState,
    GetAssurance,
    RequireAssurance,
    VerifyAssurancePasskey,
    VerifyAssurancePassword,
)
from gatewright.plugins.assurance.plugin import Assurance
from gatewright.plugins.assurance.policy import ways_of
from gatewright.plugins.passkey.plugin import Passkey
from gatewright.wire.faults import ApiError

__all__ = ("ALL",)


@handles(GetAssurance, own_session)
async def get_assurance(call: Call[GetAssurance], me: Signed) -> AssuranceState:
    """Look at one's own."""
    return await _state(call, me.data)


@handles(VerifyAssurancePasskey, stored_session)
async def verify_assurance_passkey(call: Call[VerifyAssurancePasskey], me: Signed) -> AssuranceState:
    """Raise it with a passkey."""
    if not call.services.plan.has(Passkey):
        raise ApiError(404)
    by = await call.plugin(Passkey).prove(call, call.input.response, me.user.id)
    session = await raise_assurance(call, me.session, me.user, by)
    return await _state(call, SessionData(session=session, user=me.user))


@handles(VerifyAssurancePassword, stored_session)
async def verify_assurance_password(call: Call[VerifyAssurancePassword], me: Signed) -> AssuranceState:
    """Renew the first factor."""
    services, given = call.services, call.input.password
    account = await services.accounts.credential(call.db, me.user.id)
    hashed = None if account is None else account.password
    await services.targets.guess(call.request, me.user.email, hashed)
    if not await services.passwords.verify(given, hashed) or hashed is None:
        raise InvalidPassword
    await services.targets.guessed(call.request, me.user.email, hashed)
    session = await raise_assurance(call, me.session, me.user, PASSWORD)
    return await _state(call, SessionData(session=session, user=me.user))


@handles(RequireAssurance, own_session)
async def require_assurance(call: Call[RequireAssurance], me: Signed) -> AssuranceState:
    """Ask for some."""
    asked = call.input
    needed = Needed.of(level=asked.level, methods=asked.methods, max_age=asked.max_age)
    await call.plugin(Assurance).check(call.services, call.db, me.data, needed)
    return await _state(call, me.data)


async def _state(call: Call[object], data: SessionData) -> AssuranceState:
    proof = proof_of(data.session)
    ways = await ways_of(call.services, call.db, data.user)
    return AssuranceState(level=proof.level, amr=proof.amr, auth_time=proof.auth_time, ways=ways)


ALL = (get_assurance, verify_assurance_passkey, verify_assurance_password, require_assurance)
