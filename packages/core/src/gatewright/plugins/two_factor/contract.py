"""Operations and results of the two factor plugin. Source: contract, endpoints.json."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from gatewright.contract.faults import InvalidPassword
from gatewright.contract.results import Done
from gatewright.model.user import User
from gatewright.plugins.two_factor import faults
from gatewright.wire.operation import SESSION, Operation, get, post, server_only
from gatewright.wire.result import Result

__all__ = (
    "BackupCodes",
    "DisableTwoFactor",
    "EnableTwoFactor",
    "Enabled",
    "GenerateBackupCodes",
    "GenerateTOTP",
    "GetTOTPURI",
    "SecondFactorOwed",
    "SendTwoFactorOTP",
    "TotpCode",
    "TotpUri",
    "Verified",
    "VerifyBackupCode",
    "VerifyTOTP",
    "VerifyTwoFactorOTP",
    "ViewBackupCodes",
    "ViewOwnBackupCodes",
    "ViewOwnTOTPURI",
)


class SecondFactorOwed(Result):
    """Instead of a session: which second factors the user can give."""

    two_factor_redirect: bool = True
    two_factor_methods: tuple[str, ...]


class Enabled(Result, rename={"totp_uri": "totpURI", "backup_codes": "backupCodes"}):
    """How the second factor is given; with an authenticator app what it needs, and codes for a day without it."""

    method: Literal["otp", "totp"]
    totp_uri: str | UnsetType = UNSET
    backup_codes: tuple[str, ...] | UnsetType = UNSET


class TotpUri(Result, rename={"totp_uri": "totpURI"}):
    """What an authenticator app reads, mostly from a picture of it."""

    totp_uri: str


class TotpCode(Result):
    """A code."""

    code: str


class BackupCodes(Result):
    """A user's backup codes."""

    status: bool = True
    backup_codes: tuple[str, ...]


class Verified(Result):
    """The user has proven it; ``token`` is the session's, where there is one."""

    token: str | UnsetType = UNSET
    user: User


@post(
    "/two-factor/enable",
    raises=(InvalidPassword, faults.OtpNotConfigured, faults.TotpNotConfigured),
    signals=SESSION,
)
class EnableTwoFactor(Operation[Enabled]):
    """Begin to use a second factor; an authenticator app counts from its first code on."""

    password: str | UnsetType = UNSET
    method: Literal["otp", "totp"] = "totp"
    issuer: str | UnsetType = UNSET


@post("/two-factor/disable", raises=(InvalidPassword,), signals=SESSION)
class DisableTwoFactor(Operation[Done]):
    """No longer use a second factor; trusted devices are forgotten."""

    password: str | UnsetType = UNSET


@post(
    "/two-factor/get-totp-uri",
    name="getTOTPURI",
    raises=(InvalidPassword, faults.TotpNotConfigured, faults.TotpNotEnabled),
)
class GetTOTPURI(Operation[TotpUri]):
    """What another authenticator app needs."""

    password: str | UnsetType = UNSET


@get(
    "/two-factor/get-totp-uri",
    name="viewOwnTOTPURI",
    raises=(InvalidPassword, faults.TotpNotConfigured, faults.TotpNotEnabled),
    client=False,
)
class ViewOwnTOTPURI(Operation[TotpUri]):
    """The same for users who have no password to give; for all others the password belongs in a body."""


@post(
    "/two-factor/verify-totp",
    name="verifyTOTP",
    raises=(
        faults.TotpNotConfigured,
        faults.TotpNotEnabled,
        faults.InvalidCode,
        faults.InvalidTwoFactorCookie,
        faults.TooManyAttemptsRequestNewCode,
        faults.AccountTemporarilyLocked,
    ),
    signals=SESSION,
)
class VerifyTOTP(Operation[Verified]):
    """Finish signing in, or enabling, with a code of the authenticator app."""

    code: str
    trust_device: bool | UnsetType = UNSET


@post(
    "/two-factor/send-otp",
    name="sendTwoFactorOTP",
    raises=(faults.OtpNotConfigured, faults.InvalidTwoFactorCookie),
)
class SendTwoFactorOTP(Operation[Done]):
    """Send a code; the one before it no longer works."""

    trust_device: bool | UnsetType = UNSET


@post(
    "/two-factor/verify-otp",
    name="verifyTwoFactorOTP",
    raises=(
        faults.OtpHasExpired,
        faults.TooManyAttemptsRequestNewCode,
        faults.InvalidCode,
        faults.InvalidTwoFactorCookie,
        faults.AccountTemporarilyLocked,
    ),
    signals=SESSION,
)
class VerifyTwoFactorOTP(Operation[Verified]):
    """Finish signing in with a code that was sent."""

    code: str
    trust_device: bool | UnsetType = UNSET


@post(
    "/two-factor/verify-backup-code",
    raises=(
        faults.BackupCodesNotEnabled,
        faults.InvalidBackupCode,
        faults.InvalidTwoFactorCookie,
        faults.TooManyAttemptsRequestNewCode,
        faults.AccountTemporarilyLocked,
    ),
    signals=SESSION,
)
class VerifyBackupCode(Operation[Verified]):
    """Finish signing in with a backup code, which is used up; with ``disable_session`` only use it up."""

    code: str
    disable_session: bool | UnsetType = UNSET
    trust_device: bool | UnsetType = UNSET


@post("/two-factor/generate-backup-codes", raises=(InvalidPassword, faults.TwoFactorNotEnabled))
class GenerateBackupCodes(Operation[BackupCodes]):
    """Replace the backup codes."""

    password: str | UnsetType = UNSET


@get(
    "/two-factor/view-backup-codes",
    raises=(InvalidPassword, faults.BackupCodesNotEnabled),
    client=False,
)
class ViewOwnBackupCodes(Operation[BackupCodes]):
    """The backup codes of the signed-in user, for users who have no password to give."""


@server_only(name="generateTOTP", raises=(faults.TotpNotConfigured,))
class GenerateTOTP(Operation[TotpCode]):
    """The present code of a secret."""

    secret: str


@server_only(raises=(faults.BackupCodesNotEnabled, faults.InvalidBackupCode))
class ViewBackupCodes(Operation[BackupCodes]):
    """The backup codes of a user, whom the application vouches for."""

    user_id: str
