"""One question for a service behind an authentication server: whose request is this?

The cheapest proof is looked at first: a cached session costs no request, a token one for its key now and then, anything
else one each time. Source: contract, ``endpoints.json`` ``conventions.session_resolution``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Self, TypeAlias, cast

from gatewright.contract.faults import ServiceUnavailable, Unauthorized
from gatewright.crypto.cipher import Secrets
from gatewright.http.base_url import BaseURL
from gatewright.http.headers import Headers
from gatewright.ports.clock import Clock, SystemClock
from gatewright.ports.egress import Egress, EgressError, HttpxEgress
from gatewright.verify.cached import SessionCookies, Strategy
from gatewright.verify.identity import Identity
from gatewright.verify.introspection import TokenIntrospection
from gatewright.verify.key_signed import KeySignedCookies
from gatewright.verify.keys import RemoteKeys
from gatewright.verify.remote import RemoteSessions
from gatewright.verify.tokens import TokenVerifier

__all__ = ("CheckKey", "Verifier")

CheckKey: TypeAlias = Callable[[str], Awaitable[Identity | None]]
"""Whose an API key is, or ``None``; may raise :class:`gatewright.ports.egress.EgressError` where nobody can tell now."""

_RETRY = (("retry-after", "1"),)


class Verifier:
    """Recognises callers by whichever proofs it was given readers for.

    Args:
        cookies: Reads cached sessions that are signed with the secret.
        key_signed: Reads cached sessions that are signed with published keys.
        tokens: Reads JSON Web Tokens in ``Authorization: Bearer``.
        introspection: Asks about other tokens in ``Authorization: Bearer``.
        api_keys: Checks API keys; without it they are asked about like everything else, which suffices where the other server
            makes sessions of them.
        key_header: Where API keys are.
        remote: Asks the other server about everything else.
        clock: Tells the time.
    """

    __slots__ = (
        "_api_keys",
        "_clock",
        "_cookies",
        "_introspection",
        "_key_header",
        "_key_signed",
        "_owned",
        "_remote",
        "_tokens",
    )

    def __init__(
        self,
        *,
        cookies: SessionCookies | None = None,
        key_signed: KeySignedCookies | None = None,
        tokens: TokenVerifier | None = None,
        introspection: TokenIntrospection | None = None,
        api_keys: CheckKey | None = None,
        key_header: str = "x-api-key",
        remote: RemoteSessions | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._cookies = cookies
        self._key_signed = key_signed
        self._tokens = tokens
        self._introspection = introspection
        self._api_keys = api_keys
        self._key_header = key_header.lower()
        self._remote = remote
        self._clock = clock or SystemClock()
        self._owned: HttpxEgress | None = None

    @classmethod
    def of(
        cls,
        base_url: str,
        *,
        secret: str | Secrets | None = None,
        strategy: Strategy = "compact",
        issuer: str | None = None,
        audience: str | Collection[str] | None = None,
        client: tuple[str, str] | None = None,
        api_keys: CheckKey | None = None,
        egress: Egress | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """A verifier with every reader, for a server with the contract's default names.

        Args:
            base_url: The server's, with base path unless it is ``/api/auth``.
            secret: What it signs cookies with, where this service may know it; else cookies are asked about, but for
                cached sessions that are signed with its published keys.
            strategy: Form of its cached sessions.
            issuer: Of its tokens; by default its origin.
            audience: Of its tokens; by default its origin.
            client: This service's OAuth client there, identifier and secret: opaque access tokens are asked about.
            api_keys: Checks API keys.
            egress: Sends requests; by default a client that is made at first use.
            clock: Tells the time.

        Raises:
            ValueError: ``base_url`` is not an absolute URL.
        """
        base = BaseURL.parse(base_url)
        owned = HttpxEgress() if egress is None else None
        egress = egress or cast("Egress", owned)
        public_keys = RemoteKeys(f"{base.url}/jwks", egress=egress, clock=clock)
        self = cls(
            cookies=None if secret is None else SessionCookies(secret, secure=base.secure, strategy=strategy),
            key_signed=KeySignedCookies(public_keys, issuer=base.origin, secure=base.secure),
            tokens=TokenVerifier(
                public_keys, issuer=issuer or base.origin, audience=audience or base.origin, clock=clock
            ),
            introspection=None
            if client is None
            else TokenIntrospection(
                f"{base.url}/oauth2/introspect",
                egress=egress,
                client_id=client[0],
                client_secret=client[1],
                audience=audience,
                clock=clock,
            ),
            api_keys=api_keys,
            remote=RemoteSessions(base.url, egress=egress),
            clock=clock,
        )
        self._owned = owned
        return self

    async def close(self) -> None:
        """Close the client that :meth:`of` made."""
        if self._owned is not None:
            await self._owned.close()

    async def identify(self, headers: Headers | Mapping[str, str]) -> Identity | None:
        """Whose request this is, or ``None``.

        Args:
            headers: Of the request.

        Raises:
            ServiceUnavailable: The other server had to be asked and gave no usable answer.
        """
        fields = Headers.of(headers)
        cookie = fields.get("cookie")
        if self._cookies is not None and cookie is not None and self._cookies.present(cookie):
            data = self._cookies.session(cookie, now=self._clock.now())
            if data is not None:
                return Identity.of_session(data, "cookie")
            if self._cookies.token(cookie) is None:
                # Forged: the other server would say no more than that.
                fields, cookie = _without(fields, "cookie"), None
        try:
            if self._key_signed is not None and cookie is not None:
                data = await self._key_signed.session(cookie, now=self._clock.now())
                if data is not None:
                    return Identity.of_session(data, "cookie")
            token = _bearer(fields.get("authorization"))
            if token is not None and self._tokens is not None and token.count(".") == 2:
                found = await self._tokens.verify(token)
                if found is not None:
                    return found
                # A refused token is no session token either: asking about it would only serve whoever makes them up.
                fields = _without(fields, "authorization")
            elif token is not None and self._introspection is not None:
                found = await self._introspection.verify(token)
                if found is not None:
                    return found
            if self._api_keys is not None and (key := fields.get(self._key_header)):
                found = await self._api_keys(key)
                if found is not None:
                    return found
                fields = _without(fields, self._key_header)
            if self._remote is not None:
                asked = await self._remote.session(fields)
                return None if asked is None else Identity.of_session(asked, "remote")
        except EgressError as error:
            raise ServiceUnavailable(headers=_RETRY, because=str(error)) from None
        return None

    async def require(self, headers: Headers | Mapping[str, str]) -> Identity:
        """Whose request this is.

        Raises:
            Unauthorized: Nobody's that can be recognised.
            ServiceUnavailable: The other server had to be asked and gave no usable answer.
        """
        found = await self.identify(headers)
        if found is None:
            raise Unauthorized
        return found


def _bearer(authorization: str | None) -> str | None:
    if authorization is None or authorization[:7].lower() != "bearer ":
        return None
    return authorization[7:].strip() or None


def _without(headers: Headers, left_out: str) -> Headers:
    return Headers.of([(name, value) for name, value in headers.items() if name != left_out])
