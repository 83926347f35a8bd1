"""API keys: made by users, organizations or the application, counted, limited, and accepted in place of a session.

Upstream counterpart: ``@better-auth/api-key``. Source: contract, plugins.json. Operations: make, list, read, change and
remove keys; for the application alone, use a key and remove those whose time is over. Table: ``apikey``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.api_key.api import ApiKeyApi as ApiKeyApi
    from gatewright.plugins.api_key.options import ApiKeyOptions as ApiKeyOptions
    from gatewright.plugins.api_key.options import ApiKeyTables as ApiKeyTables
    from gatewright.plugins.api_key.options import KeyExpiration as KeyExpiration
    from gatewright.plugins.api_key.options import KeyPermissions as KeyPermissions
    from gatewright.plugins.api_key.options import KeyRateLimit as KeyRateLimit
    from gatewright.plugins.api_key.options import KeyStorage as KeyStorage
    from gatewright.plugins.api_key.options import StartingCharacters as StartingCharacters
    from gatewright.plugins.api_key.plugin import ApiKey as ApiKey

__all__ = (
    "ApiKey",
    "ApiKeyApi",
    "ApiKeyOptions",
    "ApiKeyTables",
    "KeyExpiration",
    "KeyPermissions",
    "KeyRateLimit",
    "KeyStorage",
    "StartingCharacters",
)

__getattr__ = lazily(
    __name__,
    {
        "ApiKey": "plugin",
        "ApiKeyApi": "api",
        "ApiKeyOptions": "options",
        "ApiKeyTables": "options",
        "KeyExpiration": "options",
        "KeyPermissions": "options",
        "KeyRateLimit": "options",
        "KeyStorage": "options",
        "StartingCharacters": "options",
    },
)
