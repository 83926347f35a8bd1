"""The server methods of the device authorization plugin."""

from __future__ import annotations

from gatewright.plugins.device_authorization.contract import (
    DeviceApprove,
    DeviceCodes,
    DeviceDeny,
    DeviceToken,
    DeviceVerify,
)
from gatewright.wire.calls import Api, method

__all__ = ("DeviceAuthorizationApi",)


class DeviceAuthorizationApi(Api):
    """What the plugin adds to ``auth.api``."""

    device_code = method(DeviceCodes)
    device_token = method(DeviceToken)
    device_verify = method(DeviceVerify)
    device_approve = method(DeviceApprove)
    device_deny = method(DeviceDeny)
