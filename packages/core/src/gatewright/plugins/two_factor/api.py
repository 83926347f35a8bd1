"""The server methods of the two factor plugin."""

from __future__ import annotations

from gatewright.plugins.two_factor.contract import (
    DisableTwoFactor,
    EnableTwoFactor,
    GenerateBackupCodes,
    GenerateTOTP,
    GetTOTPURI,
    SendTwoFactorOTP,
    VerifyBackupCode,
    VerifyTOTP,
    VerifyTwoFactorOTP,
    ViewBackupCodes,
)
from gatewright.wire.calls import Api, method

__all__ = ("TwoFactorApi",)


class TwoFactorApi(Api):
    """What the plugin adds to ``auth.api``."""

    enable_two_factor = method(EnableTwoFactor)
    disable_two_factor = method(DisableTwoFactor)
    get_totp_uri = method(GetTOTPURI)
    verify_totp = method(VerifyTOTP)
    generate_totp = method(GenerateTOTP)
    send_two_factor_otp = method(SendTwoFactorOTP)
    verify_two_factor_otp = method(VerifyTwoFactorOTP)
    verify_backup_code = method(VerifyBackupCode)
    generate_backup_codes = method(GenerateBackupCodes)
    view_backup_codes = method(ViewBackupCodes)
