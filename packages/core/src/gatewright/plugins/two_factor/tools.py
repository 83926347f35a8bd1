"""What the flows of two factor work with, made once for an instance: codes, secrets, options."""

from __future__ import annotations

from dataclasses import dataclass

from gatewright.plugins.two_factor.codes import BackupCodeBox, OtpBox
from gatewright.plugins.two_factor.options import TwoFactorOptions
from gatewright.plugins.two_factor.totp import Totp
from gatewright.services.services import Services

__all__ = ("Tools",)


@dataclass(frozen=True, slots=True)
class Tools:
    """The parts of one running instance that two factor needs.

    Attributes:
        options: As given.
        services: The keepers and ports.
        totp: Codes of authenticator apps.
        otp: Codes that are sent.
        backup: Backup codes.
    """

    options: TwoFactorOptions
    services: Services
    totp: Totp
    otp: OtpBox
    backup: BackupCodeBox

    @classmethod
    def of(cls, options: TwoFactorOptions, services: Services) -> Tools:
        """The parts for an instance."""
        cipher, draw = services.plan.cipher, services.random.bytes
        given = options.totp_options
        return cls(
            options,
            services,
            Totp(digits=given.digits, period=given.period, cipher=cipher, draw=draw),
            OtpBox(options.otp_options, cipher, draw),
            BackupCodeBox(options.backup_code_options, cipher, draw),
        )

    @property
    def issuer(self) -> str:
        """What authenticator apps show by default."""
        given = self.options
        return given.totp_options.issuer or given.issuer or self.services.plan.settings.app_name
