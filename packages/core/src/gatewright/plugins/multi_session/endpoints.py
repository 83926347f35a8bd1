"""Handlers: list, activate and end the sessions of a browser."""

from __future__ import annotations

from collections.abc import Sequence

from gatewright.contract.results import SessionData
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, signed_in
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.session_reading import forget_session, send_session
from gatewright.plugins.multi_session.contract import ListDeviceSessions, RevokeDeviceSession, SetActiveSession
from gatewright.plugins.multi_session.device import cookie_of, holds, live_sessions
from gatewright.plugins.multi_session.faults import InvalidSessionToken
from gatewright.plugins.multi_session.options import MultiSessionOptions
from gatewright.wire.result import Done

__all__ = ("endpoints",)


def endpoints(options: MultiSessionOptions) -> Sequence[Endpoint]:
    """The handlers under the options of an instance."""
    maximum = options.maximum_sessions

    @handles(ListDeviceSessions)
    async def list_device_sessions(call: Call[ListDeviceSessions]) -> list[SessionData]:
        return await live_sessions(call, maximum=maximum)

    @handles(SetActiveSession)
    async def set_active_session(call: Call[SetActiveSession]) -> SessionData:
        for data in await live_sessions(call, maximum=maximum):
            if data.session.token == call.input.session_token:
                send_session(call, data)
                return data
        raise InvalidSessionToken

    @handles(RevokeDeviceSession, signed_in)
    async def revoke_device_session(call: Call[RevokeDeviceSession], me: Signed) -> Done:
        token = call.input.session_token
        if not holds(call, token):
            raise InvalidSessionToken
        await call.services.sessions.end(call.db, token)
        call.expire_cookie(cookie_of(call, token))
        if me.session.token != token:
            return Done()
        others = await live_sessions(call, maximum=maximum)
        if others:
            send_session(call, others[0])
        else:
            forget_session(call)
        return Done()

    return (list_device_sessions, set_active_session, revoke_device_session)
