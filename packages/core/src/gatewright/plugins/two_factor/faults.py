"""The faults of the two factor plugin. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = (
    "AccountTemporarilyLocked",
    "BackupCodesNotEnabled",
    "InvalidBackupCode",
    "InvalidCode",
    "InvalidTwoFactorCookie",
    "OtpHasExpired",
    "OtpNotConfigured",
    "TooManyAttemptsRequestNewCode",
    "TotpNotConfigured",
    "TotpNotEnabled",
    "TwoFactorNotEnabled",
)


class OtpNotConfigured(Fault, status=400):
    """Codes cannot be sent: there is no function that sends them."""

    message = "OTP is not available"


class OtpHasExpired(Fault, status=400):
    """No code was sent, or it was too long ago."""

    message = "OTP has expired"


class TotpNotEnabled(Fault, status=400):
    """The user has no authenticator app, or has never proven to have it."""

    message = "TOTP not enabled"


class TotpNotConfigured(Fault, status=400):
    """Authenticator apps are switched off."""

    message = "TOTP is not available"


class TwoFactorNotEnabled(Fault, status=400):
    """The user has no second factor."""

    message = "Two factor isn't enabled"


class BackupCodesNotEnabled(Fault, status=400):
    """The user has no backup codes."""

    message = "Backup codes aren't enabled"


class InvalidBackupCode(Fault, status=401):
    """It is none of the user's backup codes, or was used before."""

    message = "Invalid backup code"


class InvalidCode(Fault, status=401):
    """It is not the code, or was used before."""

    message = "Invalid code"


class TooManyAttemptsRequestNewCode(Fault, status=400):
    """Too many wrong codes for this challenge or for this message."""

    message = "Too many attempts. Please request a new code."


class AccountTemporarilyLocked(Fault, status=429):
    """Too many wrong codes for this user, over all challenges."""

    message = "Too many failed verification attempts. Your account is temporarily locked. Please try again later."


class InvalidTwoFactorCookie(Fault, status=401):
    """There is neither a session nor a challenge that waits for a second factor."""

    message = "Invalid two factor cookie"
