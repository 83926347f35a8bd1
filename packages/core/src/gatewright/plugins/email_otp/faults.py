"""Faults of codes. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.flows.one_time_code import CodeRefusal
from gatewright.wire.faults import ApiError, Fault

__all__ = ("InvalidOtp", "OtpExpired", "TooManyAttempts", "refused")


class InvalidOtp(Fault, status=400):
    """The code is wrong, or there is none."""

    message = "Invalid OTP"


class OtpExpired(Fault, status=400):
    """The code is too old."""

    message = "OTP expired"


class TooManyAttempts(Fault, status=403):
    """There were too many wrong tries; the code is dead."""

    message = "Too many attempts"


def refused(why: CodeRefusal) -> ApiError:
    """The fault of a refusal."""
    return {"wrong": InvalidOtp, "expired": OtpExpired, "spent": TooManyAttempts}[why]()
