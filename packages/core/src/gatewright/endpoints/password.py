"""Handlers: resetting, changing, setting and checking passwords."""

from __future__ import annotations

from gatewright.access.assurance import PASSWORD
from gatewright.contract.faults import InvalidPassword
from gatewright.contract.password import (
    ChangePassword,
    PasswordChanged,
    RequestPasswordReset,
    RequestPasswordResetCallback,
    ResetPassword,
    ResetRequested,
    SetPassword,
    VerifyPassword,
)
from gatewright.contract.results import Done
from gatewright.flows.change_password import change_password as change
from gatewright.flows.change_password import set_password as give
from gatewright.flows.password_reset import find_reset, request_reset
from gatewright.flows.password_reset import reset_password as reset
from gatewright.flows.verification_mail import Caller
from gatewright.http.redirects import append_query, with_query
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, stored_session
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_gates import raise_assurance
from gatewright.pipeline.session_reading import begin_session, proven_token
from gatewright.wire.kinds import Redirect

__all__ = ("ALL",)


@handles(RequestPasswordReset)
async def request_password_reset(call: Call[RequestPasswordReset]) -> ResetRequested:
    """Mail a token if there is such a user; say the same if not."""
    asked = call.input
    await request_reset(call.services, call.db, Caller(call.base.url, call.request), asked.email, asked.redirect_to)
    return ResetRequested(
        status=True, message="If this email exists in our system, check your email for the reset link"
    )


@handles(RequestPasswordResetCallback)
async def request_password_reset_callback(call: Call[RequestPasswordResetCallback]) -> Redirect:
    """Send the browser on with the token, or with an error; the token stays usable."""
    asked = call.input
    if not asked.callback_url:
        return Redirect(append_query(f"{call.base.url}/error", {"error": "INVALID_TOKEN"}))
    known = await find_reset(call.services, call.db, asked.token) is not None
    said = {"token": asked.token} if known else {"error": "INVALID_TOKEN"}
    return Redirect(with_query(asked.callback_url, said, base=call.base.origin))


@handles(ResetPassword)
async def reset_password(call: Call[ResetPassword]) -> Done:
    """Set a new password with a mailed token."""
    asked = call.input
    caller = Caller(call.base.url, call.request)
    own = proven_token(call)
    await reset(call.services, call.db, caller, asked.token, asked.new_password, own_session=own)
    return Done()


@handles(ChangePassword, stored_session)
async def change_password(call: Call[ChangePassword], me: Signed) -> PasswordChanged:
    """Replace the password; optionally end every session and begin a new one."""
    asked = call.input
    ends = bool(asked.revoke_other_sessions)
    await change(
        call.services,
        call.db,
        Caller(call.base.url, call.request),
        me.user,
        current=asked.current_password,
        new=asked.new_password,
        end_sessions=ends,
    )
    if not ends:
        return PasswordChanged(token=None, user=me.user)
    passing = call.signed_cookie(call.services.plan.cookies.dont_remember) == "true"
    session = await begin_session(call, me.user, PASSWORD.going_on(), passing=passing, earlier=me.session)
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
    targets = call.services.targets
    await targets.own_guess(call.request, me.user.id, hashed)
    if not await call.services.passwords.verify(call.input.password, hashed) or hashed is None:
        raise InvalidPassword
    await targets.own_guessed(call.request, me.user.id, hashed)
    await raise_assurance(call, me.session, me.user, PASSWORD)
    return Done()


ALL = (
    request_password_reset,
    request_password_reset_callback,
    reset_password,
    change_password,
    set_password,
    verify_password,
)
