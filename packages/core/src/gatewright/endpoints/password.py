"""Handlers: changing, setting and checking passwords."""

from __future__ import annotations

from gatewright.contract.faults import InvalidPassword
from gatewright.contract.password import ChangePassword, PasswordChanged, SetPassword, VerifyPassword
from gatewright.contract.results import Done
from gatewright.flows.change_password import change_password as change
from gatewright.flows.change_password import set_password as give
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import begin_session

__all__ = ("ALL",)


@handles(ChangePassword, stored_session)
async def change_password(call: Call[ChangePassword], me: Signed) -> PasswordChanged:
    """Replace the password; optionally end every session and begin a new one."""
    asked = call.input
    await change(call.services, call.db, me.user, current=asked.current_password, new=asked.new_password)
    if not asked.revoke_other_sessions:
        return PasswordChanged(token=None, user=me.user)
    await call.services.sessions.end_all(call.db, me.user.id)
    passing = call.signed_cookie(call.services.plan.cookies.dont_remember) == "true"
    session = await begin_session(call, me.user, passing=passing)
    return PasswordChanged(token=session.token, user=me.user)


@handles(SetPassword, stored_session)
async def set_password(call: Call[SetPassword], me: Signed) -> Done:
    """Give the user, who has none, a password."""
    await give(call.services, call.db, me.user, call.input.new_password)
    return Done()


@handles(VerifyPassword, stored_session)
async def verify_password(call: Call[VerifyPassword], me: Signed) -> Done:
    """Compare with the user's password."""
    account = await call.services.accounts.credential(call.db, me.user.id)
    hashed = None if account is None else account.password
    if not await call.services.passwords.verify(call.input.password, hashed):
        raise InvalidPassword
    return Done()


ALL = (change_password, set_password, verify_password)
