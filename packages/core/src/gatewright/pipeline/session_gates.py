"""The one place where sessions begin: whoever arrives, in whatever way, passes the gates that plugins have put there.

A gate is asked before anything is stored. It may let somebody through, add to what is known about them, or raise what is
answered in the place of a session. Not which cookies the caller gets: that is ``pipeline/session_reading.py``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, cast

from gatewright.access.assurance import FEDERATED, UNFINISHED, Proof, Way, federated
from gatewright.contract.faults import Unauthorized
from gatewright.contract.results import SessionData
from gatewright.http.client_ip import client_ip
from gatewright.http.redirects import with_query
from gatewright.model.assurance import AssuredSession
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.wire.faults import Instead
from gatewright.wire.kinds import Redirect

__all__ = (
    "SessionClaim",
    "SessionGate",
    "Withheld",
    "admit",
    "client_address",
    "create_session",
    "proof_of",
    "raise_assurance",
    "store_session",
    "waits_for_factor",
    "way_through",
)


_NOTHING = Proof()
_WAITING = f"{UNFINISHED}@"


@dataclass(slots=True)
class SessionClaim:
    """Somebody who is about to get a session.

    Attributes:
        user: Who it is.
        way: What has just been proven.
        passing: The session is to end with the browser's.
        proof: What has proven the user so far, ``way`` included. Gates replace it; it is kept with the session where the
            instance keeps such things.
        owed: What is owed before the session can be used, where it waits; see :meth:`wait`.
        seconds: How long it waits.
    """

    user: User
    way: Way
    passing: bool
    proof: Proof
    owed: Withheld | None = None
    seconds: int = 0

    def wait(self, owed: Withheld, *, seconds: int) -> None:
        """Begin a session that is good for nothing but setting up a second factor.

        Args:
            owed: What the caller is told.
            seconds: How long there is time for it.
        """
        self.owed = owed
        self.seconds = seconds
        self.proof = self.proof.finished(finished=False)


SessionGate: TypeAlias = Callable[[Call[Any], SessionClaim], Awaitable[None]]
"""Asked before a session begins; raises :class:`Withheld`, or any fault, where none is to."""


class Withheld(Instead):
    """No session, or none that can be used yet: ``value`` says what is owed first.

    Args:
        value: The answer to whoever asked with a script.
        page: Where a browser is sent instead; ``None`` where the application has no such page.
        error: What a browser is told at the page for errors, where there is no other.
        query: What the page is told.
    """

    def __init__(self, value: object, *, page: str | None, error: str, query: Mapping[str, str] | None = None) -> None:
        super().__init__(value)
        self.page = page
        self.error = error
        self.query: Mapping[str, str] = query or {}

    def leads(self, call: Call[Any], callback_url: str | None, error_url: str | None) -> Redirect:
        """Where a browser goes that has come by a link or from a provider.

        Args:
            call: The call.
            callback_url: Where it wanted to go; the page is told, and sends it there in the end.
            error_url: Where it would be told of a failure.
        """
        call.out.withheld = (self, callback_url)
        base = call.base.origin
        if self.page is None:
            return Redirect(with_query(error_url or f"{call.base.url}/error", {"error": self.error}, base=base))
        onward = {"callbackURL": callback_url} if callback_url else {}
        return Redirect(with_query(self.page, {**onward, **self.query}, base=base))


async def admit(
    call: Call[Any],
    user: User,
    by: Way,
    *,
    passing: bool = False,
    earlier: Proof | Session | None = None,
) -> SessionClaim:
    """Ask every gate whether a session of ``user`` may begin; nothing is stored.

    Args:
        call: The call.
        user: Whose.
        by: How the user was proven in this call.
        passing: It ends with the browser's session, and after a day at the latest.
        earlier: What was proven before: in the session that this one takes the place of, or before a second factor.

    Raises:
        Withheld: Something is owed first.
    """
    plan = call.services.plan
    if not plan.gates and not plan.assures:
        return SessionClaim(user, by, passing, _NOTHING)
    before = _NOTHING if earlier is None else proof_of(earlier) if isinstance(earlier, Session) else earlier
    claim = SessionClaim(user, by, passing, before.having(by, call.now))
    for gate in plan.gates:
        await gate(call, claim)
    return claim


async def store_session(call: Call[Any], claim: SessionClaim, more: Mapping[str, Any] | None = None) -> Session:
    """Create the session of somebody whom every gate has let through; the caller is given no cookie.

    Raises:
        Refused: A hook does not want the session.
    """
    services = call.services
    if services.plan.assures:
        more = {**_columns(claim.proof), **(more or {})}
    if claim.owed is not None:
        more = {**(more or {}), Session.expires_at.name: call.now + timedelta(seconds=claim.seconds)}
    return await services.sessions.create(
        call.db,
        claim.user.id,
        ip_address=client_address(call),
        user_agent=call.headers.get("user-agent") or "",
        passing=claim.passing,
        more=more,
    )


async def create_session(
    call: Call[Any],
    user: User,
    by: Way,
    *,
    passing: bool = False,
    earlier: Proof | Session | None = None,
    more: Mapping[str, Any] | None = None,
) -> Session:
    """Create a session for a caller that keeps no cookies; see :func:`admit`.

    Raises:
        Withheld: Something is owed first, or has to be set up.
        Refused: A hook does not want the session.
    """
    claim = await admit(call, user, by, passing=passing, earlier=earlier)
    if claim.owed is not None:
        raise claim.owed
    return await store_session(call, claim, more)


def way_through(call: Call[Any], provider_id: str, claims: Mapping[str, object] | None) -> Way:
    """What signing in at a provider proves: its own word about methods where it is believed.

    Args:
        call: The call.
        provider_id: The provider.
        claims: Of its ID token, checked.
    """
    if claims is None or provider_id not in call.services.plan.believed:
        return FEDERATED
    methods, moment = claims.get("amr"), claims.get("auth_time")
    at: datetime | None = None
    if isinstance(moment, int) and not isinstance(moment, bool) and 0 <= moment <= call.now.timestamp():
        at = datetime.fromtimestamp(moment, UTC)
    return federated(cast("list[object]", methods) if isinstance(methods, list) else (), at=at)


def proof_of(session: Session) -> Proof:
    """What has proven the user of a session."""
    return Proof.read(session.raw.get("amr"))


def waits_for_factor(session: Session) -> bool:
    """Whether a session waits for its user to set up a second factor."""
    text = session.raw.get("amr")
    return isinstance(text, str) and text.startswith(_WAITING)


async def raise_assurance(call: Call[Any], session: Session, user: User, by: Way) -> Session:
    """Note in a session that its user was proven again, in one guarded write; of writes at the same moment none is lost.

    Args:
        call: The call.
        session: As the store has it.
        user: Whose it is.
        by: What was proven.

    Returns:
        The session afterwards; as it was where the instance keeps no such things.

    Raises:
        Unauthorized: The session was ended meanwhile.
    """
    services = call.services
    if not services.plan.assures:
        return session
    present: Session | None = session
    while present is not None and present.user_id == user.id and not services.sessions.expired(present, call.now):
        proof = proof_of(present).having(by, call.now)
        known = {"amr": present.raw.get("amr")}
        changed = await services.sessions.update(call.db, present, _columns(proof), known=known)
        if changed is not None:
            data = SessionData(session=changed, user=user)
            call.remember(data)
            if call.out.copy_of is not None:
                call.out.copy_of = (data, call.out.copy_of[1])
            return changed
        pair = await services.sessions.find(call.db, session.token)
        present = None if pair is None else pair[0]
        if present is not None and present.raw.get("amr") == known["amr"]:
            break  # a hook refuses
    raise Unauthorized


def _columns(proof: Proof) -> dict[str, Any]:
    names = AssuredSession
    return {names.amr.name: proof.write(), names.auth_time.name: proof.auth_time}


def client_address(call: Call[Any]) -> str:
    """The caller's address as the contract stores it: empty where it is not known."""
    peer = None if call.request is None else call.request.peer
    return client_ip(call.headers, peer, call.services.plan.stored_address) or ""
