"""Making and verifying tokens. Not keeping keys. Source: contract, crypto.json ``jwks``; RFC 8725."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from gatewright.contract.results import SessionData
from gatewright.crypto.jwk import JwkError, KeyAlgorithm
from gatewright.crypto.jwt import sign_jwt, unverified_header, verify_jwt
from gatewright.pipeline.call import Call
from gatewright.plugins.jwt.keys import KeyKeeper
from gatewright.plugins.jwt.options import TokenOptions, expiry

__all__ = ("COPY_TYPE", "about_user", "sign", "verify")

T = TypeVar("T")

COPY_TYPE = "better-auth.session-cache+jwt"
"""What the header of a cached session calls itself; it is good for nothing else."""

_OURS = frozenset({"iat", "sub", "exp", "iss", "aud"})


async def about_user(call: Call[Any], keys: KeyKeeper, options: TokenOptions, session: SessionData) -> str:
    """A token about the user of a session. What is chosen for its claims cannot change whom and what it is for."""
    if options.define_payload is None:
        chosen: Mapping[str, object] = session.user.wire()
    else:
        chosen = await _own(options.define_payload(session))
    subject = session.user.id if options.get_subject is None else await _own(options.get_subject(session))
    claims: dict[str, object] = {"iat": int(call.now.timestamp())}
    claims |= {name: value for name, value in chosen.items() if name not in _OURS}
    claims["sub"] = subject
    return await sign(call, keys, options, claims)


async def sign(
    call: Call[Any],
    keys: KeyKeeper,
    options: TokenOptions,
    claims: Mapping[str, object],
    *,
    algorithm: KeyAlgorithm | None = None,
) -> str:
    """A token with these claims; what they do not say about its end, issuer and audience is added."""
    whole = dict(claims)
    whole.setdefault("exp", expiry(options.expiration_time, call.now))
    whole.setdefault("iss", options.issuer or call.base.origin)
    whole.setdefault("aud", _audience(options, call))
    if options.sign is not None:
        return await _own(options.sign(whole))
    row, key = await keys.signing(call, algorithm)
    return sign_jwt(whole, key, algorithm=keys.algorithm(row), kid=str(row.id))


async def verify(
    call: Call[Any], keys: KeyKeeper, options: TokenOptions, token: str, *, issuer: str | None
) -> Mapping[str, object] | None:
    """The claims of a token of this instance that is good now, or ``None``."""
    header = unverified_header(token) or {}
    kid = header.get("kid")
    if not isinstance(kid, str) or header.get("typ") == COPY_TYPE:
        return None
    row = await keys.named(call, kid)
    if row is None:
        return None
    try:
        key = keys.public(row)
    except JwkError:
        return None
    claims = verify_jwt(
        token,
        key,
        algorithm=keys.algorithm(row),
        now=call.now,
        issuer=issuer or options.issuer or call.base.origin,
        audience=_audience(options, call),
    )
    return claims if claims is not None and claims.get("sub") and claims.get("aud") else None


def _audience(options: TokenOptions, call: Call[Any]) -> str | tuple[str, ...]:
    given = options.audience
    if given is None:
        return call.base.origin
    return given if isinstance(given, str) else tuple(given)


async def _own(answer: Awaitable[T] | T) -> T:
    if inspect.isawaitable(answer):
        return await answer
    return answer
