"""Hooks: a browser keeps every session that begins, and forgets all of them when it signs out."""

from __future__ import annotations

from typing import Any

from gatewright.contract.results import Success
from gatewright.contract.sign_in import SignOut
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import EVERY, Hook, after
from gatewright.plugins.multi_session.device import cookie_of, held_tokens, holds, live_sessions
from gatewright.plugins.multi_session.options import MultiSessionOptions

__all__ = ("end_all", "keeping")


def keeping(options: MultiSessionOptions) -> Hook:
    """Keep a session that has begun, in the place of an older one of the same user."""

    @after(EVERY)
    async def keep(call: Call[Any], result: Any) -> None:  # noqa: ARG001 (every hook is given the result)
        begun = call.new_session
        active = call.services.plan.cookies.session_token
        line = call.out.cookies.get(active.name)
        if begun is None or line is None or line == active.gone or holds(call, begun.session.token):
            return
        kept = 0
        for data in await live_sessions(call, maximum=options.maximum_sessions):
            if data.user.id == begun.user.id:
                await call.services.sessions.end(call.db, data.session.token)
                call.expire_cookie(cookie_of(call, data.session.token))
            else:
                kept += 1
        if kept < options.maximum_sessions:
            token = begun.session.token
            call.set_signed_cookie(cookie_of(call, token), token)

    return keep


@after(SignOut)
async def end_all(call: Call[SignOut], result: Success) -> None:  # noqa: ARG001 (every hook is given the result)
    """Whoever signs out signs everybody of this browser out."""
    for token in held_tokens(call):
        await call.services.sessions.end(call.db, token)
        call.expire_cookie(cookie_of(call, token))
