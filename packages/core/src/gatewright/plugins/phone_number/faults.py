"""Faults of the phone number plugin. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = (
    "FailedToUpdateUser",
    "InvalidOtp",
    "InvalidPhoneNumber",
    "InvalidPhoneNumberOrPassword",
    "OtpExpired",
    "OtpNotFound",
    "PhoneNumberCannotBeUpdated",
    "PhoneNumberExist",
    "PhoneNumberNotExist",
    "PhoneNumberNotVerified",
    "SendOtpNotImplemented",
    "TooManyAttempts",
    "UnexpectedError",
)


class InvalidPhoneNumber(Fault, status=400):
    """The validator does not accept the number."""

    message = "Invalid phone number"


class PhoneNumberExist(Fault, status=400):
    """Somebody has the number."""

    message = "Phone number already exists"


class PhoneNumberNotExist(Fault, status=400):
    """Nobody has the number. No operation says so; clients know the code."""

    message = "phone number isn't registered"


class InvalidPhoneNumberOrPassword(Fault, status=401):
    """The number is unknown or the password does not match; which of the two is not told."""

    message = "Invalid phone number or password"


class UnexpectedError(Fault, status=400):
    """The number is nobody's any more."""

    message = "Unexpected error"


class OtpNotFound(Fault, status=400):
    """There is no code for the number, or it was used."""

    message = "OTP not found"


class OtpExpired(Fault, status=400):
    """The code is too old."""

    message = "OTP expired"


class InvalidOtp(Fault, status=400):
    """The code is wrong."""

    message = "Invalid OTP"


class PhoneNumberNotVerified(Fault, status=401):
    """The number has to be verified first."""

    message = "Phone number not verified"


class PhoneNumberCannotBeUpdated(Fault, status=400):
    """A number is changed by verifying the new one."""

    message = "Phone number cannot be updated"


class SendOtpNotImplemented(Fault, status=501):
    """No sender is configured."""

    message = "sendOTP not implemented"


class TooManyAttempts(Fault, status=403):
    """There were too many wrong tries; the code is dead."""

    message = "Too many attempts"


class FailedToUpdateUser(Fault, status=500):
    """The number is nobody's, and nobody may sign up with one."""

    message = "Failed to update user"
