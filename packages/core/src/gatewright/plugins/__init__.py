"""Room 7: plugins, one folder each, with the same rooms in small. Public names are exported lazily."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatewright.plugins.admin import Admin as Admin
    from gatewright.plugins.admin import AdminApi as AdminApi
    from gatewright.plugins.admin import AdminOptions as AdminOptions
    from gatewright.plugins.base import Parts as Parts
    from gatewright.plugins.base import Plugin as Plugin
    from gatewright.plugins.bearer import Bearer as Bearer
    from gatewright.plugins.bearer import BearerOptions as BearerOptions
    from gatewright.plugins.device_authorization import DeviceAuthorization as DeviceAuthorization
    from gatewright.plugins.device_authorization import DeviceAuthorizationApi as DeviceAuthorizationApi
    from gatewright.plugins.device_authorization import DeviceAuthorizationOptions as DeviceAuthorizationOptions
    from gatewright.plugins.email_otp import EmailOTP as EmailOTP
    from gatewright.plugins.email_otp import EmailOTPApi as EmailOTPApi
    from gatewright.plugins.email_otp import EmailOTPOptions as EmailOTPOptions
    from gatewright.plugins.have_i_been_pwned import HaveIBeenPwned as HaveIBeenPwned
    from gatewright.plugins.have_i_been_pwned import HaveIBeenPwnedOptions as HaveIBeenPwnedOptions
    from gatewright.plugins.i18n import I18n as I18n
    from gatewright.plugins.i18n import I18nOptions as I18nOptions
    from gatewright.plugins.jwt import Jwt as Jwt
    from gatewright.plugins.jwt import JwtApi as JwtApi
    from gatewright.plugins.jwt import JwtOptions as JwtOptions
    from gatewright.plugins.magic_link import MagicLink as MagicLink
    from gatewright.plugins.magic_link import MagicLinkApi as MagicLinkApi
    from gatewright.plugins.magic_link import MagicLinkMail as MagicLinkMail
    from gatewright.plugins.magic_link import MagicLinkOptions as MagicLinkOptions
    from gatewright.plugins.one_time_token import OneTimeToken as OneTimeToken
    from gatewright.plugins.one_time_token import OneTimeTokenApi as OneTimeTokenApi
    from gatewright.plugins.one_time_token import OneTimeTokenOptions as OneTimeTokenOptions
    from gatewright.plugins.open_api import OpenApi as OpenApi
    from gatewright.plugins.open_api import OpenApiApi as OpenApiApi
    from gatewright.plugins.open_api import OpenApiOptions as OpenApiOptions
    from gatewright.plugins.organization import Organization as Organization
    from gatewright.plugins.organization import OrganizationApi as OrganizationApi
    from gatewright.plugins.organization import OrganizationOptions as OrganizationOptions
    from gatewright.plugins.two_factor import TwoFactor as TwoFactor
    from gatewright.plugins.two_factor import TwoFactorApi as TwoFactorApi
    from gatewright.plugins.two_factor import TwoFactorOptions as TwoFactorOptions
    from gatewright.plugins.username import Username as Username
    from gatewright.plugins.username import UsernameApi as UsernameApi
    from gatewright.plugins.username import UsernameOptions as UsernameOptions

_HOMES = {
    "Admin": "gatewright.plugins.admin",
    "AdminApi": "gatewright.plugins.admin",
    "AdminOptions": "gatewright.plugins.admin",
    "Bearer": "gatewright.plugins.bearer",
    "BearerOptions": "gatewright.plugins.bearer",
    "DeviceAuthorization": "gatewright.plugins.device_authorization",
    "DeviceAuthorizationApi": "gatewright.plugins.device_authorization",
    "DeviceAuthorizationOptions": "gatewright.plugins.device_authorization",
    "EmailOTP": "gatewright.plugins.email_otp",
    "EmailOTPApi": "gatewright.plugins.email_otp",
    "EmailOTPOptions": "gatewright.plugins.email_otp",
    "HaveIBeenPwned": "gatewright.plugins.have_i_been_pwned",
    "HaveIBeenPwnedOptions": "gatewright.plugins.have_i_been_pwned",
    "I18n": "gatewright.plugins.i18n",
    "I18nOptions": "gatewright.plugins.i18n",
    "Jwt": "gatewright.plugins.jwt",
    "JwtApi": "gatewright.plugins.jwt",
    "JwtOptions": "gatewright.plugins.jwt",
    "MagicLink": "gatewright.plugins.magic_link",
    "MagicLinkApi": "gatewright.plugins.magic_link",
    "MagicLinkMail": "gatewright.plugins.magic_link",
    "MagicLinkOptions": "gatewright.plugins.magic_link",
    "OneTimeToken": "gatewright.plugins.one_time_token",
    "OneTimeTokenApi": "gatewright.plugins.one_time_token",
    "OneTimeTokenOptions": "gatewright.plugins.one_time_token",
    "OpenApi": "gatewright.plugins.open_api",
    "OpenApiApi": "gatewright.plugins.open_api",
    "OpenApiOptions": "gatewright.plugins.open_api",
    "Organization": "gatewright.plugins.organization",
    "OrganizationApi": "gatewright.plugins.organization",
    "OrganizationOptions": "gatewright.plugins.organization",
    "Parts": "gatewright.plugins.base",
    "Plugin": "gatewright.plugins.base",
    "TwoFactor": "gatewright.plugins.two_factor",
    "TwoFactorApi": "gatewright.plugins.two_factor",
    "TwoFactorOptions": "gatewright.plugins.two_factor",
    "Username": "gatewright.plugins.username",
    "UsernameApi": "gatewright.plugins.username",
    "UsernameOptions": "gatewright.plugins.username",
}

__all__ = (
    "Admin",
    "AdminApi",
    "AdminOptions",
    "Bearer",
    "BearerOptions",
    "DeviceAuthorization",
    "DeviceAuthorizationApi",
    "DeviceAuthorizationOptions",
    "EmailOTP",
    "EmailOTPApi",
    "EmailOTPOptions",
    "HaveIBeenPwned",
    "HaveIBeenPwnedOptions",
    "I18n",
    "I18nOptions",
    "Jwt",
    "JwtApi",
    "JwtOptions",
    "MagicLink",
    "MagicLinkApi",
    "MagicLinkMail",
    "MagicLinkOptions",
    "OneTimeToken",
    "OneTimeTokenApi",
    "OneTimeTokenOptions",
    "OpenApi",
    "OpenApiApi",
    "OpenApiOptions",
    "Organization",
    "OrganizationApi",
    "OrganizationOptions",
    "Parts",
    "Plugin",
    "TwoFactor",
    "TwoFactorApi",
    "TwoFactorOptions",
    "Username",
    "UsernameApi",
    "UsernameOptions",
)


def __getattr__(name: str) -> object:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
