"""Faults of the plugin. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = ("MissingResponse", "UnknownError", "VerificationFailed")


class MissingResponse(Fault, status=400):
    """The request lacks the header with the visitor's answer."""

    message = "Missing CAPTCHA response"


class VerificationFailed(Fault, status=403):
    """The provider does not take the visitor's answer, or it is for something else."""

    message = "Captcha verification failed"


class UnknownError(Fault, status=500):
    """The provider cannot be asked."""

    message = "Something went wrong"
