"""Handler: signing up."""

from __future__ import annotations

from gatewright.contract.results import SignedUp
from gatewright.contract.sign_up import SignUpEmail
from gatewright.flows.sign_up import NewUser, sign_up
from gatewright.flows.verification_mail import Caller
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import begin_session

__all__ = ("ALL",)


@handles(SignUpEmail)
async def sign_up_email(call: Call[SignUpEmail]) -> SignedUp:
    """Create the user, then the session unless the settings say otherwise."""
    asked = call.input
    signed_up = await sign_up(
        call.services,
        call.db,
        Caller(call.base.url, call.request),
        NewUser(
            name=asked.name,
            email=asked.email,
            password=asked.password,
            image=asked.image,
            extra=asked.extra,
            callback_url=asked.callback_url,
        ),
    )
    if not signed_up.signs_in:
        return SignedUp(token=None, user=signed_up.user)
    session = await begin_session(call, signed_up.user, passing=asked.remember_me is False)
    return SignedUp(token=session.token, user=signed_up.user)


ALL = (sign_up_email,)
