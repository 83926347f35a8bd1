"""Handler: signing up."""

from __future__ import annotations

from gatewright.access.assurance import PASSWORD
from gatewright.contract.results import SignedUp
from gatewright.contract.sign_up import SignUpEmail
from gatewright.flows.sign_up import NewUser, sign_up
from gatewright.flows.verification_mail import Caller
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_gates import Withheld
from gatewright.pipeline.session_reading import begin_session
from gatewright.services.database import Database

__all__ = ("ALL",)


@handles(SignUpEmail)
async def sign_up_email(call: Call[SignUpEmail]) -> SignedUp:
    """Create the user, then the session unless the settings say otherwise."""
    asked = call.input
    session: Session | None = None
    withheld: Withheld | None = None

    async def begin(tx: Database, user: User) -> None:
        nonlocal session, withheld
        with call.acting_in(tx):
            try:
                session = await begin_session(call, user, PASSWORD, passing=asked.remember_me is False)
            except Withheld as owed:
                # The user stays, and what is owed as well; only a failure undoes the sign-up.
                withheld = owed

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
        begin,
    )
    if withheld is not None:
        raise withheld
    return SignedUp(token=None if session is None else session.token, user=signed_up.user)


ALL = (sign_up_email,)
