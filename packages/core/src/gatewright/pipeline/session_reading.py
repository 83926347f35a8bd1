"""Who is calling: from the cookies of a call to a session with its user.

Source: contract, endpoints.json ``conventions.session_resolution``.
"""

from __future__ import annotations

from msgspec import UNSET

from gatewright.contract.results import SessionData
from gatewright.http.client_ip import client_ip
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call

__all__ = ("begin_session", "forget_session", "read_session", "send_session")


async def read_session(
    call: Call[object], *, disable_cache: bool = False, disable_refresh: bool = False, may_write: bool = True
) -> SessionData | None:
    """The session that the caller's cookies prove, or ``None``.

    Args:
        call: The call; cookies are renewed or cleared on its answer.
        disable_cache: Ask the store even where a cached session would do.
        disable_refresh: Leave the session's expiry alone.
        may_write: Extend the session now when it is due; otherwise say that it is.
    """
    del disable_cache  # every read asks the store
    services = call.services
    cookies = services.plan.cookies
    header = call.headers.get("cookie")
    if header is None:
        return None
    signed = cookies.session_token.read(header)
    if signed is None:
        return None
    token = services.plan.signer.verify(signed)
    if token is None:
        return None
    pair = await services.sessions.find(call.db, token)
    if pair is None:
        forget_session(call)
        return None
    session, user = pair
    now = services.clock.now()
    if services.sessions.expired(session, now):
        await services.sessions.end_expired(call.db, token, now)
        forget_session(call)
        return None
    options = services.plan.settings.session
    due = services.sessions.due(session, now)
    if (
        not due
        or disable_refresh
        or options.disable_session_refresh
        or call.signed_cookie(cookies.dont_remember) == "true"
    ):
        if options.defer_session_refresh and not may_write:
            return SessionData(session=session, user=user, needs_refresh=False)
        return SessionData(session=session, user=user)
    if not may_write:
        return SessionData(session=session, user=user, needs_refresh=True)
    extended = await services.sessions.extend(call.db, session, now)
    if extended is None:
        # Ended between the read and the write: whoever ended it wins.
        forget_session(call)
        return None
    data = SessionData(session=extended, user=user, needs_refresh=UNSET)
    send_session(call, data)
    return data


def send_session(call: Call[object], data: SessionData, *, passing: bool | None = None) -> None:
    """Give the caller the cookies of a session.

    Args:
        call: The call.
        data: The session and its user.
        passing: It ends with the browser's session; by default as the caller's cookies say.
    """
    cookies = call.services.plan.cookies
    if passing is None:
        passing = call.signed_cookie(cookies.dont_remember) == "true"
    call.set_signed_cookie(cookies.session_token, data.session.token, session=passing)
    if passing:
        call.set_signed_cookie(cookies.dont_remember, "true", session=True)
    call.new_session = data


def forget_session(call: Call[object]) -> None:
    """Make the caller forget the session."""
    cookies = call.services.plan.cookies
    call.expire_cookie(cookies.session_token)
    call.expire_cookie(cookies.session_data)
    call.expire_cookie(cookies.dont_remember)


async def begin_session(call: Call[object], user: User, *, passing: bool = False) -> Session:
    """Create a session for ``user`` and give the caller its cookies.

    Raises:
        FailedToCreateSession: A hook does not want it.
    """
    services = call.services
    session = await services.sessions.create(
        call.db,
        user.id,
        ip_address=client_address(call),
        user_agent=call.headers.get("user-agent") or "",
        passing=passing,
    )
    data = SessionData(session=session, user=user)
    send_session(call, data, passing=passing)
    call.remember(data)
    return session


def client_address(call: Call[object]) -> str:
    """The caller's address as the contract stores it: empty where it is not known."""
    return client_ip(call.headers, None, call.services.plan.stored_address) or ""
