"""All social providers by name; an application's own providers are made elsewhere and need no entry here."""

from collections.abc import Mapping
from types import MappingProxyType

from gatewright.providers.apple import apple
from gatewright.providers.base import Provider, ProviderFactory
from gatewright.providers.community import discord, patreon, reddit, spotify, tiktok, twitch, twitter, vk
from gatewright.providers.developer import cloudflare, dropbox, github, gitlab, linear, notion, slack, zoom
from gatewright.providers.enterprise import cognito, paybin, paypal, salesforce
from gatewright.providers.facebook import facebook
from gatewright.providers.google import google
from gatewright.providers.microsoft import microsoft
from gatewright.providers.options import ProviderOptions
from gatewright.providers.regional import kakao, line, naver, wechat
from gatewright.providers.table import ROWS, row_factory

__all__ = ("PROVIDERS", "provider")

PROVIDERS: Mapping[str, ProviderFactory] = MappingProxyType(
    {
        "apple": apple,
        "cloudflare": cloudflare,
        "cognito": cognito,
        "discord": discord,
        "dropbox": dropbox,
        "facebook": facebook,
        "github": github,
        "gitlab": gitlab,
        "google": google,
        "kakao": kakao,
        "line": line,
        "linear": linear,
        "microsoft": microsoft,
        "naver": naver,
        "notion": notion,
        "patreon": patreon,
        "paybin": paybin,
        "paypal": paypal,
        "reddit": reddit,
        "salesforce": salesforce,
        "slack": slack,
        "spotify": spotify,
        "tiktok": tiktok,
        "twitch": twitch,
        "twitter": twitter,
        "vk": vk,
        "wechat": wechat,
        "zoom": zoom,
        **{row.id: row_factory(row) for row in ROWS},
    }
)


def provider(provider_id: str, options: ProviderOptions) -> Provider:
    """A configured provider.

    Raises:
        KeyError: No provider has this name.
        ProviderOptionError: A required option is missing.
    """
    return PROVIDERS[provider_id](options)
