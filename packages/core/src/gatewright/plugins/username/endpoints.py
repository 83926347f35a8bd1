"""Handlers: sign in by name, ask for a name."""

from __future__ import annotations

from collections.abc import Sequence

from gatewright.access.assurance import PASSWORD
from gatewright.contract.results import SignedIn
from gatewright.flows.verification_mail import Caller
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.password_session import unless_changed
from gatewright.pipeline.session_reading import begin_session
from gatewright.plugins.username.contract import IsUsernameAvailable, SignInUsername, UsernameAvailability
from gatewright.plugins.username.faults import InvalidUsername, InvalidUsernameOrPassword
from gatewright.plugins.username.flows import by_name, sign_in_by_name
from gatewright.plugins.username.names import Names
from gatewright.wire.operation import UNSET

__all__ = ("endpoints",)


def endpoints(names: Names) -> Sequence[Endpoint]:
    """The handlers under the rules of an instance."""

    @handles(SignInUsername)
    async def sign_in_username(call: Call[SignInUsername]) -> SignedIn:
        asked = call.input
        if not asked.username or not asked.password:
            raise InvalidUsernameOrPassword
        stored = await names.check(asked.username)
        caller = Caller(call.base.url, call.request)
        user, hashed = await sign_in_by_name(
            call.services, call.db, caller, stored, asked.password, callback_url=asked.callback_url
        )
        session = await begin_session(call, user, PASSWORD, passing=not asked.remember_me)
        await unless_changed(call, session, hashed, InvalidUsernameOrPassword)
        if asked.callback_url:
            call.out.headers.append(("location", asked.callback_url))
        return SignedIn(
            redirect=bool(asked.callback_url), token=session.token, url=asked.callback_url or UNSET, user=user
        )

    @handles(IsUsernameAvailable)
    async def is_username_available(call: Call[IsUsernameAvailable]) -> UsernameAvailability:
        if not call.input.username:
            raise InvalidUsername
        stored = await names.check(call.input.username)
        return UsernameAvailability(available=await by_name(call.db, stored) is None)

    return (sign_in_username, is_username_available)
