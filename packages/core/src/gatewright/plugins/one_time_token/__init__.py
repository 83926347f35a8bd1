"""One-time token: hands a session over to another client, once and for a short time.

Upstream counterpart: ``one-time-token``. Source: contract, plugins.json. Operations: make a token, use it. No tables.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.one_time_token.api import OneTimeTokenApi as OneTimeTokenApi
    from gatewright.plugins.one_time_token.options import OneTimeTokenOptions as OneTimeTokenOptions
    from gatewright.plugins.one_time_token.plugin import OneTimeToken as OneTimeToken

__all__ = (
    "OneTimeToken",
    "OneTimeTokenApi",
    "OneTimeTokenOptions",
)

__getattr__ = lazily(__name__, {"OneTimeToken": "plugin", "OneTimeTokenApi": "api", "OneTimeTokenOptions": "options"})
