"""Phone number: a verified number of the user, to sign in with by code or password, and to set a new password.

Upstream counterpart: ``phone-number``. Source: contract, plugins.json; ITU-T E.164 for the form of numbers. Six
operations, one for the server only. Columns of the user: ``phoneNumber`` and ``phoneNumberVerified``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.phone_number.api import PhoneNumberApi as PhoneNumberApi
    from gatewright.plugins.phone_number.options import PhoneCode as PhoneCode
    from gatewright.plugins.phone_number.options import PhoneNumberOptions as PhoneNumberOptions
    from gatewright.plugins.phone_number.options import SignUpOnVerification as SignUpOnVerification
    from gatewright.plugins.phone_number.options import VerifiedPhone as VerifiedPhone
    from gatewright.plugins.phone_number.plugin import PhoneNumber as PhoneNumber

__all__ = (
    "PhoneCode",
    "PhoneNumber",
    "PhoneNumberApi",
    "PhoneNumberOptions",
    "SignUpOnVerification",
    "VerifiedPhone",
)

__getattr__ = lazily(
    __name__,
    {
        "PhoneCode": "options",
        "PhoneNumber": "plugin",
        "PhoneNumberApi": "api",
        "PhoneNumberOptions": "options",
        "SignUpOnVerification": "options",
        "VerifiedPhone": "options",
    },
)
