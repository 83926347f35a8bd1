"""Room 7: plugins, one folder each, with the same rooms in small. Public names are exported lazily."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatewright.plugins.additional_fields import AdditionalFields as AdditionalFields
    from gatewright.plugins.admin import Admin as Admin
    from gatewright.plugins.admin import AdminApi as AdminApi
    from gatewright.plugins.admin import AdminOptions as AdminOptions
    from gatewright.plugins.anonymous import Anonymous as Anonymous
    from gatewright.plugins.anonymous import AnonymousApi as AnonymousApi
    from gatewright.plugins.anonymous import AnonymousOptions as AnonymousOptions
    from gatewright.plugins.anonymous import LinkedGuest as LinkedGuest
    from gatewright.plugins.api_key import ApiKey as ApiKey
    from gatewright.plugins.api_key import ApiKeyApi as ApiKeyApi
    from gatewright.plugins.api_key import ApiKeyOptions as ApiKeyOptions
    from gatewright.plugins.base import Parts as Parts
    from gatewright.plugins.base import Plugin as Plugin
    from gatewright.plugins.bearer import Bearer as Bearer
    from gatewright.plugins.bearer import BearerOptions as BearerOptions
    from gatewright.plugins.captcha import Captcha as Captcha
    from gatewright.plugins.captcha import CaptchaOptions as CaptchaOptions
    from gatewright.plugins.custom_session import CustomSession as CustomSession
    from gatewright.plugins.custom_session import CustomSessionApi as CustomSessionApi
    from gatewright.plugins.custom_session import CustomSessionOptions as CustomSessionOptions
    from gatewright.plugins.custom_session import custom_get_session as custom_get_session
    from gatewright.plugins.device_authorization import DeviceAuthorization as DeviceAuthorization
    from gatewright.plugins.device_authorization import DeviceAuthorizationApi as DeviceAuthorizationApi
    from gatewright.plugins.device_authorization import DeviceAuthorizationOptions as DeviceAuthorizationOptions
    from gatewright.plugins.email_otp import EmailOTP as EmailOTP
    from gatewright.plugins.email_otp import EmailOTPApi as EmailOTPApi
    from gatewright.plugins.email_otp import EmailOTPOptions as EmailOTPOptions
    from gatewright.plugins.generic_oauth import GenericOAuth as GenericOAuth
    from gatewright.plugins.generic_oauth import GenericOAuthConfig as GenericOAuthConfig
    from gatewright.plugins.generic_oauth import GenericOAuthOptions as GenericOAuthOptions
    from gatewright.plugins.have_i_been_pwned import HaveIBeenPwned as HaveIBeenPwned
    from gatewright.plugins.have_i_been_pwned import HaveIBeenPwnedOptions as HaveIBeenPwnedOptions
    from gatewright.plugins.i18n import I18n as I18n
    from gatewright.plugins.i18n import I18nOptions as I18nOptions
    from gatewright.plugins.jwt import Jwt as Jwt
    from gatewright.plugins.jwt import JwtApi as JwtApi
    from gatewright.plugins.jwt import JwtOptions as JwtOptions
    from gatewright.plugins.last_login_method import LastLoginMethod as LastLoginMethod
    from gatewright.plugins.last_login_method import LastLoginMethodOptions as LastLoginMethodOptions
    from gatewright.plugins.magic_link import MagicLink as MagicLink
    from gatewright.plugins.magic_link import MagicLinkApi as MagicLinkApi
    from gatewright.plugins.magic_link import MagicLinkMail as MagicLinkMail
    from gatewright.plugins.magic_link import MagicLinkOptions as MagicLinkOptions
    from gatewright.plugins.multi_session import MultiSession as MultiSession
    from gatewright.plugins.multi_session import MultiSessionApi as MultiSessionApi
    from gatewright.plugins.multi_session import MultiSessionOptions as MultiSessionOptions
    from gatewright.plugins.oauth_popup import OAuthPopup as OAuthPopup
    from gatewright.plugins.oauth_popup import OAuthPopupApi as OAuthPopupApi
    from gatewright.plugins.oauth_proxy import OAuthProxy as OAuthProxy
    from gatewright.plugins.oauth_proxy import OAuthProxyApi as OAuthProxyApi
    from gatewright.plugins.oauth_proxy import OAuthProxyOptions as OAuthProxyOptions
    from gatewright.plugins.one_tap import OneTap as OneTap
    from gatewright.plugins.one_tap import OneTapApi as OneTapApi
    from gatewright.plugins.one_tap import OneTapOptions as OneTapOptions
    from gatewright.plugins.one_time_token import OneTimeToken as OneTimeToken
    from gatewright.plugins.one_time_token import OneTimeTokenApi as OneTimeTokenApi
    from gatewright.plugins.one_time_token import OneTimeTokenOptions as OneTimeTokenOptions
    from gatewright.plugins.open_api import OpenApi as OpenApi
    from gatewright.plugins.open_api import OpenApiApi as OpenApiApi
    from gatewright.plugins.open_api import OpenApiOptions as OpenApiOptions
    from gatewright.plugins.organization import NamedOrganization as NamedOrganization
    from gatewright.plugins.organization import Organization as Organization
    from gatewright.plugins.organization import OrganizationApi as OrganizationApi
    from gatewright.plugins.organization import OrganizationOptions as OrganizationOptions
    from gatewright.plugins.passkey import Passkey as Passkey
    from gatewright.plugins.passkey import PasskeyApi as PasskeyApi
    from gatewright.plugins.passkey import PasskeyOptions as PasskeyOptions
    from gatewright.plugins.phone_number import PhoneCode as PhoneCode
    from gatewright.plugins.phone_number import PhoneNumber as PhoneNumber
    from gatewright.plugins.phone_number import PhoneNumberApi as PhoneNumberApi
    from gatewright.plugins.phone_number import PhoneNumberOptions as PhoneNumberOptions
    from gatewright.plugins.phone_number import VerifiedPhone as VerifiedPhone
    from gatewright.plugins.siwe import Siwe as Siwe
    from gatewright.plugins.siwe import SiweApi as SiweApi
    from gatewright.plugins.siwe import SiweOptions as SiweOptions
    from gatewright.plugins.two_factor import TwoFactor as TwoFactor
    from gatewright.plugins.two_factor import TwoFactorApi as TwoFactorApi
    from gatewright.plugins.two_factor import TwoFactorOptions as TwoFactorOptions
    from gatewright.plugins.username import Username as Username
    from gatewright.plugins.username import UsernameApi as UsernameApi
    from gatewright.plugins.username import UsernameOptions as UsernameOptions

_HOMES = {
    "AdditionalFields": "gatewright.plugins.additional_fields",
    "Admin": "gatewright.plugins.admin",
    "AdminApi": "gatewright.plugins.admin",
    "AdminOptions": "gatewright.plugins.admin",
    "Anonymous": "gatewright.plugins.anonymous",
    "AnonymousApi": "gatewright.plugins.anonymous",
    "AnonymousOptions": "gatewright.plugins.anonymous",
    "ApiKey": "gatewright.plugins.api_key",
    "ApiKeyApi": "gatewright.plugins.api_key",
    "ApiKeyOptions": "gatewright.plugins.api_key",
    "Bearer": "gatewright.plugins.bearer",
    "BearerOptions": "gatewright.plugins.bearer",
    "Captcha": "gatewright.plugins.captcha",
    "CaptchaOptions": "gatewright.plugins.captcha",
    "CustomSession": "gatewright.plugins.custom_session",
    "CustomSessionApi": "gatewright.plugins.custom_session",
    "CustomSessionOptions": "gatewright.plugins.custom_session",
    "DeviceAuthorization": "gatewright.plugins.device_authorization",
    "DeviceAuthorizationApi": "gatewright.plugins.device_authorization",
    "DeviceAuthorizationOptions": "gatewright.plugins.device_authorization",
    "EmailOTP": "gatewright.plugins.email_otp",
    "EmailOTPApi": "gatewright.plugins.email_otp",
    "EmailOTPOptions": "gatewright.plugins.email_otp",
    "GenericOAuth": "gatewright.plugins.generic_oauth",
    "GenericOAuthConfig": "gatewright.plugins.generic_oauth",
    "GenericOAuthOptions": "gatewright.plugins.generic_oauth",
    "HaveIBeenPwned": "gatewright.plugins.have_i_been_pwned",
    "HaveIBeenPwnedOptions": "gatewright.plugins.have_i_been_pwned",
    "I18n": "gatewright.plugins.i18n",
    "I18nOptions": "gatewright.plugins.i18n",
    "Jwt": "gatewright.plugins.jwt",
    "JwtApi": "gatewright.plugins.jwt",
    "JwtOptions": "gatewright.plugins.jwt",
    "LastLoginMethod": "gatewright.plugins.last_login_method",
    "LastLoginMethodOptions": "gatewright.plugins.last_login_method",
    "LinkedGuest": "gatewright.plugins.anonymous",
    "MagicLink": "gatewright.plugins.magic_link",
    "MagicLinkApi": "gatewright.plugins.magic_link",
    "MagicLinkMail": "gatewright.plugins.magic_link",
    "MagicLinkOptions": "gatewright.plugins.magic_link",
    "MultiSession": "gatewright.plugins.multi_session",
    "MultiSessionApi": "gatewright.plugins.multi_session",
    "MultiSessionOptions": "gatewright.plugins.multi_session",
    "NamedOrganization": "gatewright.plugins.organization",
    "OAuthPopup": "gatewright.plugins.oauth_popup",
    "OAuthPopupApi": "gatewright.plugins.oauth_popup",
    "OAuthProxy": "gatewright.plugins.oauth_proxy",
    "OAuthProxyApi": "gatewright.plugins.oauth_proxy",
    "OAuthProxyOptions": "gatewright.plugins.oauth_proxy",
    "OneTap": "gatewright.plugins.one_tap",
    "OneTapApi": "gatewright.plugins.one_tap",
    "OneTapOptions": "gatewright.plugins.one_tap",
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
    "Passkey": "gatewright.plugins.passkey",
    "PasskeyApi": "gatewright.plugins.passkey",
    "PasskeyOptions": "gatewright.plugins.passkey",
    "PhoneCode": "gatewright.plugins.phone_number",
    "PhoneNumber": "gatewright.plugins.phone_number",
    "PhoneNumberApi": "gatewright.plugins.phone_number",
    "PhoneNumberOptions": "gatewright.plugins.phone_number",
    "Plugin": "gatewright.plugins.base",
    "Siwe": "gatewright.plugins.siwe",
    "SiweApi": "gatewright.plugins.siwe",
    "SiweOptions": "gatewright.plugins.siwe",
    "TwoFactor": "gatewright.plugins.two_factor",
    "TwoFactorApi": "gatewright.plugins.two_factor",
    "TwoFactorOptions": "gatewright.plugins.two_factor",
    "Username": "gatewright.plugins.username",
    "UsernameApi": "gatewright.plugins.username",
    "UsernameOptions": "gatewright.plugins.username",
    "VerifiedPhone": "gatewright.plugins.phone_number",
    "custom_get_session": "gatewright.plugins.custom_session",
}

__all__ = (
    "Admin",
    "AdminApi",
    "AdminOptions",
    "Anonymous",
    "AnonymousApi",
    "AnonymousOptions",
    "ApiKey",
    "ApiKeyApi",
    "ApiKeyOptions",
    "Bearer",
    "BearerOptions",
    "Captcha",
    "CaptchaOptions",
    "CustomSession",
    "CustomSessionApi",
    "CustomSessionOptions",
    "DeviceAuthorization",
    "DeviceAuthorizationApi",
    "DeviceAuthorizationOptions",
    "EmailOTP",
    "EmailOTPApi",
    "EmailOTPOptions",
    "GenericOAuth",
    "GenericOAuthConfig",
    "GenericOAuthOptions",
    "HaveIBeenPwned",
    "HaveIBeenPwnedOptions",
    "I18n",
    "I18nOptions",
    "Jwt",
    "JwtApi",
    "JwtOptions",
    "LastLoginMethod",
    "LastLoginMethodOptions",
    "LinkedGuest",
    "MagicLink",
    "MagicLinkApi",
    "MagicLinkMail",
    "MagicLinkOptions",
    "MultiSession",
    "MultiSessionApi",
    "MultiSessionOptions",
    "NamedOrganization",
    "OAuthPopup",
    "OAuthPopupApi",
    "OAuthProxy",
    "OAuthProxyApi",
    "OAuthProxyOptions",
    "OneTap",
    "OneTapApi",
    "OneTapOptions",
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
    "Passkey",
    "PasskeyApi",
    "PasskeyOptions",
    "PhoneCode",
    "PhoneNumber",
    "PhoneNumberApi",
    "PhoneNumberOptions",
    "Plugin",
    "Siwe",
    "SiweApi",
    "SiweOptions",
    "TwoFactor",
    "TwoFactorApi",
    "TwoFactorOptions",
    "Username",
    "UsernameApi",
    "UsernameOptions",
    "VerifiedPhone",
    "custom_get_session",
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
