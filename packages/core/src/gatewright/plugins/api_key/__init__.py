"""API keys: made by users, organizations or the application, counted, limited, and accepted in place of a session.

Upstream counterpart: ``@better-auth/api-key``. Source: contract, plugins.json. Operations: make, list, read, change and
remove keys; for the application alone, use a key and remove those whose time is over. Table: ``apikey``.
"""

from gatewright.plugins.api_key.api import ApiKeyApi
from gatewright.plugins.api_key.options import (
    ApiKeyOptions,
    ApiKeyTables,
    KeyExpiration,
    KeyPermissions,
    KeyRateLimit,
    KeyStorage,
    StartingCharacters,
)
from gatewright.plugins.api_key.plugin import ApiKey

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
