"""Where an instance is reached: one fixed address, or one per request from a list of allowed hosts.

A host that a request claims is never believed beyond that list. Source: contract, options.json ``baseURL``,
``basePath``, ``advanced.trustedProxyHeaders``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gatewright.http.address import parse_address
from gatewright.http.request import Request

__all__ = ("BaseURL", "DynamicBase", "fixed_base", "resolve")

Protocol: TypeAlias = Literal["http", "https", "auto"]

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._\-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class BaseURL:
    """Where an instance is reached.

    Attributes:
        origin: ``https://app.example.com``; empty where nobody said.
        base_path: ``/api/auth``, or empty for the root.
    """

    origin: str
    base_path: str

    @property
    def url(self) -> str:
        """The whole address, without a slash at the end."""
        return self.origin + self.base_path

    @property
    def secure(self) -> bool:
        """Whether it is ``https``."""
        return self.origin.startswith("https://")


@dataclass(frozen=True, slots=True)
class DynamicBase:
    """How a request decides where the instance is reached.

    Attributes:
        base_path: Where it is mounted.
        allowed_hosts: Patterns (``*``, ``?``) of hosts that are believed; empty believes the server's own view of the
            request, which is right only where the server itself checks hosts.
        protocol: ``auto`` takes the scheme of the request.
        fallback: An address for requests with another host, or ``None`` to refuse them.
        trust_proxy_headers: Whether ``X-Forwarded-Host`` and ``X-Forwarded-Proto`` are read; by default only where
            hosts are listed.
    """

    base_path: str
    allowed_hosts: tuple[str, ...] = ()
    protocol: Protocol = "auto"
    fallback: str | None = None
    trust_proxy_headers: bool | None = None


def fixed_base(base_url: str, base_path: str) -> BaseURL:
    """The address that settings name; a path in ``base_url`` wins over ``base_path``.

    Raises:
        ValueError: It is no ``http`` address.
    """
    address = parse_address(base_url)
    if address is None or address.scheme not in ("http", "https"):
        raise ValueError(f"base_url must be an http or https address, not {base_url!r}")
    own_path = re.split(r"[?#]", address.path, maxsplit=1)[0].rstrip("/")
    return BaseURL(address.origin, own_path or _path(base_path))


def resolve(request: Request, config: DynamicBase) -> BaseURL | None:
    """Where the instance is reached by this request, or ``None`` when its host is not acceptable."""
    base_path = _path(config.base_path)
    hosts = request.headers.all("host")
    host = request.host if not hosts else hosts[0] if len(hosts) == 1 else ""
    scheme = request.scheme
    listed = bool(config.allowed_hosts)
    if config.trust_proxy_headers or (config.trust_proxy_headers is None and listed):
        forwarded = request.headers.get("x-forwarded-host")
        if forwarded and _HOST.fullmatch(forwarded.strip()):
            host = forwarded.strip()
        said = request.headers.get("x-forwarded-proto")
        if said in ("http", "https"):
            scheme = said
    if config.protocol != "auto":
        scheme = config.protocol
    elif listed and _is_local(host):
        scheme = request.scheme
    acceptable = _HOST.fullmatch(host) is not None
    if acceptable and (not listed or any(_matches(pattern, host) for pattern in config.allowed_hosts)):
        address = parse_address(f"{scheme}://{host}")
        return None if address is None else BaseURL(address.origin, base_path)
    if config.fallback is not None:
        return fixed_base(config.fallback, base_path)
    return None


def _path(text: str) -> str:
    text = text.rstrip("/")
    return text if not text or text.startswith("/") else f"/{text}"


def _is_local(host: str) -> bool:
    return host.partition(":")[0] in ("localhost", "127.0.0.1")


def _matches(pattern: str, host: str) -> bool:
    text = pattern.lower().partition("://")[2] or pattern.lower()
    expression = "".join({"*": "[^/@]*", "?": "[^/@]"}.get(each, re.escape(each)) for each in text)
    return re.fullmatch(expression, host.lower()) is not None
