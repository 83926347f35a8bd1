"""Email OTP: codes by mail, to sign in, prove an address, change it, or set a new password.

Upstream counterpart: ``email-otp``. Source: contract, plugins.json. Nine operations, two for the server only. No tables.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.email_otp.api import EmailOTPApi as EmailOTPApi
    from gatewright.plugins.email_otp.options import EmailOTPOptions as EmailOTPOptions
    from gatewright.plugins.email_otp.options import MailedCode as MailedCode
    from gatewright.plugins.email_otp.options import SendVerificationOTP as SendVerificationOTP
    from gatewright.plugins.email_otp.plugin import EmailOTP as EmailOTP

__all__ = (
    "EmailOTP",
    "EmailOTPApi",
    "EmailOTPOptions",
    "MailedCode",
    "SendVerificationOTP",
)

__getattr__ = lazily(
    __name__,
    {
        "EmailOTP": "plugin",
        "EmailOTPApi": "api",
        "EmailOTPOptions": "options",
        "MailedCode": "options",
        "SendVerificationOTP": "options",
    },
)
