"""Operations and results of the SIWE plugin. Source: contract, endpoints.json."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gatewright.plugins.siwe import faults
from gatewright.wire.operation import SESSION, Operation, post
from gatewright.wire.result import Result
from gatewright.wire.text import Email, NonEmpty

__all__ = ("GetNonce", "GetSiweNonce", "SiweNonce", "SiweSignedIn", "SiweUser", "VerifySiweMessage")


class SiweNonce(Result):
    """A nonce for one message."""

    nonce: str


class SiweUser(Result):
    """Who signed in, with which wallet on which chain."""

    id: str
    wallet_address: str
    chain_id: int


class SiweSignedIn(Result):
    """A wallet signed in; ``token`` is the session's."""

    token: str
    success: bool = True
    user: SiweUser


@post("/siwe/nonce", raises=(faults.SiweInvalidNonce,), strict=True)
class GetSiweNonce(Operation[SiweNonce]):
    """A nonce for one message, good for fifteen minutes."""


@post("/siwe/get-nonce", raises=(faults.SiweInvalidNonce,), strict=True)
class GetNonce(Operation[SiweNonce]):
    """The same under another name."""


@post(
    "/siwe/verify",
    raises=(
        faults.UnauthorizedSiweMessageMismatch,
        faults.UnauthorizedInvalidOrExpiredNonce,
        faults.UnauthorizedSiweMessageExpired,
        faults.UnauthorizedSiweMessageNotYetValid,
    ),
    signals=SESSION,
    strict=True,
)
class VerifySiweMessage(Operation[SiweSignedIn]):
    """Sign in with a signed message; ``email`` is the address of a new user, where wallets alone are not enough."""

    message: NonEmpty
    signature: NonEmpty
    email: Email | UnsetType = UNSET
