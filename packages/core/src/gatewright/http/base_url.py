"""The server's own URL: configured once, or chosen for each request among allowed hosts.

It never lets a request choose a host outside the list, and remembers nothing from one request to the next. Source:
contract options ``baseURL``, ``basePath``, ``advanced.trustedProxyHeaders``; RFC 9110 §7.2 and RFC 9112 §3.2 (a request with
an invalid or repeated ``Host`` is answered 400).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from gatewright.http.client_ip import is_among
from gatewright.http.origin import CompiledPattern, compile_pattern
from gatewright.http.proxies import Network
from gatewright.http.request import Request
from gatewright.http.url import parse_url

__all__ = (
    "DEFAULT_BASE_PATH",
    "BaseURL",
    "DynamicBaseURL",
    "InvalidHost",
    "Protocol",
    "host_header",
    "normalize_base_path",
    "resolve",
)

DEFAULT_BASE_PATH: Final = "/api/auth"

Protocol = Literal["auto", "http", "https"]

_LONGEST_HOST: Final = 261  # 253 characters of a name, colon, port, and the brackets of an address
_HOST: Final = re.compile(r"(?:[A-Za-z0-9\-._]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class InvalidHost(ValueError):
    """The ``Host`` header is empty, repeated or not a host."""


@dataclass(frozen=True, slots=True)
class BaseURL:
    """A settled base URL.

    Attributes:
        origin: ``https://auth.example.com``, without default port or trailing slash.
        base_path: ``/api/auth``; empty when the routes sit at the root.
        url: Both together.
        secure: The origin is ``https``.
    """

    origin: str
    base_path: str
    url: str = field(init=False)
    secure: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.origin + self.base_path)
        object.__setattr__(self, "secure", self.origin.startswith("https:"))

    @classmethod
    def parse(cls, url: str, base_path: str = DEFAULT_BASE_PATH) -> "BaseURL":
        """A configured base URL.

        Args:
            url: Origin, or origin and path; a path in it wins over ``base_path``. Query and fragment are dropped.
            base_path: Mount path for a URL without path.

        Raises:
            ValueError: It is not an absolute ``http`` or ``https`` URL. The text says what upstream's says.
        """
        parsed = parse_url(url)
        if parsed is None:
            raise ValueError(f"Invalid base URL: {url}. Please provide a valid base URL.")
        if parsed.scheme not in {"http", "https"}:
            raise ValueError(f"Invalid base URL: {url}. URL must include 'http://' or 'https://'")
        return cls(f"{parsed.scheme}://{parsed.authority}", parsed.path.rstrip("/") or normalize_base_path(base_path))

    @property
    def host(self) -> str:
        """Host and port."""
        return self.origin.partition("://")[2]

    @property
    def hostname(self) -> str:
        """Host without port; what a cross-subdomain cookie takes for its domain."""
        return _without_port(self.host)


def normalize_base_path(path: str) -> str:
    """A mount path with one leading and no trailing slash; empty for the root."""
    trimmed = path.rstrip("/")
    return trimmed if not trimmed or trimmed.startswith("/") else f"/{trimmed}"


@dataclass(frozen=True, slots=True)
class DynamicBaseURL:
    """A base URL chosen for each request.

    Attributes:
        allowed_hosts: Compiled host patterns; ``None`` when no base URL is configured and any well-formed host is taken.
        protocol: Scheme of the result; ``auto`` takes the request's.
        fallback: Used for hosts that are not allowed.
        base_path: Mount path.
        trusted_proxy_headers: ``X-Forwarded-Host`` and ``X-Forwarded-Proto`` are believed.
        hosts: The patterns as configured.
        proxies: Networks of the known proxy in front. What it forwards is believed on its connections only: the protocol
            always, the host where ``trusted_proxy_headers`` says so. ``None`` where no proxy is known.
    """

    allowed_hosts: tuple[CompiledPattern, ...] | None
    protocol: Protocol = "auto"
    fallback: BaseURL | None = None
    base_path: str = DEFAULT_BASE_PATH
    trusted_proxy_headers: bool = False
    hosts: tuple[str, ...] = ()
    proxies: tuple[Network, ...] | None = None

    @classmethod
    def of(
        cls,
        allowed_hosts: Sequence[str] | None,
        *,
        protocol: Protocol = "auto",
        fallback: str | None = None,
        base_path: str = DEFAULT_BASE_PATH,
        trusted_proxy_headers: bool = False,
        proxies: tuple[Network, ...] | None = None,
    ) -> "DynamicBaseURL":
        """Compile the options.

        Args:
            allowed_hosts: Hosts with their port where it is not the default; ``*`` and ``?`` are wildcards; a scheme in front
                is passed over. ``None`` when no base URL is configured.
            protocol: Scheme of the result.
            fallback: URL used for hosts that are not allowed.
            base_path: Mount path.
            trusted_proxy_headers: Believe forwarded host and protocol.
            proxies: Networks of the known proxy in front.

        Raises:
            ValueError: The list is empty, or the fallback is not a base URL.
        """
        hosts = None if allowed_hosts is None else tuple(allowed_hosts)
        if hosts is not None and not hosts:
            raise ValueError(
                "baseURL.allowedHosts cannot be empty. Provide at least one allowed host pattern "
                '(e.g., ["myapp.com", "*.vercel.app"]).'
            )
        return cls(
            allowed_hosts=None if hosts is None else tuple(compile_pattern(_bare(host)) for host in hosts),
            protocol=protocol,
            fallback=None if fallback is None else BaseURL.parse(fallback, base_path),
            base_path=normalize_base_path(base_path),
            trusted_proxy_headers=trusted_proxy_headers,
            hosts=hosts or (),
            proxies=proxies,
        )

    def forwarded_scheme(self, request: Request) -> str | None:
        """The scheme that the client used, as far as a proxy tells and is believed."""
        believed = self.trusted_proxy_headers if self.proxies is None else _from_among(request, self.proxies)
        said = request.headers.get("x-forwarded-proto") if believed else None
        return said if said in {"http", "https"} else None

    def forwarded_host(self, request: Request) -> str | None:
        """The host that the client asked, as far as a proxy tells and is believed."""
        if not self.trusted_proxy_headers or (self.proxies is not None and not _from_among(request, self.proxies)):
            return None
        said = request.headers.get("x-forwarded-host")
        return said.lower() if said is not None and _is_host(said) else None

    def allows(self, host: str) -> bool:
        """Whether a well-formed host may be answered under its own name."""
        if self.allowed_hosts is None:
            return True
        return any(each.matches_host(host) for each in self.allowed_hosts)

    def trusted_origins(self) -> tuple[str, ...]:
        """The trusted-origin patterns that the allowed hosts and the fallback stand for."""
        patterns: list[str] = []
        for host in self.hosts:
            if "://" in host:
                patterns.append(host)
                continue
            loopback = _without_port(host.lower()) in _LOOPBACK
            if self.protocol != "http":
                patterns.append(f"https://{host.lower()}")
            if self.protocol != "https" or loopback:
                patterns.append(f"http://{host.lower()}")
        if self.fallback is not None:
            patterns.append(self.fallback.origin)
        return tuple(patterns)


def resolve(request: Request, config: BaseURL | DynamicBaseURL) -> BaseURL | None:
    """The base URL under which a request is answered.

    Args:
        request: The request.
        config: A fixed base URL, or the rules for choosing one.

    Returns:
        The fixed one; or the request's own host where it is allowed; or the fallback; ``None`` when there is nothing safe to
        answer under.

    Raises:
        InvalidHost: The base URL depends on a ``Host`` header that is malformed or repeated.
    """
    if isinstance(config, BaseURL):
        return config
    host = host_header(request)
    host = config.forwarded_host(request) or host
    scheme = config.forwarded_scheme(request) or request.scheme
    if not config.allows(host):
        return config.fallback
    if config.protocol != "auto":
        scheme = config.protocol
    parsed = parse_url(f"{scheme}://{host}")
    if parsed is None or parsed.scheme not in {"http", "https"}:
        return config.fallback
    return BaseURL(f"{parsed.scheme}://{parsed.authority}", config.base_path)


def host_header(request: Request) -> str:
    """The host and port that a request was sent to, in lower case.

    Raises:
        InvalidHost: The header is empty, sent twice with different values, or holds user information, a path, white space or a bad port.
    """
    hosts = request.headers.all("host")
    if len(set(hosts)) > 1 or not _is_host(hosts[0] if hosts else request.host):
        raise InvalidHost("malformed Host header")
    return (hosts[0] if hosts else request.host).lower()


def _from_among(request: Request, networks: tuple[Network, ...]) -> bool:
    """Whether a connection comes from one of the networks; an unknown peer is a proxy on a Unix socket."""
    return request.peer is None or is_among(request.peer, networks)


def _is_host(text: str) -> bool:
    if len(text) > _LONGEST_HOST or _HOST.fullmatch(text) is None:
        return False
    return parse_url(f"http://{text}") is not None


def _bare(pattern: str) -> str:
    """A host pattern without scheme and path, in lower case."""
    return pattern.partition("://")[2 if "://" in pattern else 0].partition("/")[0].lower()


def _without_port(host: str) -> str:
    name, colon, _ = host.rpartition(":")
    return name if colon and not host.endswith("]") else host
