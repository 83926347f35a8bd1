"""What one instance works out once from settings and plugins: names, cookies, keys, origins. Immutable, no store.

Source: ARCHITECTURE of the project, ``Blueprint``: everything here is shared by every ``Auth`` bound from it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from gatewright.crypto.cipher import Cipher, Secrets
from gatewright.crypto.hmac import CookieSigner
from gatewright.http.base_url import BaseURL, DynamicBaseURL
from gatewright.http.client_ip import ClientIpOptions
from gatewright.http.origin import TrustedOrigins
from gatewright.http.proxies import PROXIES
from gatewright.model.schema import Schema
from gatewright.services.cookies import Cookie, Cookies, CookieSpec
from gatewright.services.session_cache import CopySigner, SessionCache
from gatewright.services.social import ProviderMaker, SocialPlan
from gatewright.settings import derived
from gatewright.settings.settings import Settings
from gatewright.wire.faults import ConfigError

__all__ = ("Plan",)

P = TypeVar("P")


class Plan:
    """The fixed facts of an instance.

    Attributes:
        settings: As given.
        schema: Every table.
        cookies: Every cookie.
        secret: The current secret: every signature is made and verified with it alone (contract).
        secrets: The current secret, and those that still open what they once closed.
        cipher: Encrypts with the current secret, and opens what any of them has closed.
        signer: Signs cookies.
        base: Where the instance is reached, or ``None`` where each request decides.
        dynamic_base: How each request decides.
        stored_address: How the address that is stored with a session is found.
        limited_address: How the address that rate limits count is found: headers only from proxies.
        origins: Origins that are always trusted.
        social: Providers, and what guards signing in at them.
        session_cache: Makes copies of sessions for their owners, where they are in use.
        signs_copies: A plugin that signs these copies, in place of the secret.
        stateless: There is no store but this process.
        gates: Asked before a session begins; see ``pipeline/session_gates.py``.
        assures: Sessions say how their users were proven.
        believed: Providers whose word about methods (``amr``) is believed.
        enrolling: Operations for sessions that wait for a second factor to be set up.
        mails_verification: A plugin's way to have an address proven, in place of the mailed link.
    """

    __slots__ = (
        "_plugin_cookies",
        "_plugins",
        "assures",
        "base",
        "believed",
        "cipher",
        "cookies",
        "dynamic_base",
        "enrolling",
        "gates",
        "limited_address",
        "mails_verification",
        "origins",
        "schema",
        "secret",
        "secrets",
        "session_cache",
        "settings",
        "signer",
        "signs_copies",
        "social",
        "stateless",
        "stored_address",
    )

    def __init__(
        self,
        settings: Settings,
        schema: Schema,
        cookies: Cookies,
        *,
        secrets: Secrets,
        base: BaseURL | None,
        dynamic_base: DynamicBaseURL,
        origins: TrustedOrigins,
        plugins: Mapping[type[Any], Any],
        stateless: bool = False,
        plugin_cookies: Mapping[str, CookieSpec] | None = None,
        mails_verification: Callable[..., Awaitable[None]] | None = None,
        makers: Mapping[str, ProviderMaker] | None = None,
        signs_copies: CopySigner[Any] | None = None,
        gates: Sequence[Callable[[Any, Any], Awaitable[None]]] = (),
        assures: bool = False,
        enrolling: Iterable[type[Any]] = (),
        believed: Iterable[str] = (),
    ) -> None:
        self.settings = settings
        self.schema = schema
        self.cookies = cookies
        self.secret = secrets.current
        self.secrets = secrets
        self.cipher = Cipher(secrets)
        self.signer = CookieSigner(secrets.current)
        self.base = base
        self.dynamic_base = dynamic_base
        self.origins = origins
        self._plugins = plugins
        self.stateless = stateless
        self.gates = tuple(gates)
        self.assures = assures
        self.enrolling = frozenset(enrolling)
        self.believed = frozenset(believed)
        self.mails_verification = mails_verification
        copies = derived.session_copy(settings.session, stateless=stateless)
        self.session_cache = SessionCache(copies, schema, self.secrets, stateless=stateless) if copies.enabled else None
        self.signs_copies = signs_copies
        if signs_copies is not None and copies.strategy != "jwt":
            raise ConfigError('a plugin that signs cached sessions needs session.cookie_cache.strategy = "jwt"')
        self._plugin_cookies = {name: cookies.make(spec) for name, spec in (plugin_cookies or {}).items()}
        self.social = SocialPlan(settings, cookies, secrets, stateless=stateless, makers=makers)
        self.stored_address = _address_options(settings)
        self.limited_address = replace(self.stored_address, trust="declared")

    def plugin(self, cls: type[P]) -> P:
        """The installed plugin of a class.

        Raises:
            ConfigError: None is installed.
        """
        try:
            return self._plugins[cls]
        except KeyError:
            raise ConfigError(f"the plugin {cls.__name__} is not installed") from None

    def cookie(self, name: str) -> Cookie:
        """A cookie that an installed plugin declares.

        Raises:
            ConfigError: No installed plugin does.
        """
        try:
            return self._plugin_cookies[name]
        except KeyError:
            raise ConfigError(f"no installed plugin has a cookie {name!r}") from None

    @property
    def installed(self) -> tuple[Any, ...]:
        """Every installed plugin."""
        return tuple(self._plugins.values())

    @property
    def plugin_cookies(self) -> tuple[Cookie, ...]:
        """Every cookie that an installed plugin declares."""
        return tuple(self._plugin_cookies.values())

    def has(self, cls: type[Any]) -> bool:
        """Whether a plugin of this class is installed."""
        return cls in self._plugins


def _address_options(settings: Settings) -> ClientIpOptions:
    """How the address that a session records is found."""
    ip = settings.advanced.ip_address
    preset = None if settings.advanced.proxy is None else PROXIES[settings.advanced.proxy]
    # Headers that are named win over the preset's own.
    named = preset is None or "ip_address_headers" in ip.model_fields_set
    return ClientIpOptions.of(
        headers=ip.ip_address_headers if named or preset is None else (preset.header,),
        trusted_proxies=ip.trusted_proxies,
        ipv6_subnet=ip.ipv6_subnet,
        disabled=ip.disable_ip_tracking,
        trust="contract" if preset is None else "declared",
        nearest=() if preset is None else preset.networks,
    )
