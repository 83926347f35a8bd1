"""The faults of the SIWE plugin. Source: contract, errors.json ``literal_errors``."""

from __future__ import annotations

from gatewright.wire.faults import ApiError, Fault

__all__ = (
    "SiweInvalidNonce",
    "UnauthorizedInvalidOrExpiredNonce",
    "UnauthorizedSiweMessageExpired",
    "UnauthorizedSiweMessageMismatch",
    "UnauthorizedSiweMessageNotYetValid",
    "invalid_signature",
    "something_went_wrong",
)


class _Stated(Fault):
    """A fault whose body repeats its status (contract)."""

    def __init__(self, *, because: str | None = None) -> None:
        super().__init__(extra={"status": self.default_status}, because=because)


class SiweInvalidNonce(_Stated, status=500):
    """The application's own function made a nonce that no message can carry."""

    message = "SIWE getNonce must return an ERC-4361 nonce: 8-250 alphanumeric characters."


class UnauthorizedSiweMessageMismatch(_Stated, status=401):
    """The message is none, or for another site."""

    message = "Unauthorized: SIWE message does not match the expected nonce, domain, address, or chain ID"


class UnauthorizedInvalidOrExpiredNonce(_Stated, status=401):
    """The nonce is not ours, too old, or was used."""

    message = "Unauthorized: Invalid or expired nonce"


class UnauthorizedSiweMessageExpired(_Stated, status=401):
    """The message says that it is no longer good."""

    message = "Unauthorized: SIWE message has expired"


class UnauthorizedSiweMessageNotYetValid(_Stated, status=401):
    """The message says that it is not good yet."""

    message = "Unauthorized: SIWE message is not yet valid"


def invalid_signature() -> ApiError:
    """The signature is not the wallet's."""
    return ApiError(401, message="Unauthorized: Invalid SIWE signature", extra={"status": 401})


def something_went_wrong(error: Exception) -> ApiError:
    """A function of the application's failed; how, only the log is told."""
    return ApiError(
        401, message="Something went wrong. Please try again later.", extra={"status": 401}, because=repr(error)
    )
