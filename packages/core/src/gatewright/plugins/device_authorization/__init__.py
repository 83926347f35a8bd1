"""Device authorization: sign a device in that has no keyboard, by approving it somewhere else.

Upstream counterpart: ``device-authorization``. Operations under ``/device``; table ``deviceCode``. Source: RFC 8628;
contract.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.device_authorization.api import DeviceAuthorizationApi as DeviceAuthorizationApi
    from gatewright.plugins.device_authorization.model import DeviceCode as DeviceCode
    from gatewright.plugins.device_authorization.options import DeviceAuthorizationOptions as DeviceAuthorizationOptions
    from gatewright.plugins.device_authorization.plugin import DeviceAuthorization as DeviceAuthorization

__all__ = (
    "DeviceAuthorization",
    "DeviceAuthorizationApi",
    "DeviceAuthorizationOptions",
    "DeviceCode",
)

__getattr__ = lazily(
    __name__,
    {
        "DeviceAuthorization": "plugin",
        "DeviceAuthorizationApi": "api",
        "DeviceAuthorizationOptions": "options",
        "DeviceCode": "model",
    },
)
