"""Hooks: a guest who signs in as somebody is joined to that user and removed.

The guest is known by the cookie that came with the call or, where a browser comes back from a provider without it, by
what the state carries. Source: contract, plugins.json ``anonymous``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.contract.results import SessionData
from gatewright.contract.sign_in import SignInSocial
from gatewright.model.session import Session
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import maybe_signed_in
from gatewright.pipeline.hooks import EVERY, Hook, after, before
from gatewright.plugins.anonymous.flows import join
from gatewright.plugins.anonymous.model import GuestUser
from gatewright.plugins.anonymous.options import AnonymousOptions

__all__ = ("hooks",)

CARRIED = "anonymousUserId"
"""Under which a state carries the guest (contract)."""

BELOW = ("/sign-in", "/sign-up", "/callback")
PATHS = frozenset(
    {
        "/magic-link/verify",
        "/email-otp/verify-email",
        "/one-tap/callback",
        "/passkey/verify-authentication",
        "/phone-number/verify",
        "/verify-email",
    }
)


def hooks(options: AnonymousOptions) -> Sequence[Hook]:
    """The hooks under the options of an instance."""

    @before(SignInSocial)
    async def carry(call: Call[SignInSocial]) -> None:
        me = await maybe_signed_in(call)
        if me is not None and GuestUser.of(me.user).is_anonymous:
            call.carried = {**call.carried, CARRIED: me.user.id}

    @after(EVERY)
    async def link(call: Call[Any], result: Any) -> None:  # noqa: ARG001 (every hook is given the result)
        begun = call.new_session
        path = call.input.route.path or ""
        if begun is None or not (path.startswith(BELOW) or path in PATHS):
            return
        guest = await _guest(call, begun.session.token)
        if guest is None or guest.user.id == begun.user.id or GuestUser.of(begun.user).is_anonymous:
            return
        await join(call, options, guest, begun)

    return (carry, link)


async def _guest(call: Call[Any], new: str) -> SessionData | None:
    """The guest who called, with the session, as the store knows them."""
    services, found = call.services, None
    token = call.signed_cookie(services.plan.cookies.session_token)
    if token is not None and token != new:
        found = await services.sessions.find(call.db, token)
    carried = call.carried.get(CARRIED)
    if found is None and isinstance(carried, str):
        sessions = await services.sessions.active(call.db, carried)
        user = await services.users.by_id(call.db, carried)
        if sessions and user is not None:
            found = (sessions[0], user)
    if found is None:
        return None
    session: Session = found[0]
    user = found[1]
    if services.sessions.expired(session, call.now) or not GuestUser.of(user).is_anonymous:
        return None
    return SessionData(session=session, user=user)
