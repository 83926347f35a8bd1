"""Social sign-in as one instance has it: its providers with the application's own functions, and what guards their use.

Not how a provider works (``providers``) nor what happens at sign-in (``flows.oauth``). Made once with the blueprint.
Source: contract, providers.json ``common``; options.json ``socialProviders``, ``account``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

import anyio

from gatewright.crypto.cipher import Secrets
from gatewright.crypto.jwe import ACCOUNT_SALT, ClaimsBox
from gatewright.providers.base import Provider
from gatewright.providers.options import ProviderOptionError, ProviderOptions
from gatewright.providers.registry import PROVIDERS
from gatewright.services.cookies import Cookie, Cookies, CookieSpec
from gatewright.services.key_sets import KeySets
from gatewright.services.keyed_locks import KeyedLocks
from gatewright.settings.callbacks import RefreshContext, SocialProviderFunction
from gatewright.settings.derived import state_strategy, stores_account_cookie
from gatewright.settings.settings import Settings
from gatewright.settings.social import SocialProvider, SocialProviders, provider_options
from gatewright.wire.faults import ApiError, ConfigError

if TYPE_CHECKING:
    from gatewright.flows.oauth.person import Evidence, Person
    from gatewright.protocols.oauth2.token import OAuthTokens
    from gatewright.services.services import Services

__all__ = ("CodeGrant", "ConfiguredProvider", "Leaving", "ProviderMaker", "Providers", "SocialPlan", "Ways")

STATE_COOKIE = CookieSpec("state", 300)
"""Binds a browser to its state; seconds (contract)."""

RETRY = timedelta(seconds=5)
"""How long a provider that said nothing of itself is not asked again."""

STATE_IN_COOKIE = CookieSpec("oauth_state", 600)
"""The state itself, encrypted; seconds (contract)."""


@dataclass(frozen=True, slots=True, repr=False)
class CodeGrant:
    """A code to exchange, with what was sent along when it was asked for."""

    code: str
    code_verifier: str
    redirect_uri: str
    device_id: str | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """What a provider that a plugin brings does in its own way.

    Attributes:
        exchange: Redeems a code; raises ``TokenError`` or ``EgressError`` where that fails.
        renew: Uses a refresh token for somebody; raises the same.
        person: Who granted tokens, or ``None`` where that is not known or not proven.
    """

    exchange: Callable[[Services, CodeGrant], Awaitable[OAuthTokens]]
    renew: Callable[[Services, str, RefreshContext], Awaitable[OAuthTokens]]
    person: Callable[[Services, OAuthTokens, Evidence], Awaitable[Person | None]]


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where a browser signs out at a provider (OpenID Connect RP-Initiated Logout 1.0).

    Attributes:
        endpoint: The provider's end session endpoint.
        return_to: Where it sends the browser afterwards, unless the caller says.
    """

    endpoint: str
    return_to: str | None = None


@dataclass(frozen=True, slots=True)
class ConfiguredProvider:
    """A provider, and what the application says about it.

    Attributes:
        provider: Its endpoints and habits.
        own: The application's options with its own functions.
        ways: What it does in its own way, where a plugin brings it.
        sends_nonce: ID tokens are bound to the attempt that they answer.
        requires_issuer: Its answers carry ``iss`` (RFC 9207); one without is not its own.
        restarts: An answer that nobody asked for begins an attempt of ours (a sign-in that began at the provider).
        leaving: Where browsers sign out, where they do.
    """

    provider: Provider
    own: SocialProvider
    ways: Ways | None = None
    sends_nonce: bool = False
    requires_issuer: bool = False
    restarts: bool = False
    leaving: Leaving | None = None

    @property
    def id(self) -> str:
        """Name in paths and in ``account.providerId``."""
        return self.provider.id


ProviderMaker: TypeAlias = Callable[["Services"], Awaitable[ConfiguredProvider]]
"""Makes a provider that needs to be asked about itself first; raises ``ServiceUnavailable`` where it does not answer."""


class Providers:
    """The providers of an instance by name.

    A provider whose options a function makes, or that a plugin makes, is made when it is first asked for, once.

    Args:
        entries: As the settings have them.
        makers: Of plugins; they win over the settings.

    Raises:
        ConfigError: A provider lacks an option that it cannot work without; the message names both.
    """

    __slots__ = ("_failed", "_lock", "_makers", "_making", "_ready", "_waiting")

    def __init__(self, entries: SocialProviders, makers: Mapping[str, ProviderMaker] | None = None) -> None:
        self._ready: dict[str, ConfiguredProvider | None] = {}
        self._waiting: dict[str, SocialProviderFunction] = {}
        self._makers = dict(makers or {})
        self._making = KeyedLocks()
        self._failed: dict[str, tuple[datetime, ApiError]] = {}
        self._lock: anyio.Lock | None = None
        for provider_id, entry in entries.items():
            if isinstance(entry, SocialProvider):
                self._ready[provider_id] = configured(provider_id, entry)
            else:
                self._waiting[provider_id] = entry

    async def find(self, provider_id: str, services: Services) -> ConfiguredProvider | None:
        """The provider with this name, or ``None`` where none is configured and enabled.

        Raises:
            ConfigError: A function's options do not fit.
            ApiError: The provider says nothing of itself now.
        """
        if provider_id in self._makers:
            return await self._made(provider_id, services)
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

    async def _made(self, provider_id: str, services: Services) -> ConfiguredProvider | None:
        async with self._making.hold(provider_id):
            maker = self._makers.get(provider_id)
            if maker is not None:
                now = services.clock.now()
                when, error = self._failed.get(provider_id, (None, None))
                if when is not None and error is not None and now - when < RETRY:
                    raise error
                try:
                    self._ready[provider_id] = await maker(services)
                except ApiError as failed:
                    self._failed[provider_id] = (now, failed)
                    raise
                del self._makers[provider_id]
        return self._ready[provider_id]

    async def make_all(self, services: Services) -> None:
        """Make what plugins bring before the first request; one that does not answer now is asked again later."""
        for provider_id in list(self._makers):
            try:
                await self._made(provider_id, services)
            except ApiError as error:
                services.log.warning("a provider could not be set up", provider=provider_id, because=error.because)

    @property
    def can_leave(self) -> bool:
        """Whether any provider that has been made, or waits to be, ends sessions itself."""
        return bool(self._makers) or any(each is not None and each.leaving for each in self._ready.values())

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

    def __init__(
        self,
        settings: Settings,
        cookies: Cookies,
        secrets: Secrets,
        *,
        stateless: bool = False,
        makers: Mapping[str, ProviderMaker] | None = None,
    ) -> None:
        self.providers = Providers(settings.social_providers, makers)
        self.key_sets = KeySets()
        self.refreshing = KeyedLocks()
        self.state_in_cookie = state_strategy(settings, stateless=stateless) == "cookie"
        self.state_cookie: Cookie = cookies.make(STATE_COOKIE)
        self.oauth_state_cookie: Cookie = cookies.make(STATE_IN_COOKIE)
        self.encrypts_tokens = settings.account.encrypt_oauth_tokens
        stores = stores_account_cookie(settings, has_database=not stateless)
        self.account_box = ClaimsBox(secrets, salt=ACCOUNT_SALT) if stores else None
