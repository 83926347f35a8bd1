"""The counterparts of the server's plugins, one to one, and the groups of their calls. Loaded when asked for.

Plugins without calls and signals (bearer, have I been pwned, Open API) have no counterpart.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright_client.plugins.admin import AdminCalls as AdminCalls
    from gatewright_client.plugins.admin import AdminClient as AdminClient
    from gatewright_client.plugins.base import ClientPlugin as ClientPlugin
    from gatewright_client.plugins.device_authorization import DeviceAuthorizationClient as DeviceAuthorizationClient
    from gatewright_client.plugins.device_authorization import DeviceCalls as DeviceCalls
    from gatewright_client.plugins.email_otp import EmailOTPCalls as EmailOTPCalls
    from gatewright_client.plugins.email_otp import EmailOTPClient as EmailOTPClient
    from gatewright_client.plugins.jwt import JwtClient as JwtClient
    from gatewright_client.plugins.magic_link import MagicLinkCalls as MagicLinkCalls
    from gatewright_client.plugins.magic_link import MagicLinkClient as MagicLinkClient
    from gatewright_client.plugins.one_time_token import OneTimeTokenCalls as OneTimeTokenCalls
    from gatewright_client.plugins.one_time_token import OneTimeTokenClient as OneTimeTokenClient
    from gatewright_client.plugins.organization import OrganizationCalls as OrganizationCalls
    from gatewright_client.plugins.organization import OrganizationClient as OrganizationClient
    from gatewright_client.plugins.two_factor import TwoFactorCalls as TwoFactorCalls
    from gatewright_client.plugins.two_factor import TwoFactorClient as TwoFactorClient
    from gatewright_client.plugins.username import UsernameClient as UsernameClient

__all__ = (
    "AdminCalls",
    "AdminClient",
    "ClientPlugin",
    "DeviceAuthorizationClient",
    "DeviceCalls",
    "EmailOTPCalls",
    "EmailOTPClient",
    "JwtClient",
    "MagicLinkCalls",
    "MagicLinkClient",
    "OneTimeTokenCalls",
    "OneTimeTokenClient",
    "OrganizationCalls",
    "OrganizationClient",
    "TwoFactorCalls",
    "TwoFactorClient",
    "UsernameClient",
)

__getattr__ = lazily(
    __name__,
    {
        "AdminCalls": "admin",
        "AdminClient": "admin",
        "ClientPlugin": "base",
        "DeviceAuthorizationClient": "device_authorization",
        "DeviceCalls": "device_authorization",
        "EmailOTPCalls": "email_otp",
        "EmailOTPClient": "email_otp",
        "JwtClient": "jwt",
        "MagicLinkCalls": "magic_link",
        "MagicLinkClient": "magic_link",
        "OneTimeTokenCalls": "one_time_token",
        "OneTimeTokenClient": "one_time_token",
        "OrganizationCalls": "organization",
        "OrganizationClient": "organization",
        "TwoFactorCalls": "two_factor",
        "TwoFactorClient": "two_factor",
        "UsernameClient": "username",
    },
)
