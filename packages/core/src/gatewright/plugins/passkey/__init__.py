"""Passkey: sign in with a key that a device or a password manager keeps, without a password.

Upstream counterpart: ``@better-auth/passkey``. Sources: contract, plugins.json; Web Authentication Level 3. Operations:
begin and finish registering, begin and finish signing in, list, rename, delete. Table: ``passkey``.
"""

from gatewright.plugins.passkey.api import PasskeyApi
from gatewright.plugins.passkey.options import (
    AuthenticationVerified,
    PasskeyContext,
    PasskeyOptions,
    PasskeyUser,
    RegistrationVerified,
    ResolvePasskeyUser,
)
from gatewright.plugins.passkey.plugin import Passkey

__all__ = (
    "AuthenticationVerified",
    "Passkey",
    "PasskeyApi",
    "PasskeyContext",
    "PasskeyOptions",
    "PasskeyUser",
    "RegistrationVerified",
    "ResolvePasskeyUser",
)
