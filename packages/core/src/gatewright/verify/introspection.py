"""Opaque access tokens, asked about at the server that issued them.

Nothing is remembered: a token that was revoked counts no longer with the next request. Source: RFC 7662; contract,
``/oauth2/introspect``.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping
from typing import cast
from urllib.parse import quote_plus, urlencode

from gatewright.ports.clock import Clock, SystemClock
from gatewright.ports.egress import Egress, EgressError, Outbound
from gatewright.verify.identity import Identity, read_user
from gatewright.wire.dates import millis
from gatewright.wire.json import JsonError, decode

__all__ = ("TokenIntrospection",)

_NOT_OF_USERS = frozenset(
    {"active", "iss", "aud", "exp", "nbf", "iat", "jti", "scope", "client_id", "token_type", "id"}
)


class TokenIntrospection:
    """Asks one server about tokens.

    Args:
        url: Its introspection endpoint.
        egress: Sends the requests.
        client_id: This service, as the server knows it.
        client_secret: Proves that; sent in the ``Authorization`` header.
        issuer: What ``iss`` must be, where the answer has one.
        audience: What ``aud`` must be or contain; where it is given, an answer without one is refused.
        clock: Tells the time.
    """

    __slots__ = ("_audience", "_authorization", "_clock", "_egress", "_issuer", "_url")

    def __init__(
        self,
        url: str,
        *,
        egress: Egress,
        client_id: str,
        client_secret: str,
        issuer: str | None = None,
        audience: str | Collection[str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        # RFC 6749 §2.3.1: both are form-encoded before they are joined.
        pair = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
        self._url = url
        self._egress = egress
        self._authorization = f"Basic {b64encode(pair.encode()).decode()}"
        self._issuer = issuer
        self._audience = None if audience is None else {audience} if isinstance(audience, str) else set(audience)
        self._clock = clock or SystemClock()

    async def verify(self, token: str) -> Identity | None:
        """Whom a token proves, or ``None`` when it proves nobody: also one that was issued to a client for itself.

        Args:
            token: As received, untrusted.

        Raises:
            EgressError: The server gives no usable answer.
        """
        body = urlencode({"token": token, "token_type_hint": "access_token"}).encode()
        headers = {
            "accept": "application/json",
            "authorization": self._authorization,
            "content-type": "application/x-www-form-urlencoded",
        }
        reply = await self._egress.send(Outbound("POST", self._url, headers, body))
        if reply.status != 200:
            raise EgressError(f"the introspection endpoint answers {reply.status}")
        try:
            answer = decode(reply.body)
        except JsonError:
            answer = None
        if not isinstance(answer, dict) or not isinstance(answer.get("active"), bool):
            raise EgressError("the introspection endpoint's answer is none")
        claims = cast("Mapping[str, object]", answer)
        subject = claims.get("sub")
        # RFC 7662 §2.2: only ``active`` itself says yes; the rest is checked again, because it costs nothing.
        if claims["active"] is not True or not isinstance(subject, str) or not self._counts(claims):
            return None
        told = {name: value for name, value in claims.items() if name not in _NOT_OF_USERS}
        user = read_user({**told, "id": subject})
        return None if user is None else Identity(user, None, "introspection", claims)

    def _counts(self, claims: Mapping[str, object]) -> bool:
        now = millis(self._clock.now()) / 1000
        ends, begins = claims.get("exp"), claims.get("nbf")
        if ends is not None and not (isinstance(ends, (int, float)) and ends > now):
            return False
        if begins is not None and not (isinstance(begins, (int, float)) and begins <= now):
            return False
        issuer = claims.get("iss")
        if self._issuer is not None and issuer is not None and issuer != self._issuer:
            return False
        if self._audience is None:
            return True
        audience = claims.get("aud")
        named: list[object] = cast("list[object]", audience) if isinstance(audience, list) else [audience]
        return any(isinstance(each, str) and each in self._audience for each in named)
