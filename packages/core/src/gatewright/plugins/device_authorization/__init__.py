"""Device authorization: sign a device in that has no keyboard, by approving it somewhere else.

Upstream counterpart: ``device-authorization``. Operations under ``/device``; table ``deviceCode``. Source: RFC 8628;
contract.
"""

from gatewright.plugins.device_authorization.api import DeviceAuthorizationApi
from gatewright.plugins.device_authorization.model import DeviceCode
from gatewright.plugins.device_authorization.options import DeviceAuthorizationOptions
from gatewright.plugins.device_authorization.plugin import DeviceAuthorization

__all__ = ("DeviceAuthorization", "DeviceAuthorizationApi", "DeviceAuthorizationOptions", "DeviceCode")
