"""Phone number: a verified number of the user, to sign in with by code or password, and to set a new password.

Upstream counterpart: ``phone-number``. Source: contract, plugins.json; ITU-T E.164 for the form of numbers. Six
operations, one for the server only. Columns of the user: ``phoneNumber`` and ``phoneNumberVerified``.
"""

from gatewright.plugins.phone_number.api import PhoneNumberApi
from gatewright.plugins.phone_number.options import PhoneCode, PhoneNumberOptions, SignUpOnVerification, VerifiedPhone
from gatewright.plugins.phone_number.plugin import PhoneNumber

__all__ = ("PhoneCode", "PhoneNumber", "PhoneNumberApi", "PhoneNumberOptions", "SignUpOnVerification", "VerifiedPhone")
