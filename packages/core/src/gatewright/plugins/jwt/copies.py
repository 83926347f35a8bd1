"""Cached sessions signed with the published keys, so that others can verify them without the secret.

Source: contract, cookies.json ``session_data`` (``withJwtPlugin``); RFC 8725 §3.11 for the type of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gatewright.crypto.jwk import JwkError
from gatewright.crypto.jwt import sign_jwt, unverified_header, verify_jwt
from gatewright.pipeline.call import Call
from gatewright.plugins.jwt.keys import KeyKeeper
from gatewright.plugins.jwt.tokens import COPY_TYPE
from gatewright.services.services import Services
from gatewright.services.session_cache import COPY_LEEWAY

__all__ = ("AUDIENCE", "KeySignedCopies")

AUDIENCE = "better-auth:session-cache"


class KeySignedCopies:
    """Signs and opens; satisfies ``services.session_cache.CopySigner``.

    Args:
        keys: The keeper of the keys of a running instance.
    """

    __slots__ = ("_keys",)

    def __init__(self, keys: Callable[[Services], KeyKeeper]) -> None:
        self._keys = keys

    async def sign(self, call: Call[Any], claims: Mapping[str, object], *, subject: str) -> str:
        """The token."""
        keys = self._keys(call.services)
        row, key = await keys.signing(call)
        whole = {**claims, "iss": _issuer(call), "aud": AUDIENCE, "sub": subject}
        return sign_jwt(whole, key, algorithm=keys.algorithm(row), kid=str(row.id), header={"typ": COPY_TYPE})

    async def open(self, call: Call[Any], text: str) -> Mapping[str, object] | None:
        """The claims of a token that one of the published keys has signed, and that is nothing but a cached session."""
        header = unverified_header(text)
        if header is None or not isinstance(header.get("kid"), str):
            return None
        keys = self._keys(call.services)
        row = await keys.named(call, str(header["kid"]))
        if row is None:
            return None
        try:
            key = keys.public(row)
        except JwkError:
            return None
        return verify_jwt(
            text,
            key,
            algorithm=keys.algorithm(row),
            now=call.now,
            issuer=_issuer(call),
            audience=AUDIENCE,
            leeway_seconds=int(COPY_LEEWAY.total_seconds()),
            typ=COPY_TYPE,
        )


def _issuer(call: Call[Any]) -> str:
    return call.base.origin or AUDIENCE
