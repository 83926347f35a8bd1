"""Operations: list, activate and end the sessions of a browser."""

from __future__ import annotations

from gatewright.contract.faults import Unauthorized
from gatewright.contract.results import SessionData
from gatewright.plugins.multi_session.faults import InvalidSessionToken
from gatewright.wire.operation import SESSION, Operation, get, post
from gatewright.wire.result import Done

__all__ = ("ListDeviceSessions", "RevokeDeviceSession", "SetActiveSession")


@get("/multi-session/list-device-sessions", needs_headers=True)
class ListDeviceSessions(Operation[list[SessionData]]):
    """The sessions of this browser that are not over, one for each user."""


@post("/multi-session/set-active", raises=(InvalidSessionToken,), signals=SESSION, needs_headers=True)
class SetActiveSession(Operation[SessionData]):
    """Go on as another user who is signed in in this browser."""

    session_token: str


@post("/multi-session/revoke", raises=(Unauthorized, InvalidSessionToken), signals=SESSION, needs_headers=True)
class RevokeDeviceSession(Operation[Done]):
    """End a session of this browser. When it is the active one, another takes its place, if there is one."""

    session_token: str
