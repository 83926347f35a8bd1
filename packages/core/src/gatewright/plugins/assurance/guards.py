"""Guard: a session that proves enough, as evidence for handlers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from gatewright.access.assurance import Needed, Proof
from gatewright.contract.results import SessionData
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import own_session
from gatewright.pipeline.handles import Guard
from gatewright.plugins.assurance.plugin import Assurance

__all__ = ("Assured", "require_assurance")


@dataclass(frozen=True, slots=True)
class Assured:
    """Proof that the caller is signed in, surely enough.

    Attributes:
        session: The session, as the store has it.
        user: Its user.
        proof: What has proven the user, and when.
    """

    session: Session
    user: User
    proof: Proof

    @property
    def data(self) -> SessionData:
        """Session and user as a result."""
        return SessionData(session=self.session, user=self.user)


def require_assurance(
    *,
    level: int = 1,
    methods: str | Iterable[str] | None = None,
    max_age: timedelta | float | None = None,
) -> Guard[object, Assured]:
    """A guard for handlers: the caller's session must prove its user so surely; the user's policy is asked as well.

    ::

        @handles(CloseAccount, require_assurance(level=2, max_age=timedelta(minutes=5)))
        async def close_account(call: Call[CloseAccount], me: Assured) -> Done: ...

    Args:
        level: 1 after one factor, 2 after two.
        methods: One of these must have been proven, in the words of RFC 8176.
        max_age: Seconds, or a duration, for which the proof counts.

    Raises:
        ValueError: There is no such level.
    """
    needed = Needed.of(level=level, methods=methods, max_age=max_age)

    async def assured(call: Call[object], /) -> Assured:
        """The evidence.

        Raises:
            Unauthorized: There is no session.
            StepUpRequired: It does not prove enough.
        """
        me = await own_session(call)
        proof = await call.plugin(Assurance).check(call.services, call.db, me.data, needed)
        return Assured(me.session, me.user, proof)

    return assured
