"""Social sign-in as one instance has it: its providers with the application's own functions, and what guards their use.

Not how a provider works (``providers``) nor what happens at sign-in (``flows.oauth``). Made once with the blueprint.
Source: contract, providers.json ``common``; options.json ``socialProviders``, ``account``.
"""

from __future__ import annotations

from dataclasses import dataclass

import anyio

from gatewright.crypto.cipher import Secrets
from gatewright.crypto.jwe import ACCOUNT_SALT, ClaimsBox
from gatewright.providers.base import Provider
from gatewright.providers.options import ProviderOptionError, ProviderOptions
from gatewright.providers.registry import PROVIDERS
from gatewright.services.cookies import Cookie, Cookies, CookieSpec
from gatewright.services.key_sets import KeySets
from gatewright.services.keyed_locks import KeyedLocks
from gatewright.settings.callbacks import SocialProviderFunction
from gatewright.settings.derived import state_strategy, stores_account_cookie
from gatewright.settings.settings import Settings
from gatewright.settings.social import SocialProvider, SocialProviders, provider_options
from gatewright.wire.faults import ConfigError

__all__ = ("ConfiguredProvider", "Providers", "SocialPlan")

STATE_COOKIE = CookieSpec("state", 300)
"""Binds a browser to its state; seconds (contract)."""

STATE_IN_COOKIE = CookieSpec("oauth_state", 600)
"""The state itself, encrypted; seconds (contract)."""


@dataclass(frozen=True, slots=True)
class ConfiguredProvider:
    """A provider, and what the application says about it.

    Attributes:
        provider: Its endpoints and habits.
        own: The application's options with its own functions.
    """

    provider: Provider
    own: SocialProvider

    @property
    def id(self) -> str:
        """Name in paths and in ``account.providerId``."""
        return self.provider.id


class Providers:
    """The providers of an instance by name.

    A provider whose options a function makes is made when it is first asked for, once.

    Args:
        entries: As the settings have them.

    Raises:
        ConfigError: A provider lacks an option that it cannot work without; the message names both.
    """

    __slots__ = ("_lock", "_ready", "_waiting")

    def __init__(self, entries: SocialProviders) -> None:
        self._ready: dict[str, ConfiguredProvider | None] = {}
        self._waiting: dict[str, SocialProviderFunction] = {}
        self._lock: anyio.Lock | None = None
        for provider_id, entry in entries.items():
            if isinstance(entry, SocialProvider):
                self._ready[provider_id] = configured(provider_id, entry)
            else:
                self._waiting[provider_id] = entry

    async def find(self, provider_id: str) -> ConfiguredProvider | None:
        """The provider with this name, or ``None`` where none is configured and enabled.

        Raises:
            ConfigError: A function's options do not fit.
        """
        found = self._ready.get(provider_id)
        if found is not None or provider_id not in self._waiting:
            return found
        lock = self._lock = self._lock or anyio.Lock()
        async with lock:
            entry = self._waiting.get(provider_id)
            if entry is not None:
                self._ready[provider_id] = configured(provider_id, await provider_options(entry))
                del self._waiting[provider_id]
        return self._ready[provider_id]

    def known(self) -> list[ConfiguredProvider]:
        """Every provider that has been made."""
        return [each for each in self._ready.values() if each is not None]


def configured(provider_id: str, own: SocialProvider) -> ConfiguredProvider | None:
    """The provider with these options; ``None`` where it is switched off.

    Raises:
        ConfigError: There is no such provider, or an option that it needs is missing.
    """
    if not own.enabled:
        return None
    factory = PROVIDERS.get(provider_id)
    if factory is None:
        raise ConfigError(f"social_providers: there is no provider {provider_id}")
    try:
        return ConfiguredProvider(factory(options_of(own)), own)
    except ProviderOptionError as error:
        raise ConfigError(str(error)) from None


def options_of(own: SocialProvider) -> ProviderOptions:
    """The options as providers take them; what is not said keeps the provider's default."""
    said: dict[str, object] = {
        name: getattr(own, name)
        for name in ProviderOptions.__dataclass_fields__
        if name in SocialProvider.model_fields and getattr(own, name) is not None
    }
    said["scopes"] = tuple(own.scope)
    if own.client_secret is not None:
        said["client_secret"] = own.client_secret.get_secret_value()
    return ProviderOptions(**said)  # pyright: ignore[reportArgumentType] (same names, validated by the settings)


class SocialPlan:
    """What social sign-in works out once.

    Attributes:
        providers: Every provider.
        key_sets: The providers' public keys, kept for a while.
        refreshing: One renewal of tokens at a time for each account, within this process.
        state_in_cookie: Whether the state of an attempt travels in a cookie rather than lying in the database.
        state_cookie, oauth_state_cookie: The cookies of an attempt.
        cipher: For tokens and states.
        encrypts_tokens: Whether access and refresh tokens are stored encrypted.
        account_box: Seals the account cookie, where there is one.
    """

    __slots__ = (
        "account_box",
        "encrypts_tokens",
        "key_sets",
        "oauth_state_cookie",
        "providers",
        "refreshing",
        "state_cookie",
        "state_in_cookie",
    )

    def __init__(self, settings: Settings, cookies: Cookies, secrets: Secrets, *, stateless: bool = False) -> None:
        self.providers = Providers(settings.social_providers)
        self.key_sets = KeySets()
        self.refreshing = KeyedLocks()
        self.state_in_cookie = state_strategy(settings, stateless=stateless) == "cookie"
        self.state_cookie: Cookie = cookies.make(STATE_COOKIE)
        self.oauth_state_cookie: Cookie = cookies.make(STATE_IN_COOKIE)
        self.encrypts_tokens = settings.account.encrypt_oauth_tokens
        stores = stores_account_cookie(settings, has_database=not stateless)
        self.account_box = ClaimsBox(secrets, salt=ACCOUNT_SALT) if stores else None
