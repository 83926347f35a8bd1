"""Low-level options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import Field, SkipValidation

from gatewright.settings.base import Options

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

    ip_address_headers: tuple[str, ...] = ("x-forwarded-for",)
    disable_ip_tracking: bool = False
    ipv6_subnet: int = Field(default=64, ge=1, le=128)
    trusted_proxies: tuple[str, ...] = ()


class CookieOptions(Options):
    """Attributes of a cookie; ``max_age`` is seconds."""

    max_age: int | None = None
    domain: str | None = None
    path: str | None = None
    http_only: bool | None = None
    secure: bool | None = None
    same_site: Literal["strict", "lax", "none", "Strict", "Lax", "None"] | None = None
    partitioned: bool | None = None


class CookieOverride(Options):
    """Another name or other attributes for one cookie."""

    name: str | None = None
    attributes: CookieOptions | None = None


class CrossSubDomainCookies(Options):
    """Cookies that subdomains share."""

    enabled: bool = False
    additional_cookies: tuple[str, ...] = ()
    domain: str | None = None


class DatabaseOptions(Options):
    """How rows are identified and named."""

    default_find_many_limit: int = Field(default=100, gt=0)
    generate_id: SkipValidation[Callable[..., Any]] | Literal["serial", "uuid", "uuid7", False] | None = None
    joins: bool = True
    naming: Literal["camelCase", "snake_case"] = "camelCase"
    """Names of columns and tables that are not mapped one by one."""


class BackgroundTaskOptions(Options):
    """The application's own way to run work after the reply."""

    handler: SkipValidation[Callable[[Any], Any]]


class AdvancedOptions(Options):
    """Low-level options."""

    ip_address: IpAddressOptions = IpAddressOptions()
    use_secure_cookies: bool | None = None
    disable_csrf_check: bool | None = Field(default=None, alias="disableCSRFCheck")
    disable_origin_check: bool | tuple[str, ...] | None = None
    cross_sub_domain_cookies: CrossSubDomainCookies | None = None
    cookies: Mapping[str, CookieOverride] | None = None
    default_cookie_attributes: CookieOptions | None = None
    cookie_prefix: str = "better-auth"
    database: DatabaseOptions = DatabaseOptions()
    trusted_proxy_headers: bool | None = None
    background_tasks: BackgroundTaskOptions | None = None
    skip_trailing_slashes: bool = False
    max_body_bytes: int = Field(default=1_048_576, gt=0)
    """Largest request body that is read."""
