"""Make a token for a session, and take it: once, in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gatewright.contract.results import SessionData
from gatewright.crypto.hashing import sha256_base64url
from gatewright.crypto.random_text import DEFAULT_ALPHABET, random_text
from gatewright.pipeline.call import Call
from gatewright.plugins.one_time_token.options import OneTimeTokenOptions, TokenHash
from gatewright.wire.faults import ApiError

__all__ = ("make_token", "take_token")

PREFIX = "one-time-token:"
TOKEN_LENGTH = 32


async def make_token(call: Call[Any], options: OneTimeTokenOptions, data: SessionData) -> str:
    """A token that hands over a session."""
    services = call.services
    if options.generate_token is None:
        token = random_text(TOKEN_LENGTH, DEFAULT_ALPHABET, services.random.bytes)
    else:
        token = await options.generate_token(data, call)
    expires_at = call.now + timedelta(minutes=options.expires_in)
    identifier = PREFIX + await _stored(options, token)
    await services.verifications.create(call.db, identifier, data.session.token, expires_at=expires_at)
    return token


async def take_token(call: Call[Any], options: OneTimeTokenOptions, token: str) -> SessionData:
    """The session that a token hands over; of several callers exactly one gets it.

    Raises:
        ApiError: The token is wrong, used or too old, or the session has ended.
    """
    services = call.services
    row = await services.verifications.take(call.db, PREFIX + await _stored(options, token))
    if row is None:
        raise ApiError(400, message="Invalid token")
    pair = await services.sessions.find(call.db, row.value)
    if pair is None:
        raise ApiError(400, message="Session not found")
    session, user = pair
    if services.sessions.expired(session, call.now):
        raise ApiError(400, message="Session expired")
    return SessionData(session=session, user=user)


async def _stored(options: OneTimeTokenOptions, token: str) -> str:
    how = options.store_token
    if isinstance(how, TokenHash):
        return await how.hash(token)
    return sha256_base64url(token) if how == "hashed" else token
