"""Email OTP: codes by mail, to sign in, prove an address, change it, or set a new password.

Upstream counterpart: ``email-otp``. Source: contract, plugins.json. Nine operations, two for the server only. No tables.
"""

from gatewright.plugins.email_otp.api import EmailOTPApi
from gatewright.plugins.email_otp.options import EmailOTPOptions, MailedCode, SendVerificationOTP
from gatewright.plugins.email_otp.plugin import EmailOTP

__all__ = ("EmailOTP", "EmailOTPApi", "EmailOTPOptions", "MailedCode", "SendVerificationOTP")
