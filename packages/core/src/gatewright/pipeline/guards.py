"""Guards of the core: who is calling, and how fresh the proof is. Each hands over evidence or raises.

Source: contract, endpoints.json ``conventions.auth_levels``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gatewright.contract.faults import SessionNotFresh, Unauthorized
from gatewright.contract.results import SessionData
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_reading import read_session

__all__ = (
    "Signed",
    "fresh",
    "is_fresh",
    "maybe_own_session",
    "maybe_signed_in",
    "own_session",
    "signed_in",
    "stored_session",
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Proof that the caller is signed in."""

    session: Session
    user: User

    @property
    def data(self) -> SessionData:
        """The same as a result."""
        return SessionData(session=self.session, user=self.user)


async def maybe_signed_in(call: Call[object], /) -> Signed | None:
    """The caller's session, if there is one."""
    if not call.knows_session:
        call.remember(await read_session(call))
    data = call.session
    return None if data is None else Signed(data.session, data.user)


async def signed_in(call: Call[object], /) -> Signed:
    """The caller's session; a cached one will do.

    Raises:
        Unauthorized: There is none.
    """
    me = await maybe_signed_in(call)
    if me is None:
        raise Unauthorized
    return me


async def stored_session(call: Call[object], /) -> Signed:
    """The caller's session as the store knows it now; a cached one will not do.

    Raises:
        Unauthorized: There is none.
    """
    call.remember(await read_session(call, disable_cache=True))
    return await signed_in(call)


async def maybe_own_session(call: Call[object], /) -> Signed | None:
    """The caller's session as the store knows it now, or one that a plugin vouches for, if there is one.

    Without a store the copy is what there is to know.
    """
    if call.vouched is None:
        call.remember(await read_session(call, disable_cache=not call.services.plan.stateless))
    return await maybe_signed_in(call)


async def own_session(call: Call[object], /) -> Signed:
    """The caller's session as the store knows it now, or one that a plugin vouches for.

    Raises:
        Unauthorized: There is none.
    """
    return await stored_session(call) if call.vouched is None else await signed_in(call)


async def fresh(call: Call[object], /) -> Signed:
    """The caller's session, begun within ``session.fresh_age``.

    Raises:
        Unauthorized: There is none.
        SessionNotFresh: It is older.
    """
    if call.vouched is None:
        # The store is asked, but a copy that the caller has is left alone (contract).
        copies = call.long_cookie(call.services.plan.cookies.session_data) is None
        call.remember(await read_session(call, disable_cache=True, copies=copies))
    me = await signed_in(call)
    if not is_fresh(call, me):
        raise SessionNotFresh
    return me


def is_fresh(call: Call[object], me: Signed) -> bool:
    """Whether the session was begun, or used, within ``session.fresh_age``; zero means that age does not matter."""
    options = call.services.plan.settings.session
    since = me.session.created_at if options.fresh_from == "creation" else me.session.updated_at
    return not options.fresh_age or call.now - since < timedelta(seconds=options.fresh_age)
