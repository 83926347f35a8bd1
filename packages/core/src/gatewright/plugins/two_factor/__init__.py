"""Two factor: after the password a second proof, from an authenticator app, a message or a list of backup codes.

Upstream counterpart: ``two-factor``. Operations under ``/two-factor``; table ``twoFactor``; column
``user.twoFactorEnabled``; cookies ``two_factor`` and ``trust_device``. Source: contract; RFC 6238 for the codes of
authenticator apps. Needs the extra ``totp``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.two_factor.api import TwoFactorApi as TwoFactorApi
    from gatewright.plugins.two_factor.model import TwoFactor as TwoFactorRow
    from gatewright.plugins.two_factor.model import TwoFactorUser as TwoFactorUser
    from gatewright.plugins.two_factor.options import TwoFactorOptions as TwoFactorOptions
    from gatewright.plugins.two_factor.plugin import TwoFactor as TwoFactor

__all__ = (
    "TwoFactor",
    "TwoFactorApi",
    "TwoFactorOptions",
    "TwoFactorRow",
    "TwoFactorUser",
)

__getattr__ = lazily(
    __name__,
    {
        "TwoFactor": "plugin",
        "TwoFactorRow": "model:TwoFactor",
        "TwoFactorApi": "api",
        "TwoFactorOptions": "options",
        "TwoFactorUser": "model",
    },
)
