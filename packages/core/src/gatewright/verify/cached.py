"""The session cookies of another server, checked with the secret that both share: no request, no database.

It reads the signed session cookie and the cached session in its three forms. Source: contract, ``cookies.json``
(``signing``; ``session_data``: strategies, acceptance, chunking).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from gatewright.contract.results import SessionData
from gatewright.crypto.cipher import Secrets
from gatewright.crypto.compact import decode_compact
from gatewright.crypto.compare import same
from gatewright.crypto.hmac import CookieSigner
from gatewright.crypto.jwe import SESSION_SALT, ClaimsBox
from gatewright.crypto.jwt import verify_hs256
from gatewright.http.cookies import find, join, parse
from gatewright.verify.identity import read_session_data
from gatewright.wire.dates import millis

__all__ = ("SessionCookies", "Strategy")

Strategy = Literal["compact", "jwt", "jwe"]
"""The form of the cached session, as the other server's ``session.cookie_cache.strategy`` says."""


class _Payload(msgspec.Struct, rename="camel"):
    session: dict[str, object]
    user: dict[str, object]
    version: str = "1"


class SessionCookies:
    """Reads one server's session cookies.

    Args:
        secret: What the other server signs with; its secrets where it has several.
        secure: Its cookies carry the ``__Secure-`` prefix, as they do when its base URL is ``https``.
        prefix: Its ``advanced.cookie_prefix``.
        strategy: Form of its cached sessions.
        version: Its ``session.cookie_cache.version``.

    Raises:
        MissingLibrary: ``jwe`` without the extra ``jwe``.
    """

    __slots__ = ("_box", "_data", "_secret", "_signer", "_strategy", "_token", "_version")

    def __init__(
        self,
        secret: str | Secrets,
        *,
        secure: bool,
        prefix: str = "better-auth",
        strategy: Strategy = "compact",
        version: str = "1",
    ) -> None:
        secrets = Secrets.single(secret) if isinstance(secret, str) else secret
        name = f"__Secure-{prefix}" if secure else prefix
        self._token = f"{name}.session_token"
        self._data = f"{name}.session_data"
        self._secret = secrets.current
        self._signer = CookieSigner(secrets.current)
        self._strategy: Strategy = strategy
        self._version = version
        self._box = ClaimsBox(secrets, salt=SESSION_SALT) if strategy == "jwe" else None

    def present(self, header: str) -> bool:
        """Whether a ``Cookie`` header holds a session cookie, genuine or not."""
        return find(header, self._token) is not None

    def token(self, header: str) -> str | None:
        """The session token whose signature is genuine; whether the session still exists is not known here.

        Args:
            header: The ``Cookie`` header.
        """
        signed = find(header, self._token)
        return None if signed is None else self._signer.verify(signed)

    def session(self, header: str, *, now: datetime) -> SessionData | None:
        """The cached session, or ``None`` when there is none that counts.

        Args:
            header: The ``Cookie`` header.
            now: Aware UTC time.

        Returns:
            The session as it was when the cookie was written: signature, version and both expiries hold, and it belongs
            to the signed session cookie beside it.
        """
        token = self.token(header)
        if token is None:
            return None
        text = join(parse(header), self._data)
        payload = None if text is None else self._open(text, now)
        if payload is None or payload.version != self._version:
            return None
        data = read_session_data(payload.session, payload.user)
        if data is None or not same(data.session.token, token) or data.session.expires_at <= now:
            return None
        return data

    def _open(self, text: str, now: datetime) -> _Payload | None:
        """The payload of an authentic cookie."""
        value: object
        if self._box is not None:
            value = _lasting(self._box.open(text, now=now))
        elif self._strategy == "jwt":
            value = _lasting(verify_hs256(text, self._secret, now=now))
        else:
            compact = decode_compact(text, secret=self._secret, now_ms=millis(now))
            value = None if compact is None else _decoded(compact.payload)
        try:
            return msgspec.convert(value, _Payload)
        except msgspec.ValidationError:
            return None


def _lasting(claims: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """Claims with an end: a token for ever is none of ours."""
    return claims if claims is not None and "exp" in claims else None


def _decoded(payload: bytes) -> object:
    try:
        value: object = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError):
        return None
    return value
