"""The counterpart of the two factor plugin: its calls, and the answer that says that a second factor is owed."""

from __future__ import annotations

from collections.abc import Callable

from gatewright.plugins.two_factor.contract import (
    DisableTwoFactor,
    EnableTwoFactor,
    GenerateBackupCodes,
    GetTOTPURI,
    SecondFactorOwed,
    SendTwoFactorOTP,
    VerifyBackupCode,
    VerifyTOTP,
    VerifyTwoFactorOTP,
)
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.options import Callback
from gatewright_client.plugins.base import ClientPlugin, below

__all__ = ("TwoFactorCalls", "TwoFactorClient")


class TwoFactorCalls(Group[F]):
    """``/two-factor``."""

    disable = action(DisableTwoFactor)
    enable = action(EnableTwoFactor)
    generate_backup_codes = action(GenerateBackupCodes)
    get_totp_uri = action(GetTOTPURI)
    send_otp = action(SendTwoFactorOTP)
    verify_backup_code = action(VerifyBackupCode)
    verify_otp = action(VerifyTwoFactorOTP)
    verify_totp = action(VerifyTOTP)


class TwoFactorClient(ClientPlugin):
    """A second factor. Where one is owed, ``result.instead`` holds a ``SecondFactorOwed`` with the ways to give it.

    Args:
        on_second_factor: Told of it as well; with an asynchronous client it may be a coroutine function.
    """

    def __init__(self, on_second_factor: Callable[[SecondFactorOwed], Callback] | None = None) -> None:
        super().__init__(
            "two-factor",
            calls=TwoFactorCalls,
            instead={"twoFactorRedirect": SecondFactorOwed},
            on_instead=on_second_factor,
            signals={SESSION.name: below("/two-factor/")},
        )
