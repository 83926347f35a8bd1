"""The sessions that a browser holds: a signed cookie for each, beside that of the active one.

A cookie is believed for its signature only; whether its session lives is asked of the store. Source: contract,
cookies.json ``session_token_multi-{token}``.
"""

from __future__ import annotations

from typing import Any

from gatewright.contract.results import SessionData
from gatewright.crypto.compare import same
from gatewright.http.cookies import parse
from gatewright.pipeline.call import Call
from gatewright.services.cookies import Cookie

__all__ = ("cookie_of", "held_tokens", "holds", "live_sessions")

MARK = "_multi-"


def cookie_of(call: Call[Any], token: str) -> Cookie:
    """The cookie that holds a session: like that of the active one, under a name of its own."""
    active = call.services.plan.cookies.session_token
    return Cookie(f"{active.name}{MARK}{token.lower()}", active.attributes)


def held_tokens(call: Call[Any]) -> list[str]:
    """The tokens of the sessions that the browser holds, living or not, in the order of its cookies."""
    header = call.headers.get("cookie")
    if header is None:
        return []
    prefix = call.services.plan.cookies.session_token.name + MARK
    tokens: list[str] = []
    for name, value in parse(header).items():
        if not name.startswith(prefix):
            continue
        token = call.services.plan.signer.verify(value)
        if token is not None and same(name, prefix + token.lower()):
            tokens.append(token)
    return tokens


def holds(call: Call[Any], token: str) -> bool:
    """Whether the browser holds a session with this token."""
    return any(same(token, held) for held in held_tokens(call))


async def live_sessions(call: Call[Any], *, maximum: int) -> list[SessionData]:
    """The sessions of the browser that are not over: the newest of each user, and the oldest of these up to ``maximum``.

    Sign-ins at the same moment may leave a browser with more cookies than it may have; the surplus counts for nothing.
    """
    sessions, now = call.services.sessions, call.now
    found: list[SessionData] = []
    for token in held_tokens(call):
        pair = await sessions.find(call.db, token)
        if pair is not None and not sessions.expired(pair[0], now):
            found.append(SessionData(session=pair[0], user=pair[1]))
    by_age = sorted(found, key=lambda data: data.session.created_at)
    newest = {data.user.id: data.session.token for data in by_age}
    kept = [data.session.token for data in by_age if newest[data.user.id] == data.session.token][:maximum]
    return [data for data in found if data.session.token in kept]
