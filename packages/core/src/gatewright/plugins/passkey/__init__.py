"""Passkey: sign in with a key that a device or a password manager keeps, without a password.

Upstream counterpart: ``@better-auth/passkey``. Sources: contract, plugins.json; Web Authentication Level 3. Operations:
begin and finish registering, begin and finish signing in, list, rename, delete. Table: ``passkey``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.passkey.api import PasskeyApi as PasskeyApi
    from gatewright.plugins.passkey.options import AuthenticationVerified as AuthenticationVerified
    from gatewright.plugins.passkey.options import PasskeyContext as PasskeyContext
    from gatewright.plugins.passkey.options import PasskeyOptions as PasskeyOptions
    from gatewright.plugins.passkey.options import PasskeyUser as PasskeyUser
    from gatewright.plugins.passkey.options import RegistrationVerified as RegistrationVerified
    from gatewright.plugins.passkey.options import ResolvePasskeyUser as ResolvePasskeyUser
    from gatewright.plugins.passkey.plugin import Passkey as Passkey

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

__getattr__ = lazily(
    __name__,
    {
        "AuthenticationVerified": "options",
        "Passkey": "plugin",
        "PasskeyApi": "api",
        "PasskeyContext": "options",
        "PasskeyOptions": "options",
        "PasskeyUser": "options",
        "RegistrationVerified": "options",
        "ResolvePasskeyUser": "options",
    },
)
