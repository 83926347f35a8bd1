"""The client's address: which header or peer to believe, and the one spelling under which it is counted.

It opens no sockets; well-known proxies are in :mod:`gatewright.http.proxies`. Source: contract ``rate_limit_rules.ipSource`` and option
``advanced.ipAddress``; RFC 7239 §5.2 and §8.1 (forwarded chains are only as good as the proxies that wrote them).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Literal

from gatewright.http.headers import Headers

__all__ = ("ClientIpOptions", "Trust", "client_ip", "is_among", "normalize_ip")

Trust = Literal["contract", "declared"]
"""Whose word is taken for the client's address.

``declared``: forwarded headers count only behind a declared proxy. Without declared proxies the peer is the client.
``contract``: better-auth's rule. Without declared proxies a header with exactly one address is believed from anyone, so a
client that reaches the server directly may choose its own address; the peer is never used.
"""

_DEFAULT_HEADERS: Final = ("x-forwarded-for",)
_LONGEST: Final = 45  # characters of an IPv6 address with an IPv4 tail


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientIpOptions:
    """How addresses are found, compiled once.

    Attributes:
        headers: Header names to look at, in order.
        trusted_proxies: Networks whose members are proxies.
        ipv6_subnet: Bits of an IPv6 address that tell clients apart, 0 to 128.
        disabled: No addresses at all.
        trust: Whose word is taken, see ``Trust``.
        nearest: Networks of the proxy that connections come from. Unlike ``trusted_proxies`` its addresses are clients where
            they appear in a chain, so that nobody in the same network can put another address in front.
    """

    headers: tuple[str, ...] = _DEFAULT_HEADERS
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    ipv6_subnet: int = 64
    disabled: bool = False
    trust: Trust = "declared"
    nearest: tuple[IPv4Network | IPv6Network, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.ipv6_subnet <= 128:
            raise ValueError("ipv6_subnet must lie between 0 and 128 bits")

    @classmethod
    def of(
        cls,
        *,
        headers: Sequence[str] = _DEFAULT_HEADERS,
        trusted_proxies: Sequence[str] = (),
        ipv6_subnet: int = 64,
        disabled: bool = False,
        trust: Trust = "declared",
        nearest: tuple[IPv4Network | IPv6Network, ...] = (),
    ) -> "ClientIpOptions":
        """Options from text.

        Args:
            headers: Header names, dashed.
            trusted_proxies: Addresses or CIDR ranges.
            ipv6_subnet: Bits.
            disabled: No addresses at all.
            trust: Whose word is taken.
            nearest: Networks of the proxy that connections come from.

        Raises:
            ValueError: A proxy is neither an address nor a range, or ``ipv6_subnet`` is out of range.
        """
        return cls(
            headers=tuple(name.lower() for name in headers),
            trusted_proxies=tuple(ip_network(text.strip(), strict=False) for text in trusted_proxies),
            ipv6_subnet=ipv6_subnet,
            disabled=disabled,
            trust=trust,
            nearest=nearest,
        )

    def believes(self, peer: str | None) -> bool:
        """Whether forwarded headers count on a connection from ``peer``.

        An unknown peer (a Unix socket, an in-process caller) can only be the proxy that was declared.
        """
        if peer is None:
            return bool(self.nearest or self.trusted_proxies)
        return is_among(peer, self.nearest) or is_among(peer, self.trusted_proxies)


def client_ip(headers: Headers, peer: str | None, options: ClientIpOptions) -> str | None:
    """The address that a request is counted under and a session records.

    Args:
        headers: Request headers.
        peer: The connection's other end, without port; ``None`` when the server cannot tell.
        options: Compiled options.

    Returns:
        An IPv4 address, or an IPv6 network address in its long spelling; ``None`` when no address can be believed, in which
        case all such requests share one bucket.
    """
    if options.disabled:
        return None
    if options.trust == "declared" and not (
        options.believes(peer) and any(name in headers for name in options.headers)
    ):
        return None if peer is None else normalize_ip(peer.partition("%")[0], options.ipv6_subnet)
    for name in options.headers:
        value = headers.get(name)
        if value is not None:
            address = _from_chain([entry for part in value.split(",") if (entry := part.strip())], options)
            if address is not None:
                return address
    return None


def _from_chain(chain: list[str], options: ClientIpOptions) -> str | None:
    if not options.trusted_proxies and not options.nearest:
        return normalize_ip(chain[0], options.ipv6_subnet) if len(chain) == 1 else None
    for entry in reversed(chain):
        if not is_among(entry, options.trusted_proxies):
            # The nearest hop that is not ours wrote whatever stands further left.
            return normalize_ip(entry, options.ipv6_subnet)
    return None


def is_among(text: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether a text is an address in one of the networks; a zone is passed over."""
    address = _address(text.partition("%")[0])
    return address is not None and any(address in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    # Checked before the cache, which must not be filled with whatever a client sends.
    return None if len(text) > _LONGEST or "%" in text else _parse(text)


@lru_cache(maxsize=4096)
def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return address if address.version == 4 else address.ipv4_mapped or address


def normalize_ip(text: str, ipv6_subnet: int = 64) -> str | None:
    """One spelling for one client.

    Args:
        text: An address without port or zone.
        ipv6_subnet: Bits of an IPv6 address that are kept.

    Returns:
        IPv4 as it is, IPv4-mapped IPv6 as IPv4, IPv6 with the other bits cleared as eight groups of four digits; ``None``
        when ``text`` is no address.
    """
    address = _address(text)
    if address is None or isinstance(address, IPv4Address):
        return None if address is None else str(address)
    kept = int(address) >> (128 - ipv6_subnet) << (128 - ipv6_subnet)
    digits = f"{kept:032x}"
    return ":".join(digits[at : at + 4] for at in range(0, 32, 4))
