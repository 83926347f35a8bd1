"""One-time token: hands a session over to another client, once and for a short time.

Upstream counterpart: ``one-time-token``. Source: contract, plugins.json. Operations: make a token, use it. No tables.
"""

from gatewright.plugins.one_time_token.api import OneTimeTokenApi
from gatewright.plugins.one_time_token.options import OneTimeTokenOptions
from gatewright.plugins.one_time_token.plugin import OneTimeToken

__all__ = ("OneTimeToken", "OneTimeTokenApi", "OneTimeTokenOptions")
