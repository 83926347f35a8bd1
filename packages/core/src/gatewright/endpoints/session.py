"""Handlers: reading, changing and ending sessions."""

from __future__ import annotations

from gatewright.contract.faults import FailedToGetSession, MethodNotAllowedDeferSessionRequired
from gatewright.contract.results import Done, SessionData
from gatewright.contract.session import (
    GetSession,
    ListSessions,
    RevokeOtherSessions,
    RevokeSession,
    RevokeSessions,
    UpdatedSession,
    UpdateSession,
)
from gatewright.model.session import Session
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, fresh, stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import forget_session, read_session, send_session
from gatewright.services.input_fields import accept_input
from gatewright.wire.faults import ApiError

__all__ = ("ALL",)


@handles(GetSession)
async def get_session(call: Call[GetSession]) -> SessionData | None:
    """Read the caller's session; extend it when it is due."""
    deferred = call.services.plan.settings.session.defer_session_refresh
    posted = call.request is not None and call.request.method == "POST"
    if posted and not deferred:
        raise MethodNotAllowedDeferSessionRequired
    if call.vouched is not None:
        return call.vouched
    asked = call.input
    data = await read_session(
        call,
        disable_cache=asked.disable_cookie_cache,
        disable_refresh=asked.disable_refresh,
        may_write=not deferred or posted,
    )
    call.remember(data)
    return data


@handles(ListSessions, fresh)
async def list_sessions(call: Call[ListSessions], me: Signed) -> list[Session]:
    """The user's sessions that are not over."""
    return await call.services.sessions.active(call.db, me.user.id)


@handles(RevokeSession, stored_session)
async def revoke_session(call: Call[RevokeSession], me: Signed) -> Done:
    """End a session of the user's own; any other token ends nothing and is answered the same."""
    await call.services.sessions.end(call.db, call.input.token, user_id=me.user.id)
    return Done()


@handles(RevokeSessions, stored_session)
async def revoke_sessions(call: Call[RevokeSessions], me: Signed) -> Done:
    """End all of the user's sessions."""
    await call.services.sessions.end_all(call.db, me.user.id)
    return Done()


@handles(RevokeOtherSessions, stored_session)
async def revoke_other_sessions(call: Call[RevokeOtherSessions], me: Signed) -> Done:
    """End all of the user's sessions but this one."""
    await call.services.sessions.end_all(call.db, me.user.id, but=me.session.token)
    return Done()


@handles(UpdateSession, stored_session)
async def update_session(call: Call[UpdateSession], me: Signed) -> UpdatedSession:
    """Change the application's own fields of the session."""
    table = call.services.plan.schema[Session]
    values = await accept_input(table, call.input.extra, core=Session.columns, creating=False)
    if not values:
        raise ApiError(400, message="No fields to update")
    session = await call.services.sessions.update(call.db, me.session, values)
    if session is None:
        forget_session(call)
        raise FailedToGetSession(status=401)
    send_session(call, SessionData(session=session, user=me.user))
    return UpdatedSession(session=session)


ALL = (
    get_session,
    list_sessions,
    revoke_session,
    revoke_sessions,
    revoke_other_sessions,
    update_session,
)
