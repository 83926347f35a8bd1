"""JSON Web Tokens of another server, checked with its public keys.

Source: RFC 7519, RFC 8725; contract ``crypto.json`` (``jwks``) and the ``jwt`` plugin's claims.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from gatewright.crypto.jwk import JwkError, import_public
from gatewright.crypto.jwt import SignatureAlgorithm, unverified_header, verify_jwt
from gatewright.model.user import User
from gatewright.ports.clock import Clock, SystemClock
from gatewright.verify.identity import Identity, read_user
from gatewright.verify.keys import RemoteKeys

__all__ = ("ALGORITHMS", "TokenVerifier", "verified")

ALGORITHMS: tuple[SignatureAlgorithm, ...] = ("EdDSA", "ES256", "ES512", "PS256", "RS256")
"""What better-auth's ``jwt`` plugin can sign with."""

_REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})


class TokenVerifier:
    """Checks tokens that one server issues.

    Args:
        keys: Its public keys.
        issuer: Its ``iss``; better-auth's default is its base URL's origin.
        audience: What ``aud`` must be or contain; better-auth's default is the same.
        algorithms: Accepted signature algorithms. A key that names its own counts for no other.
        leeway_seconds: How far the clocks may differ.
        clock: Tells the time.
    """

    __slots__ = ("_algorithms", "_audience", "_clock", "_issuer", "_keys", "_leeway")

    def __init__(
        self,
        keys: RemoteKeys,
        *,
        issuer: str,
        audience: str | Collection[str],
        algorithms: Collection[SignatureAlgorithm] = ALGORITHMS,
        leeway_seconds: int = 0,
        clock: Clock | None = None,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._algorithms = frozenset(algorithms)
        self._leeway = leeway_seconds
        self._clock = clock or SystemClock()

    async def verify(self, token: str) -> Identity | None:
        """Whom a token proves, or ``None`` when it proves nobody.

        Args:
            token: Compact form, untrusted.

        Returns:
            The user of ``sub`` with what the claims tell of it. A token without ``exp``, ``sub`` or ``kid`` is refused.

        Raises:
            EgressError: The keys cannot be fetched.
        """
        claims = await verified(
            token,
            self._keys,
            algorithms=self._algorithms,
            now=self._clock.now(),
            leeway_seconds=self._leeway,
            issuer=self._issuer,
            audience=self._audience,
        )
        if claims is None or "exp" not in claims:
            return None
        subject = claims.get("sub")
        told = {name: value for name, value in claims.items() if name not in _REGISTERED}
        user: User | None = read_user({**told, "id": subject}) if isinstance(subject, str) else None
        # The contract's payload is the user itself; an ``id`` beside another ``sub`` is somebody's mistake.
        if user is None or told.get("id", subject) != subject:
            return None
        return Identity(user, None, "token", claims)


async def verified(
    token: str,
    keys: RemoteKeys,
    *,
    algorithms: frozenset[SignatureAlgorithm],
    now: datetime,
    leeway_seconds: int,
    issuer: str | Collection[str],
    audience: str | Collection[str],
    typ: str | None = None,
) -> Mapping[str, object] | None:
    """The claims of a token that one of the keys has signed, else ``None``; arguments as in ``open_jwt``.

    Raises:
        EgressError: The keys cannot be fetched.
    """
    header = unverified_header(token)
    if header is None:
        return None
    kid, algorithm = header.get("kid"), header.get("alg")
    if not isinstance(kid, str) or algorithm not in algorithms:
        return None
    jwk = await keys.find(kid)
    # RFC 8725 §3.1: the key's own algorithm counts, not the one that a token asks for.
    if jwk is None or jwk.get("alg", algorithm) != algorithm:
        return None
    try:
        key = import_public(jwk)
    except JwkError:
        return None
    return verify_jwt(
        token,
        key,
        algorithm=algorithm,
        now=now,
        leeway_seconds=leeway_seconds,
        issuer=issuer,
        audience=audience,
        typ=typ,
    )
