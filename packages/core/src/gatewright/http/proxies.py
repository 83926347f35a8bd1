"""Well-known reverse proxies: where their connections come from, and which header tells of the client.

With one of them named in ``advanced.proxy``, forwarded headers count only on connections from its networks, and of a chain
only what that proxy itself has written: its last entry. The host is taken from ``Host``, which all of them pass on, because
most of them pass on a client's own ``X-Forwarded-Host`` as well. Source: each vendor's documentation of the headers that it
sets; RFC 7239 §8.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, Literal, TypeAlias

__all__ = ("PROXIES", "Network", "ProxyName", "ProxyPreset")

Network: TypeAlias = IPv4Network | IPv6Network

ProxyName: TypeAlias = Literal[
    "nginx", "caddy", "traefik", "haproxy", "aws-alb", "heroku", "fly", "cloudflare", "cloudflare-tunnel"
]
"""A proxy that is known here."""


@dataclass(frozen=True, slots=True)
class ProxyPreset:
    """One proxy.

    Attributes:
        header: Holds the client's address, or a chain whose last entry is it.
        networks: Where its connections come from.
    """

    header: str
    networks: tuple[Network, ...]


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)


_PRIVATE: Final = _networks(
    "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"
)  # RFC 1918, RFC 4193, loopback and link-local: a proxy on the same machine or in the same network

_CLOUDFLARE: Final = _networks(
    "173.245.48.0/20",
    "103.21.244.0/22",
    "103.22.200.0/22",
    "103.31.4.0/22",
    "141.101.64.0/18",
    "108.162.192.0/18",
    "190.93.240.0/20",
    "188.114.96.0/20",
    "197.234.240.0/22",
    "198.41.128.0/17",
    "162.158.0.0/15",
    "104.16.0.0/13",
    "104.24.0.0/14",
    "172.64.0.0/13",
    "131.0.72.0/22",
    "2400:cb00::/32",
    "2606:4700::/32",
    "2803:f800::/32",
    "2405:b500::/32",
    "2405:8100::/32",
    "2a06:98c0::/29",
    "2c0f:f248::/32",
)  # https://www.cloudflare.com/ips/

_CHAIN: Final = ProxyPreset("x-forwarded-for", _PRIVATE)

PROXIES: Final[Mapping[ProxyName, ProxyPreset]] = {
    "nginx": _CHAIN,
    "caddy": _CHAIN,
    "traefik": _CHAIN,
    "haproxy": _CHAIN,
    "aws-alb": _CHAIN,
    "heroku": _CHAIN,
    "fly": ProxyPreset("fly-client-ip", _PRIVATE),
    "cloudflare": ProxyPreset("cf-connecting-ip", _CLOUDFLARE),
    "cloudflare-tunnel": ProxyPreset("cf-connecting-ip", _PRIVATE),
}
"""Every preset by name."""
