"""The counterparts of the server's plugins, one to one, and the groups of their calls. Loaded when asked for.

Plugins without calls, signals and faults of their own (bearer, custom session, generic OAuth, i18n, Open API) have no counterpart.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright_client.plugins.admin import AdminCalls as AdminCalls
    from gatewright_client.plugins.admin import AdminClient as AdminClient
    from gatewright_client.plugins.anonymous import AnonymousClient as AnonymousClient
    from gatewright_client.plugins.api_key import ApiKeyCalls as ApiKeyCalls
    from gatewright_client.plugins.api_key import ApiKeyClient as ApiKeyClient
    from gatewright_client.plugins.assurance import AssuranceCalls as AssuranceCalls
    from gatewright_client.plugins.assurance import AssuranceClient as AssuranceClient
    from gatewright_client.plugins.base import ClientPlugin as ClientPlugin
    from gatewright_client.plugins.captcha import CaptchaClient as CaptchaClient
    from gatewright_client.plugins.device_authorization import DeviceAuthorizationClient as DeviceAuthorizationClient
    from gatewright_client.plugins.device_authorization import DeviceCalls as DeviceCalls
    from gatewright_client.plugins.email_otp import EmailOTPCalls as EmailOTPCalls
    from gatewright_client.plugins.email_otp import EmailOTPClient as EmailOTPClient
    from gatewright_client.plugins.have_i_been_pwned import HaveIBeenPwnedClient as HaveIBeenPwnedClient
    from gatewright_client.plugins.jwt import JwtClient as JwtClient
    from gatewright_client.plugins.last_login_method import LastLoginMethodClient as LastLoginMethodClient
    from gatewright_client.plugins.magic_link import MagicLinkCalls as MagicLinkCalls
    from gatewright_client.plugins.magic_link import MagicLinkClient as MagicLinkClient
    from gatewright_client.plugins.multi_session import MultiSessionCalls as MultiSessionCalls
    from gatewright_client.plugins.multi_session import MultiSessionClient as MultiSessionClient
    from gatewright_client.plugins.one_tap import OneTapCalls as OneTapCalls
    from gatewright_client.plugins.one_tap import OneTapClient as OneTapClient
    from gatewright_client.plugins.one_time_token import OneTimeTokenCalls as OneTimeTokenCalls
    from gatewright_client.plugins.one_time_token import OneTimeTokenClient as OneTimeTokenClient
    from gatewright_client.plugins.organization import NamedOrganizationClient as NamedOrganizationClient
    from gatewright_client.plugins.organization import OrganizationCalls as OrganizationCalls
    from gatewright_client.plugins.organization import OrganizationClient as OrganizationClient
    from gatewright_client.plugins.passkey import PasskeyCalls as PasskeyCalls
    from gatewright_client.plugins.passkey import PasskeyClient as PasskeyClient
    from gatewright_client.plugins.phone_number import PhoneNumberCalls as PhoneNumberCalls
    from gatewright_client.plugins.phone_number import PhoneNumberClient as PhoneNumberClient
    from gatewright_client.plugins.siwe import SiweCalls as SiweCalls
    from gatewright_client.plugins.siwe import SiweClient as SiweClient
    from gatewright_client.plugins.two_factor import TwoFactorCalls as TwoFactorCalls
    from gatewright_client.plugins.two_factor import TwoFactorClient as TwoFactorClient
    from gatewright_client.plugins.username import UsernameClient as UsernameClient

__all__ = (
    "AdminCalls",
    "AdminClient",
    "AnonymousClient",
    "ApiKeyCalls",
    "ApiKeyClient",
    "AssuranceCalls",
    "AssuranceClient",
    "CaptchaClient",
    "ClientPlugin",
    "DeviceAuthorizationClient",
    "DeviceCalls",
    "EmailOTPCalls",
    "EmailOTPClient",
    "HaveIBeenPwnedClient",
    "JwtClient",
    "LastLoginMethodClient",
    "MagicLinkCalls",
    "MagicLinkClient",
    "MultiSessionCalls",
    "MultiSessionClient",
    "NamedOrganizationClient",
    "OneTapCalls",
    "OneTapClient",
    "OneTimeTokenCalls",
    "OneTimeTokenClient",
    "OrganizationCalls",
    "OrganizationClient",
    "PasskeyCalls",
    "PasskeyClient",
    "PhoneNumberCalls",
    "PhoneNumberClient",
    "SiweCalls",
    "SiweClient",
    "TwoFactorCalls",
    "TwoFactorClient",
    "UsernameClient",
)

__getattr__ = lazily(
    __name__,
    {
        "AdminCalls": "admin",
        "AdminClient": "admin",
        "AnonymousClient": "anonymous",
        "ApiKeyCalls": "api_key",
        "ApiKeyClient": "api_key",
        "AssuranceCalls": "assurance",
        "AssuranceClient": "assurance",
        "CaptchaClient": "captcha",
        "ClientPlugin": "base",
        "DeviceAuthorizationClient": "device_authorization",
        "DeviceCalls": "device_authorization",
        "EmailOTPCalls": "email_otp",
        "EmailOTPClient": "email_otp",
        "HaveIBeenPwnedClient": "have_i_been_pwned",
        "JwtClient": "jwt",
        "LastLoginMethodClient": "last_login_method",
        "MagicLinkCalls": "magic_link",
        "MagicLinkClient": "magic_link",
        "MultiSessionCalls": "multi_session",
        "MultiSessionClient": "multi_session",
        "NamedOrganizationClient": "organization",
        "OneTapCalls": "one_tap",
        "OneTapClient": "one_tap",
        "OneTimeTokenCalls": "one_time_token",
        "OneTimeTokenClient": "one_time_token",
        "OrganizationCalls": "organization",
        "OrganizationClient": "organization",
        "PasskeyCalls": "passkey",
        "PasskeyClient": "passkey",
        "PhoneNumberCalls": "phone_number",
        "PhoneNumberClient": "phone_number",
        "SiweCalls": "siwe",
        "SiweClient": "siwe",
        "TwoFactorCalls": "two_factor",
        "TwoFactorClient": "two_factor",
        "UsernameClient": "username",
    },
)
