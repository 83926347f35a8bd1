"""Handlers: signing in with a password, signing out."""

from __future__ import annotations

from gatewright.access.assurance import PASSWORD
from gatewright.contract.faults import InvalidEmailOrPassword
from gatewright.contract.results import SignedIn, SignedOut
from gatewright.contract.sign_in import SignInEmail, SignOut
from gatewright.flows.oauth.leaving import way_out
from gatewright.flows.sign_in import sign_in
from gatewright.flows.verification_mail import Caller
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.pipeline.password_session import unless_changed
from gatewright.pipeline.session_reading import begin_session, forget_session
from gatewright.wire.operation import UNSET

__all__ = ("ALL",)


@handles(SignInEmail)
async def sign_in_email(call: Call[SignInEmail]) -> SignedIn:
    """Check the password, then begin a session."""
    asked = call.input
    caller = Caller(call.base.url, call.request)
    user, hashed = await sign_in(
        call.services, call.db, caller, asked.email, asked.password, callback_url=asked.callback_url
    )
    session = await begin_session(call, user, PASSWORD, passing=not asked.remember_me)
    await unless_changed(call, session, hashed, InvalidEmailOrPassword)
    if asked.callback_url:
        call.out.headers.append(("location", asked.callback_url))
    return SignedIn(
        redirect=bool(asked.callback_url),
        token=session.token,
        url=UNSET if asked.callback_url is None else asked.callback_url,
        user=user,
    )


@handles(SignOut)
async def sign_out(call: Call[SignOut]) -> SignedOut:
    """End the session that the cookie names, whatever else is true of it, and clear the cookies."""
    services, asked = call.services, call.input
    token = call.signed_cookie(services.plan.cookies.session_token)
    place = None
    if token is not None:
        if services.plan.social.providers.can_leave:
            place = await way_out(services, call.db, token, _return(call, asked.callback_url), asked.state)
        await services.sessions.end(call.db, token)
    forget_session(call)
    if place is None:
        return SignedOut()
    if not asked.disable_redirect:
        call.out.headers.append(("location", place))
    return SignedOut(url=place, redirect=not asked.disable_redirect)


def _return(call: Call[SignOut], callback_url: str | None) -> str | None:
    """Where the provider sends the browser afterwards, as the provider has to be told it."""
    if not callback_url:
        return None
    return f"{call.base.origin}{callback_url}" if callback_url.startswith("/") else callback_url


ALL = (sign_in_email, sign_out)
