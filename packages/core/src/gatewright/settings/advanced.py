"""Low-level options: addresses, cookies, identifiers, switches. Source: contract, options.json ``advanced``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from gatewright.http.cookies import is_name
from gatewright.http.proxies import ProxyName
from gatewright.settings.base import (
    FLAG,
    FUNCTION,
    LIST,
    TEXT,
    Called,
    Either,
    Flag,
    Options,
    Seconds,
    Texts,
    Whole,
    default,
)
from gatewright.settings.callbacks import BackgroundHandler, GenerateId

__all__ = (
    "AdvancedOptions",
    "BackgroundTaskOptions",
    "CookieOptions",
    "CookieOverride",
    "CrossSubDomainCookies",
    "DatabaseOptions",
    "IpAddressOptions",
)


class IpAddressOptions(Options):
    """How the caller's address is found."""

    ip_address_headers: Texts = default(("x-forwarded-for",))
    disable_ip_tracking: Flag = False
    ipv6_subnet: Whole = Field(default=64, ge=1, le=128)
    trusted_proxies: Texts = default(())
    """Addresses or CIDR ranges, skipped from the right of a forwarded chain."""

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                raise ValueError(f"{proxy!r} is no address and no CIDR range") from None
        return proxies


class CookieOptions(Options):
    """Attributes of a cookie; ``max_age`` is seconds."""

    max_age: Seconds | None = Field(default=None, ge=0)
    domain: str | None = None
    path: str | None = None
    expires: datetime | None = None
    http_only: Flag | None = None
    secure: Flag | None = None
    same_site: Literal["strict", "lax", "none", "Strict", "Lax", "None"] | None = None
    partitioned: Flag | None = None


class CookieOverride(Options):
    """Another name or other attributes for one cookie."""

    name: str | None = None
    attributes: CookieOptions | None = None


class CrossSubDomainCookies(Options):
    """Cookies that subdomains share."""

    enabled: Flag = False
    additional_cookies: Texts = default(())
    """Names of further cookies to share. Every cookie of an instance is shared where this is ``enabled``, so that the
    names are checked and change nothing (contract)."""
    domain: str | None = None
    """Unless set, the host of ``base_url``."""

    @field_validator("additional_cookies")
    @classmethod
    def _names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not is_name(name):
                raise ValueError(f"{name!r} is no name of a cookie")
        return names


class DatabaseOptions(Options):
    """How rows are identified and named."""

    default_find_many_limit: Whole = Field(default=100, gt=0)
    generate_id: (
        Annotated[
            Annotated[Literal["serial", "uuid", "uuid7"], TEXT]
            | Annotated[Literal[False], FLAG]
            | Annotated[Called[GenerateId], FUNCTION],
            Either,
        ]
        | None
    ) = None
    """``serial`` and ``False`` leave it to the store; unless set, 32 random characters."""
    joins: Flag = True
    """Related rows in one read. The contract's default is off; a session is one joined read here."""
    naming: Literal["camelCase", "snake_case"] = "camelCase"
    """Names of columns and tables that are not mapped one by one."""
    missing_tables: Literal["refuse", "create", "ignore"] = "refuse"
    """What an instance does where the database lacks tables or columns of it when it is opened: it does not start, adds
    them, or does not look."""
    statement_timeout: float = Field(default=5.0, gt=0)
    """Longest, in seconds, that a statement may take on a database that sets no bound of its own."""


class BackgroundTaskOptions(Options):
    """The application's own way to run work after the reply."""

    handler: Called[BackgroundHandler]


class AdvancedOptions(Options):
    """Low-level options."""

    ip_address: IpAddressOptions = IpAddressOptions()
    use_secure_cookies: Flag | None = None
    """Unless set, as ``base_url`` says, else as ``production``."""
    disable_csrf_check: Flag | None = Field(
        default=None, validation_alias="disableCSRFCheck", serialization_alias="disableCSRFCheck"
    )
    disable_origin_check: (
        Annotated[Annotated[Flag, FLAG] | Annotated[Sequence[str], AfterValidator(tuple), LIST], Either] | None
    ) = None
    cross_sub_domain_cookies: CrossSubDomainCookies | None = None
    cookies: Mapping[str, CookieOverride] | None = None
    """By the contract's name of the cookie, such as ``session_token``."""
    default_cookie_attributes: CookieOptions | None = None
    cookie_prefix: str = "better-auth"
    """An empty text is the default (contract)."""
    database: DatabaseOptions = DatabaseOptions()
    trusted_proxy_headers: Flag | None = None
    """``X-Forwarded-Host`` and ``X-Forwarded-Proto`` are believed; with ``proxy``, on its connections only."""
    proxy: ProxyName | None = None
    """The reverse proxy in front: the client's address and the scheme come from its headers, on its connections only."""
    background_tasks: BackgroundTaskOptions | None = None
    skip_trailing_slashes: Flag = False
    security_headers: Flag = True
    """Answers carry ``X-Content-Type-Options``, ``Cache-Control: no-store``, ``Referrer-Policy`` and ``Retry-After``
    where better-auth sends none of them."""
    max_body_bytes: Whole = Field(default=1_048_576, gt=0)
    """Largest request body that is read."""

    @field_validator("cookie_prefix")
    @classmethod
    def _named(cls, prefix: str) -> str:
        return prefix or "better-auth"
