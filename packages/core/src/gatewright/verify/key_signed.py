"""Cached sessions that another server signs with its published keys: no secret, and a request for the keys now and then.

Servers do so where their ``jwt`` plugin has the option ``sessionCookieCache``. Source: contract, ``cookies.json``
``session_data`` (``withJwtPlugin``); RFC 8725 §3.11 for the type of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from gatewright.contract.results import SessionData
from gatewright.crypto.compare import same
from gatewright.crypto.jwt import SignatureAlgorithm, unverified_header
from gatewright.http.cookies import find, join, parse
from gatewright.verify.identity import read_session_data
from gatewright.verify.keys import RemoteKeys
from gatewright.verify.tokens import ALGORITHMS, verified

__all__ = ("KeySignedCookies",)

_TYPE = "better-auth.session-cache+jwt"
_AUDIENCE = "better-auth:session-cache"
_LEEWAY_SECONDS = 15


class _Payload(msgspec.Struct, rename="camel"):
    session: dict[str, object]
    user: dict[str, object]
    sid: str
    sub: str
    exp: float
    version: str = "1"


class KeySignedCookies:
    """Reads one server's cached sessions.

    Args:
        keys: Its public keys.
        issuer: Its base URL's origin.
        secure: Its cookies carry the ``__Secure-`` prefix, as they do when its base URL is ``https``.
        prefix: Its ``advanced.cookie_prefix``.
        version: Its ``session.cookie_cache.version``.
        algorithms: Accepted signature algorithms. A key that names its own counts for no other.
    """

    __slots__ = ("_algorithms", "_data", "_issuers", "_keys", "_token", "_version")

    def __init__(
        self,
        keys: RemoteKeys,
        *,
        issuer: str,
        secure: bool,
        prefix: str = "better-auth",
        version: str = "1",
        algorithms: Collection[SignatureAlgorithm] = ALGORITHMS,
    ) -> None:
        name = f"__Secure-{prefix}" if secure else prefix
        self._token = f"{name}.session_token"
        self._data = f"{name}.session_data"
        self._keys = keys
        # A server that does not know its origin signs in the name of the cache.
        self._issuers = (issuer, _AUDIENCE)
        self._version = version
        self._algorithms = frozenset(algorithms)

    async def session(self, header: str, *, now: datetime) -> SessionData | None:
        """The cached session, or ``None`` when there is none that counts, or it is signed otherwise.

        Args:
            header: The ``Cookie`` header.
            now: Aware UTC time.

        Returns:
            The session as it was when the cookie was written: signature, type, version and both expiries hold, and it
            belongs to the session cookie beside it, whose own signature only whoever knows the secret can check.

        Raises:
            EgressError: The keys cannot be fetched.
        """
        beside = find(header, self._token)
        text = None if beside is None else join(parse(header), self._data)
        if beside is None or text is None or (unverified_header(text) or {}).get("typ") != _TYPE:
            return None
        claims = await verified(
            text,
            self._keys,
            algorithms=self._algorithms,
            now=now,
            leeway_seconds=_LEEWAY_SECONDS,
            issuer=self._issuers,
            audience=_AUDIENCE,
            typ=_TYPE,
        )
        try:
            payload = msgspec.convert(claims, _Payload)
        except msgspec.ValidationError:
            return None
        data = read_session_data(payload.session, payload.user)
        if payload.version != self._version or data is None or data.session.expires_at <= now:
            return None
        token = data.session.token
        # The signature stands behind the last dot; a token may hold others.
        belongs = same(payload.sid, token) and same(beside.rpartition(".")[0], token)
        return data if belongs and payload.sub == data.user.id else None
