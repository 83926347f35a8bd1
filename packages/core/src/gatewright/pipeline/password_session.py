"""Sessions of those who came with a password: they last only if it is still theirs once the session is there.

To check a password takes long enough for somebody to change it, and to end every session, meanwhile.
"""

from __future__ import annotations

from typing import Any

from gatewright.crypto.compare import same
from gatewright.model.session import Session
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_reading import forget_session
from gatewright.wire.faults import Fault

__all__ = ("unless_changed",)


async def unless_changed(call: Call[Any], session: Session, hashed: str, refused: type[Fault]) -> Session:
    """The session, unless the password of its user was changed before it was there; then it ends again.

    Args:
        call: The call that has begun it.
        session: The session.
        hashed: The stored hash that the password was checked against.
        refused: What is answered to a wrong password.

    Raises:
        Fault: ``refused``; the password was changed or is gone.
    """
    account = await call.services.accounts.credential(call.db, session.user_id)
    if account is not None and account.password is not None and same(account.password, hashed):
        return session
    await call.services.sessions.end(call.db, session.token)
    forget_session(call)
    call.new_session = None
    call.remember(None)
    raise refused
