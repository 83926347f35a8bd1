"""The device authorization plugin: options and parts."""

from __future__ import annotations

from gatewright.plugins.base import LimitRule, Parts, Plugin
from gatewright.plugins.device_authorization.api import DeviceAuthorizationApi
from gatewright.plugins.device_authorization.model import DeviceCode
from gatewright.plugins.device_authorization.options import DeviceAuthorizationOptions
from gatewright.wire.operation import Limit

__all__ = ("DeviceAuthorization",)


class DeviceAuthorization(Plugin[DeviceAuthorizationApi]):
    """Signs devices in that are approved somewhere else."""

    id = "device-authorization"
    api_type = DeviceAuthorizationApi

    def __init__(self, options: DeviceAuthorizationOptions | None = None) -> None:
        self.options = options or DeviceAuthorizationOptions()

    def parts(self) -> Parts:
        """Operations, a table and the rate rule against guessing codes."""
        # The handlers ask for this class.
        from gatewright.plugins.device_authorization.endpoints import ALL  # noqa: PLC0415

        return Parts(
            endpoints=ALL,
            tables=(DeviceCode,),
            table_options={name: given.table_options() for name, given in self.options.table_options.items()},
            limits=(LimitRule(lambda path: path == "/device", Limit(window=self.options.expires_in, max=5)),),
        )
