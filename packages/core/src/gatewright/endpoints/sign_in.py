"""Handlers: signing in with a password, signing out."""

from __future__ import annotations

from gatewright.contract.results import SignedIn, Success
from gatewright.contract.sign_in import SignInEmail, SignOut
from gatewright.flows.sign_in import sign_in
from gatewright.flows.verification_mail import Caller
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import begin_session, forget_session
from gatewright.wire.operation import UNSET

__all__ = ("ALL",)


@handles(SignInEmail)
async def sign_in_email(call: Call[SignInEmail]) -> SignedIn:
    """Check the password, then begin a session."""
    asked = call.input
    caller = Caller(call.base.url, call.request)
    user = await sign_in(call.services, call.db, caller, asked.email, asked.password, callback_url=asked.callback_url)
    session = await begin_session(call, user, passing=not asked.remember_me)
    if asked.callback_url:
        call.out.headers.append(("location", asked.callback_url))
    return SignedIn(
        redirect=bool(asked.callback_url),
        token=session.token,
        url=asked.callback_url or UNSET,
        user=user,
    )


@handles(SignOut)
async def sign_out(call: Call[SignOut]) -> Success:
    """End the session that the cookie names, whatever else is true of it, and clear the cookies."""
    token = call.signed_cookie(call.services.plan.cookies.session_token)
    if token is not None:
        await call.services.sessions.end(call.db, token)
    forget_session(call)
    return Success()


ALL = (sign_in_email, sign_out)
