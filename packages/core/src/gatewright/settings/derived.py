"""What follows from settings: defaults that depend on other options or on what an instance is built with. Pure.

Called while an instance is constructed, never per request. Source: contract, cookies.json ``naming.secureRule``,
``crossSubDomain`` and ``stateless_defaults``; crypto.json ``secret``; options.json ``core``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from gatewright.crypto.cipher import Secrets
from gatewright.model.schema import TableOptions
from gatewright.settings.base import Options
from gatewright.settings.fields import ModelOptions
from gatewright.settings.session import CookieCache, RefreshCache, SessionOptions
from gatewright.settings.verification import IdentifierHash, IdentifierStorage, VerificationOptions
from gatewright.wire.faults import ConfigError

if TYPE_CHECKING:
    from gatewright.settings.settings import Settings

__all__ = (
    "MIN_SECRET",
    "alias_of",
    "check_secret",
    "cookie_domain",
    "cookie_prefix",
    "identifier_form",
    "rate_limit_storage",
    "rate_limited",
    "refresh_window",
    "secret_set",
    "secure_cookies",
    "send_on_sign_up",
    "session_copy",
    "state_strategy",
    "stores_account_cookie",
    "table_options",
)

MIN_SECRET = 32
"""Fewest characters of a secret in production (contract: ``minLengthWarning``)."""

MIN_DIFFERENT = 8
"""Fewest different characters of a secret in production: less is a pattern, not a draw."""

_PUBLIC_SECRET = "better-auth-secret-12345678901234567890"  # noqa: S105 (the contract's default, known to everybody)

COPY_LIFETIME = 300
"""Seconds that a cached session lasts unless set (contract)."""


def alias_of(options: type[Options], name: str) -> str:
    """The contract's name of an option."""
    return options.model_fields[name].serialization_alias or name


# Secrets -------------------------------------------------------------------------------------------------------------


def secret_set(settings: Settings) -> Secrets:
    """Every secret: the one in use, and those that still open what they once closed.

    Raises:
        ConfigError: There is none.
    """
    single = "" if settings.secret is None else settings.secret.get_secret_value()
    if settings.secrets:
        entries = [(each.version, each.value.get_secret_value()) for each in settings.secrets]
        return Secrets.versioned(entries, legacy=single if single not in ("", _PUBLIC_SECRET) else None)
    if not single:
        raise ConfigError("a secret is needed: Settings(secret=...), at least 32 random characters")
    return Secrets.single(single)


def check_secret(settings: Settings, *, production: bool) -> None:
    """Refuse a secret that anybody could know or guess; see ``Settings.check_secret``.

    Raises:
        ConfigError: It is missing or too weak.
    """
    current = secret_set(settings).current
    if not production:
        return
    if current == _PUBLIC_SECRET:
        raise ConfigError("the secret is the published default, which everybody knows: use 32 random characters")
    if len(current) < MIN_SECRET or len(set(current)) < MIN_DIFFERENT:
        raise ConfigError("the secret is too weak for production: use at least 32 random characters")


# Cookies -------------------------------------------------------------------------------------------------------------


def secure_cookies(settings: Settings) -> bool:
    """Whether cookies are ``Secure`` and carry the ``__Secure-`` prefix."""
    if settings.advanced.use_secure_cookies is not None:
        return settings.advanced.use_secure_cookies
    base = settings.base_url
    if isinstance(base, str):
        return base.lower().startswith("https://")
    if base is not None and base.protocol != "auto":
        return base.protocol == "https"
    return settings.production


def cookie_prefix(settings: Settings) -> str:
    """What stands in front of ``.session_token`` and its like."""
    return ("__Secure-" if secure_cookies(settings) else "") + settings.advanced.cookie_prefix


def cookie_domain(settings: Settings) -> str | None:
    """The ``Domain`` of cookies that subdomains share; empty where one is needed and nobody said it."""
    cross = settings.advanced.cross_sub_domain_cookies
    if cross is None or not cross.enabled:
        return None
    if cross.domain:
        return cross.domain
    base = settings.base_url
    address = base if isinstance(base, str) or base is None else base.fallback
    return (urlsplit(address).hostname if address else None) or ""


# Sessions and accounts -----------------------------------------------------------------------------------------------


def session_copy(session: SessionOptions, *, stateless: bool) -> CookieCache:
    """The session's cached copy with every default filled in; ``max_age`` is never ``None``.

    Args:
        session: Its options.
        stateless: There is neither a database nor a secondary storage: the copy is all there is, so that it is on,
            encrypted, re-issued, and lasts as long as the session, unless set otherwise.
    """
    said = session.cookie_cache or CookieCache()
    if not stateless:
        return said.model_copy(update={"max_age": said.max_age or COPY_LIFETIME})
    defaults: dict[str, object] = {
        "enabled": True,
        "strategy": "jwe",
        "refresh_cache": True,
        "max_age": session.expires_in,
    }
    return said.model_copy(update={name: value for name, value in defaults.items() if name not in _said(said)})


def _said(copy: CookieCache) -> set[str]:
    return {name for name in copy.model_fields_set if getattr(copy, name) is not None}


def refresh_window(copy: CookieCache) -> int | None:
    """Remaining seconds below which a copy is re-issued without a store, or ``None`` where it never is."""
    if copy.refresh_cache is False:
        return None
    own = copy.refresh_cache.update_age if isinstance(copy.refresh_cache, RefreshCache) else None
    return (copy.max_age or COPY_LIFETIME) // 5 if own is None else own


def state_strategy(settings: Settings, *, stateless: bool) -> Literal["database", "cookie"]:
    """Where the state of a sign-in at a provider is kept."""
    return settings.account.store_state_strategy or ("cookie" if stateless else "database")


def stores_account_cookie(settings: Settings, *, has_database: bool) -> bool:
    """Whether the account at a provider is kept in a cookie."""
    said = settings.account.store_account_cookie
    return not has_database if said is None else said


def send_on_sign_up(settings: Settings) -> bool:
    """Whether signing up sends the link that verifies the address."""
    said = settings.email_verification.send_on_sign_up
    return settings.email_and_password.require_email_verification if said is None else said


# Limits, one-time values, tables -------------------------------------------------------------------------------------


def rate_limited(settings: Settings) -> bool:
    """Whether requests are counted."""
    said = settings.rate_limit.enabled
    return settings.production if said is None else said


def rate_limit_storage(
    settings: Settings, *, has_cache: bool
) -> Literal["memory", "database", "secondary-storage", "custom"]:
    """Where requests are counted."""
    if settings.rate_limit.custom_storage is not None:
        return "custom"
    return settings.rate_limit.storage or ("secondary-storage" if has_cache else "memory")


def identifier_form(options: VerificationOptions, identifier: str) -> Literal["plain", "hashed"] | IdentifierHash:
    """How a one-time value's identifier is stored: as the first override says whose prefix it has."""
    said = options.store_identifier
    if not isinstance(said, IdentifierStorage):
        return said
    matching: Sequence[Literal["plain", "hashed"] | IdentifierHash] = [
        form for prefix, form in said.overrides.items() if identifier.startswith(prefix)
    ]
    return matching[0] if matching else said.default


def table_options(settings: Settings) -> dict[str, TableOptions]:
    """Names and further columns of every table, by model name."""
    groups: dict[str, ModelOptions] = {
        "user": settings.user,
        "session": settings.session,
        "account": settings.account,
        "verification": settings.verification,
        "rateLimit": settings.rate_limit,
        **settings.tables,
    }
    return {model: options.table_options() for model, options in groups.items()}
