"""Handlers: sign in as a guest, leave."""

from __future__ import annotations

from collections.abc import Sequence

from gatewright.access.assurance import ANONYMOUS
from gatewright.contract.faults import FailedToCreateSession
from gatewright.contract.results import Success
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in, stored_session
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.session_reading import begin_session, forget_session
from gatewright.plugins.anonymous import faults
from gatewright.plugins.anonymous.contract import DeleteAnonymousUser, GuestSignedIn, SignInAnonymous
from gatewright.plugins.anonymous.flows import create_guest
from gatewright.plugins.anonymous.model import GuestUser
from gatewright.plugins.anonymous.options import AnonymousOptions
from gatewright.services.database import Refused

__all__ = ("endpoints",)


def endpoints(options: AnonymousOptions) -> Sequence[Endpoint]:
    """The handlers under the options of an instance."""

    @handles(SignInAnonymous)
    async def sign_in_anonymous(call: Call[SignInAnonymous]) -> GuestSignedIn:
        me = await maybe_signed_in(call)
        if me is not None and GuestUser.of(me.user).is_anonymous:
            raise faults.AnonymousUsersCannotSignInAgainAnonymously
        call.remember(None)
        user = await create_guest(call, options)
        try:
            session = await begin_session(call, user, ANONYMOUS)
        except (Refused, FailedToCreateSession):
            raise faults.CouldNotCreateSession from None
        return GuestSignedIn(token=session.token, user=user)

    @handles(DeleteAnonymousUser, stored_session)
    async def delete_anonymous_user(call: Call[DeleteAnonymousUser], me: Signed) -> Success:
        if options.disable_delete_anonymous_user:
            raise faults.DeleteAnonymousUserDisabled
        if not GuestUser.of(me.user).is_anonymous:
            raise faults.UserIsNotAnonymous
        services, db, guest = call.services, call.db, me.user.id
        await services.sessions.end_all(db, guest)
        if await services.sessions.active(db, guest):
            raise faults.FailedToDeleteAnonymousUserSessions
        try:
            removed = await services.users.delete(db, guest)
        except Refused:
            removed = True  # A hook wants to keep the row; whoever it was has left (contract).
        if not removed:
            raise faults.FailedToDeleteAnonymousUser
        forget_session(call)
        return Success()

    return (sign_in_anonymous, delete_anonymous_user)
