"""Every plugin at once, with senders that keep what they send: for the document, for generated requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.access.defaults import ORGANIZATION_ACCESS
from gatewright.plugins.admin import Admin, AdminOptions
from gatewright.plugins.anonymous import Anonymous
from gatewright.plugins.api_key import ApiKey, ApiKeyOptions
from gatewright.plugins.base import Plugin
from gatewright.plugins.bearer import Bearer
from gatewright.plugins.device_authorization import DeviceAuthorization
from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.plugins.generic_oauth import GenericOAuth, GenericOAuthOptions
from gatewright.plugins.have_i_been_pwned import HaveIBeenPwned
from gatewright.plugins.i18n import I18n, I18nOptions
from gatewright.plugins.i18n.locales import LOCALES
from gatewright.plugins.jwt import Jwt
from gatewright.plugins.last_login_method import LastLoginMethod
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.plugins.multi_session import MultiSession
from gatewright.plugins.oauth_popup import OAuthPopup
from gatewright.plugins.oauth_proxy import OAuthProxy
from gatewright.plugins.one_tap import OneTap, OneTapOptions
from gatewright.plugins.one_time_token import OneTimeToken
from gatewright.plugins.open_api import OpenApi
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.plugins.passkey import Passkey
from gatewright.plugins.phone_number import PhoneNumber, PhoneNumberOptions
from gatewright.plugins.siwe import Siwe, SiweOptions
from gatewright.plugins.two_factor import TwoFactor
from gatewright.plugins.username import Username

__all__ = ("OPTIONS", "every_plugin")


async def nothing(*_: object, **__: object) -> None:
    """A sender whose messages nobody reads."""


async def nonce() -> str:
    return "anonceofsixteen0"


async def nobody(*_: object, **__: object) -> bool:
    return False


OPTIONS: Mapping[str, Any] = {
    "email_and_password": {"enabled": True, "send_reset_password": nothing},
    "email_verification": {"send_verification_email": nothing},
    "user": {"change_email": {"enabled": True}, "delete_user": {"enabled": True}},
    "social_providers": {"github": {"client_id": "id", "client_secret": "secret"}},
}
"""Every operation of the core is switched on."""


def every_plugin() -> list[Plugin[Any]]:
    """New ones, each with what makes its operations answer.

    Left out: captcha, which has no operations and would keep every caller out; custom session, which stands in the
    place of an operation of the core.
    """
    provider = {
        "provider_id": "corp",
        "client_id": "id",
        "client_secret": "secret",
        "authorization_url": "https://corp.test/authorize",
        "token_url": "https://corp.test/token",
    }
    return [
        Username(),
        Admin(AdminOptions.model_validate({"default_role": "admin"})),
        Anonymous(),
        ApiKey(ApiKeyOptions.model_validate({"enable_metadata": True})),
        Bearer(),
        DeviceAuthorization(),
        EmailOTP(
            EmailOTPOptions.model_validate({"send_verification_otp": nothing, "change_email": {"enabled": True}}),
        ),
        GenericOAuth(GenericOAuthOptions.model_validate({"config": [provider]})),
        HaveIBeenPwned(),
        I18n(I18nOptions(translations=LOCALES)),
        Jwt(),
        LastLoginMethod(),
        MagicLink(MagicLinkOptions.model_validate({"send_magic_link": nothing})),
        MultiSession(),
        OAuthPopup(),
        OAuthProxy(),
        OneTap(OneTapOptions.model_validate({"client_id": "id"})),
        OneTimeToken(),
        Organization(
            OrganizationOptions.model_validate(
                {"teams": {"enabled": True}, "dynamic_access_control": {"enabled": True}, "ac": ORGANIZATION_ACCESS}
            )
        ),
        Passkey(),
        PhoneNumber(PhoneNumberOptions.model_validate({"send_otp": nothing, "send_password_reset_otp": nothing})),
        Siwe(SiweOptions.model_validate({"domain": "localhost:3000", "get_nonce": nonce, "verify_message": nobody})),
        TwoFactor(),
        OpenApi(),
    ]
