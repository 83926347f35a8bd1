"""Options of social providers: which there are, and what each may be told. Not how a provider works.

Source: contract, providers.json (``providerOptionsCommon`` and each provider's quirks).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import AfterValidator, Field

from gatewright.settings.base import (
    FUNCTION,
    LIST,
    OPTIONS,
    TEXT,
    Called,
    Either,
    Flag,
    Options,
    SecretText,
    Whole,
    default,
    load,
)
from gatewright.settings.callbacks import (
    GetUserInfo,
    MapProfileToUser,
    RefreshAccessToken,
    SocialProviderFunction,
    VerifyIdToken,
)

__all__ = ("PROVIDER_IDS", "ProviderEntry", "SocialProvider", "SocialProviderId", "SocialProviders", "provider_options")

SocialProviderId: TypeAlias = Literal[
    "apple",
    "atlassian",
    "cloudflare",
    "cognito",
    "discord",
    "dropbox",
    "facebook",
    "figma",
    "github",
    "gitlab",
    "google",
    "huggingface",
    "kakao",
    "kick",
    "line",
    "linear",
    "linkedin",
    "microsoft",
    "naver",
    "notion",
    "patreon",
    "paybin",
    "paypal",
    "polar",
    "railway",
    "reddit",
    "roblox",
    "salesforce",
    "slack",
    "spotify",
    "tiktok",
    "twitch",
    "twitter",
    "vercel",
    "vk",
    "wechat",
    "zoom",
]

PROVIDER_IDS: frozenset[str] = frozenset(get_args(SocialProviderId))
"""Every provider that options may name."""

_TextOrList: TypeAlias = Annotated[Annotated[str, TEXT] | Annotated[Sequence[str], AfterValidator(tuple), LIST], Either]


class SocialProvider(Options):
    """Options of one provider: those that all have first, then those that only some read."""

    enabled: Flag = True
    client_id: _TextOrList | None = None
    """Of several, the first is used and all are accepted as audience of an ID token."""
    client_secret: SecretText = default(None)
    client_key: str | None = None
    scope: Annotated[Sequence[str], AfterValidator(tuple)] = ()
    disable_default_scope: Flag = False
    redirect_uri: str | None = Field(default=None, validation_alias="redirectURI", serialization_alias="redirectURI")
    authorization_endpoint: str | None = None
    prompt: str | None = None
    response_mode: Literal["query", "form_post"] | None = None
    disable_sign_up: Flag = False
    disable_implicit_sign_up: Flag = False
    disable_id_token_sign_in: Flag = False
    override_user_info_on_sign_in: Flag = False
    require_email_verification: Flag = False
    map_profile_to_user: Called[MapProfileToUser] | None = None
    get_user_info: Called[GetUserInfo] | None = None
    refresh_access_token: Called[RefreshAccessToken] | None = None
    verify_id_token: Called[VerifyIdToken] | None = None

    access_type: Literal["offline", "online"] | None = None
    """Google, Dropbox."""
    app_bundle_identifier: str | None = None
    """Apple: audience of native apps."""
    audience: _TextOrList | None = None
    """Apple: audiences in place of the client's."""
    authority: str | None = None
    """Microsoft: base of all addresses."""
    claims: Annotated[Sequence[str], AfterValidator(tuple)] | None = None
    """Twitch: claims to ask for."""
    config_id: str | None = None
    """Facebook Login for Business."""
    disable_profile_photo: Flag | None = None
    """Microsoft."""
    display: str | None = None
    """Google."""
    domain: str | None = None
    """Cognito: host of the hosted pages."""
    duration: Literal["temporary", "permanent"] | None = None
    """Reddit."""
    environment: Literal["sandbox", "live", "production"] | None = None
    """PayPal, Salesforce."""
    fields: Annotated[Sequence[str], AfterValidator(tuple)] | None = None
    """Facebook: further fields of the profile."""
    hd: str | None = None
    """Google: hosted domain; ``*`` accepts any."""
    identity_provider: str | None = None
    """Cognito: where to go at once."""
    include_granted_scopes: Flag | None = None
    """Google: incremental authorization."""
    issuer: str | None = None
    """GitLab, Paybin: base of all addresses."""
    lang: str | None = None
    """WeChat: language of the page."""
    login_url: str | None = Field(default=None, validation_alias="loginUrl", serialization_alias="loginUrl")
    """Salesforce: host."""
    permissions: Whole | None = None
    """Discord: permissions of a bot."""
    pkce: Flag | None = None
    """Zoom: whether a challenge is sent."""
    platform_type: str | None = None
    """WeChat: accepted, and changes nothing."""
    profile_photo_size: Whole | None = None
    """Microsoft: pixels."""
    region: str | None = None
    """Cognito."""
    request_shipping_address: Flag | None = None
    """PayPal: accepted, and changes nothing."""
    require_client_secret: Flag | None = None
    """Cognito."""
    tenant_id: str | None = None
    """Microsoft."""
    user_pool_id: str | None = None
    """Cognito."""


ProviderEntry: TypeAlias = Annotated[
    Annotated[SocialProvider, OPTIONS] | Annotated[Called[SocialProviderFunction], FUNCTION], Either
]
"""A provider's options, or a function that makes them when they are needed."""

SocialProviders: TypeAlias = Mapping[SocialProviderId, ProviderEntry]


async def provider_options(entry: SocialProvider | SocialProviderFunction) -> SocialProvider:
    """The options of a provider, made and validated where a function makes them.

    Raises:
        ConfigError: The function's answer does not fit.
    """
    if isinstance(entry, SocialProvider):
        return entry
    answer = entry()
    return load(SocialProvider, await answer if inspect.isawaitable(answer) else answer)
