"""The caller's address: from a header where the instance is behind proxies it knows, else from the connection.

Source: contract, options.json ``advanced.ipAddress``; endpoints.json ``conventions.rate_limit_rules.ipSource``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from gatewright.http.headers import Headers

__all__ = ("AddressRules", "address_bucket", "declared_address")


@dataclass(frozen=True, slots=True)
class AddressRules:
    """How the caller's address is found.

    Attributes:
        headers: Headers that may hold it, in lower case; the first that holds one wins.
        trusted_proxies: Networks of proxies; a chain is walked from its end to the first address outside of them.
        ipv6_prefix: Bits of an IPv6 address that stand for one caller.
        disabled: The address is not to be known at all.
    """

    headers: tuple[str, ...] = ("x-forwarded-for",)
    trusted_proxies: tuple[str, ...] = ()
    ipv6_prefix: int = 64
    disabled: bool = False


def declared_address(headers: Headers, rules: AddressRules) -> str | None:
    """The address that the configured headers declare, as the contract stores it with a session, or ``None``.

    Without trusted proxies a header counts only when it holds exactly one address.
    """
    if rules.disabled:
        return None
    for name in rules.headers:
        value = headers.get(name)
        if value is None:
            continue
        chain = [part.strip() for part in value.split(",")]
        found = _outermost(chain, rules.trusted_proxies) if rules.trusted_proxies else _only(chain)
        if found is not None:
            return _bucketed(found, rules.ipv6_prefix)
    return None


def address_bucket(headers: Headers, peer: str | None, rules: AddressRules) -> str:
    """Whom a rate limit counts: the declared address where proxies are configured, else the connection's other end.

    A header is believed only when the connection comes from a trusted proxy; what cannot be read is one bucket.
    """
    proxied = bool(rules.trusted_proxies) and (peer is None or _inside(peer, rules.trusted_proxies))
    if proxied or peer is None:
        declared = declared_address(headers, rules)
        if declared is not None:
            return declared
    if peer is not None:
        address = _parse(peer)
        if address is not None:
            return _bucketed(address, rules.ipv6_prefix)
    return "no-trusted-ip"


def _only(chain: Sequence[str]) -> IPv4Address | IPv6Address | None:
    return _parse(chain[0]) if len(chain) == 1 else None


def _outermost(chain: Sequence[str], proxies: tuple[str, ...]) -> IPv4Address | IPv6Address | None:
    for text in reversed(chain):
        address = _parse(text)
        if address is None:
            return None
        if not _inside(str(address), proxies):
            return address
    return None


def _inside(text: str, networks: tuple[str, ...]) -> bool:
    address = _parse(text)
    return address is not None and any(
        address in ip_network(network, strict=False) for network in networks if _is_network(network)
    )


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if text.startswith("[") and "]" in text:
        text = text[1 : text.index("]")]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _bucketed(address: IPv4Address | IPv6Address, prefix: int) -> str:
    if isinstance(address, IPv4Address) or prefix >= 128:
        return str(address)
    return str(IPv6Network((address, prefix), strict=False).network_address)
