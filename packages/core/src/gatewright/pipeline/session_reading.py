"""Who is calling: from the cookies of a call to a session with its user.

A caller may carry a copy of the session (``services/session_cache.py``); it answers instead of the store until it is
over. Source: contract, endpoints.json ``conventions.session_resolution``; cookies.json ``session_data``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET

from gatewright.access.assurance import Proof, Way
from gatewright.contract.results import SessionData
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.account_cookie import renew_account
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_gates import admit, store_session, waits_for_factor
from gatewright.services.session_cache import SessionCache

__all__ = ("begin_session", "forget_session", "proven_token", "read_session", "send_copy", "send_session")


def proven_token(call: Call[object]) -> str | None:
    """The session token whose signed cookie the caller has; whether its session still lasts is not asked."""
    header = call.headers.get("cookie")
    signed = None if header is None else call.services.plan.cookies.session_token.read(header)
    return None if signed is None else call.services.plan.signer.verify(signed)


async def read_session(
    call: Call[object],
    *,
    disable_cache: bool = False,
    disable_refresh: bool = False,
    may_write: bool | None = None,
    copies: bool = True,
) -> SessionData | None:
    """The session that the caller's cookies prove, or ``None``.

    Args:
        call: The call; cookies are renewed or cleared on its answer.
        disable_cache: Ask the store even where a copy of the session would do.
        disable_refresh: Leave the session's expiry alone.
        may_write: Extend the session now when it is due; otherwise say that it is. By default as the settings have it:
            where refreshes are deferred, only who asks for one is given it.
        copies: Give the caller a new copy of what the store says, where copies are in use and the session may be
            extended.
    """
    services = call.services
    plan = services.plan
    cookies = plan.cookies
    header = call.headers.get("cookie")
    if header is None:
        return None
    signed = cookies.session_token.read(header)
    if signed is None:
        return None
    token = plan.signer.verify(signed)
    if token is None:
        return None
    now = services.clock.now()
    copying = plan.session_cache
    if copying is not None and not disable_cache:
        data = await _from_copy(call, copying, header, token, now)
        if data is not None:
            return data
    call.cached = None
    pair = await services.sessions.find(call.db, token)
    if pair is None:
        forget_session(call)
        return None
    session, user = pair
    if services.sessions.expired(session, now):
        await services.sessions.end_expired(call.db, token, now)
        forget_session(call)
        return None
    if plan.enrolling and waits_for_factor(session):
        # Known to the operations that end the waiting and to nobody else; neither extended nor copied.
        return SessionData(session=session, user=user) if type(call.input) in plan.enrolling else None
    options = plan.settings.session
    passing = call.signed_cookie(cookies.dont_remember) == "true"
    if passing or disable_refresh:
        # Not to be extended: neither said to need it nor copied anew (contract).
        return SessionData(session=session, user=user)
    if may_write is None:
        may_write = not options.defer_session_refresh
    if options.disable_session_refresh or not services.sessions.due(session, now):
        deferred = options.defer_session_refresh and not may_write
        data = SessionData(session=session, user=user, needs_refresh=False if deferred else UNSET)
    elif not may_write:
        data = SessionData(session=session, user=user, needs_refresh=True)
    else:
        extended = await services.sessions.extend(call.db, session, now)
        if extended is None:
            # Ended between the read and the write: whoever ended it wins.
            forget_session(call)
            return None
        data = SessionData(session=extended, user=user, needs_refresh=UNSET)
        send_session(call, data)
        return data
    if copying is not None and copies:
        call.out.copy_of = (data, False)
    return data


async def _from_copy(
    call: Call[object], copying: SessionCache, header: str, token: str, now: datetime
) -> SessionData | None:
    """What the caller's own copy of the session says, where it may be used; no store is asked."""
    services = call.services
    text = services.plan.cookies.session_data.read_long(header)
    signer = services.plan.signs_copies
    if text is None:
        cached = None
    elif signer is None:
        cached = copying.open(text, now=now)
    else:
        cached = await copying.open_with(signer, call, text, now=now)
    if cached is None or cached.session.token != token or not await copying.accepts(cached):
        if text:
            call.expire_long_cookie(services.plan.cookies.session_data)
        return None
    if services.plan.enrolling and waits_for_factor(cached.session):
        return None
    if services.plan.settings.session.defer_session_refresh and services.sessions.due(cached.session, now):
        return None
    call.cached = cached
    data = SessionData(session=cached.session, user=cached.user)
    within = copying.refreshes_within
    if within is not None and cached.expires_at - now < within:
        send_session(call, data)
        call.new_session = None
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
    call.out.copy_of = (data, passing)


async def send_copy(call: Call[object]) -> None:
    """Give the caller the copy of a session that the call has asked for, where copies are in use.

    A copy that comes from a copy ends with it, unless there is no store: else a session that was ended could be kept
    alive by asking often enough.
    """
    asked, call.out.copy_of = call.out.copy_of, None
    services = call.services
    copying = services.plan.session_cache
    if asked is None or copying is None:
        return
    data, passing = asked
    now = services.clock.now()
    expires_at = now + copying.lifetime(passing=passing)
    cached = call.cached
    if cached is not None and cached.session.token == data.session.token and copying.refreshes_within is None:
        expires_at = min(expires_at, cached.expires_at)
    session, user, signer = data.session, data.user, services.plan.signs_copies
    version = await copying.version_of(session, user)
    if signer is None:
        value = copying.seal(session, user, version=version, now=now, expires_at=expires_at, random=services.random)
    else:
        value = await copying.seal_with(signer, call, session, user, version=version, now=now, expires_at=expires_at)
    call.set_long_cookie(services.plan.cookies.session_data, value, session=passing)
    renew_account(call, user.id)


def forget_session(call: Call[object]) -> None:
    """Make the caller forget the session."""
    plan = call.services.plan
    cookies = plan.cookies
    call.expire_cookie(cookies.session_token)
    call.expire_long_cookie(cookies.session_data)
    if plan.social.account_box is not None:
        call.expire_long_cookie(cookies.account_data)
    if plan.social.state_in_cookie:
        call.expire_cookie(plan.social.oauth_state_cookie)
    call.expire_cookie(cookies.dont_remember)
    call.out.copy_of = None


async def begin_session(
    call: Call[Any],
    user: User,
    by: Way,
    *,
    passing: bool | None = None,
    earlier: Proof | Session | None = None,
) -> Session:
    """Create a session for ``user`` and give the caller its cookies.

    Args:
        call: The call.
        user: Whose.
        by: How the user was proven in this call.
        passing: It ends with the browser's session, and after a day at the latest. By default its cookies end as the
            caller's say, who has asked not to be remembered before.
        earlier: What was proven before: in the session that this one takes the place of, or before a second factor.

    Raises:
        Withheld: Something is owed first.
        FailedToCreateSession: A hook does not want it.
    """
    claim = await admit(call, user, by, passing=passing is True, earlier=earlier)
    session = await store_session(call, claim)
    data = SessionData(session=session, user=user)
    send_session(call, data, passing=passing)
    if claim.owed is not None:
        # Nobody but the operations that end the waiting is told of it: no copy, no hook that hands it over.
        call.out.copy_of = call.new_session = None
        call.remember(None)
        raise claim.owed
    call.remember(data)
    return session
