"""The phone number plugin: options and parts."""

from __future__ import annotations

from gatewright.plugins.base import LimitRule, Parts, Plugin
from gatewright.plugins.phone_number.api import PhoneNumberApi
from gatewright.plugins.phone_number.endpoints import endpoints
from gatewright.plugins.phone_number.hooks import keep_number, unverify_number
from gatewright.plugins.phone_number.model import PhoneUser
from gatewright.plugins.phone_number.numbers import Numbers
from gatewright.plugins.phone_number.options import PhoneNumberOptions
from gatewright.settings.fields import named_tables
from gatewright.wire.operation import Limit

__all__ = ("PhoneNumber",)

PATHS = frozenset(
    {
        "/phone-number/send-otp",
        "/phone-number/verify",
        "/phone-number/request-password-reset",
        "/phone-number/reset-password",
    }
)
LIMIT = Limit(window=60, max=10)


class PhoneNumber(Plugin[PhoneNumberApi]):
    """Users with a number, who can sign in with it.

    Raises:
        ConfigError: The options ask for the library ``phonenumbers``, and it is not installed.
    """

    id = "phone-number"
    api_type = PhoneNumberApi

    def __init__(self, options: PhoneNumberOptions | None = None) -> None:
        self.options = options or PhoneNumberOptions()
        self._numbers = Numbers(self.options.phone_number_validator)

    def parts(self) -> Parts:
        """Six operations, four under one rate rule each; two columns; hooks around changes of the number."""
        return Parts(
            endpoints=endpoints(self.options, self._numbers),
            tables=(PhoneUser,),
            table_options=named_tables(self.options.schema_),
            hooks=(keep_number,),
            row_hooks=(unverify_number,),
            limits=(LimitRule(PATHS.__contains__, LIMIT),),
        )
