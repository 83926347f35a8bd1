"""The counterpart of device authorization. Not here: a device's wait for its user (``device``)."""

from __future__ import annotations

from gatewright.plugins.device_authorization.contract import (
    DeviceApprove,
    DeviceCodes,
    DeviceDeny,
    DeviceToken,
    DeviceVerify,
)
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("DeviceAuthorizationClient", "DeviceCalls")


class DeviceCalls(Group[F]):
    """``/device``: called itself it looks at a user's code."""

    __call__ = action(DeviceVerify)
    approve = action(DeviceApprove)
    code = action(DeviceCodes)
    deny = action(DeviceDeny)
    token = action(DeviceToken)


class DeviceAuthorizationClient(ClientPlugin):
    """Signing in a device that has no browser (RFC 8628)."""

    def __init__(self) -> None:
        super().__init__("device-authorization", calls=DeviceCalls)
