"""Faults of codes. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = ("InvalidOtp", "OtpExpired", "TooManyAttempts")


class InvalidOtp(Fault, status=400):
    """The code is wrong, or there is none."""

    message = "Invalid OTP"


class OtpExpired(Fault, status=400):
    """The code is too old."""

    message = "OTP expired"


class TooManyAttempts(Fault, status=403):
    """There were too many wrong tries; the code is dead."""

    message = "Too many attempts"
