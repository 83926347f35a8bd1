"""Operations and results of the JWT plugin. Source: contract, endpoints.json."""

from __future__ import annotations

from collections.abc import Mapping

from gatewright.contract.faults import Unauthorized, ValidationError
from gatewright.wire.kinds import Empty
from gatewright.wire.operation import Extra, Operation, get, server_only
from gatewright.wire.result import Result

__all__ = ("GetJwks", "GetToken", "KeySet", "SignJWT", "Token", "VerifiedToken", "VerifyJWT")


class KeySet(Result):
    """Public keys (RFC 7517 §5)."""

    keys: tuple[Mapping[str, str], ...]


class Token(Result):
    """A signed token."""

    token: str


class VerifiedToken(Result):
    """The claims of a token, or null where it is refused."""

    payload: Mapping[str, object] | None


@get("/jwks")
class GetJwks(Operation[KeySet | Empty]):
    """The keys that tokens are verified with; those that no longer sign stay for a while. Nothing at an unused path."""


@get("/token", raises=(Unauthorized,), needs_headers=True)
class GetToken(Operation[Token]):
    """A token about the signed-in user."""


@server_only(name="signJWT", raises=(ValidationError,))
class SignJWT(Operation[Token]):
    """Sign claims of the application's own.

    ``override_options`` replaces options of tokens for this one; ``algorithm`` is that of one of the kinds of keys that
    the options name.
    """

    payload: Extra
    override_options: Extra | None = None
    algorithm: str | None = None


@server_only(name="verifyJWT")
class VerifyJWT(Operation[VerifiedToken]):
    """Verify a token of this instance."""

    token: str
    issuer: str | None = None
