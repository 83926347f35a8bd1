"""Known proxies: what they say counts on their own connections, and nobody else's word does."""

from typing import Any

import pytest

from gatewright.http.base_url import DynamicBaseURL, resolve
from gatewright.http.client_ip import ClientIpOptions, client_ip
from gatewright.http.headers import Headers
from gatewright.http.proxies import PROXIES, ProxyName
from gatewright.http.request import Request
from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError

INSIDE: dict[ProxyName, str] = {
    "nginx": "127.0.0.1",
    "caddy": "172.18.0.2",
    "traefik": "10.0.3.4",
    "haproxy": "192.168.1.2",
    "aws-alb": "10.1.2.3",
    "heroku": "10.9.9.9",
    "fly": "172.16.0.10",
    "cloudflare": "104.16.1.1",
    "cloudflare-tunnel": "::1",
}


def _address(name: ProxyName, peer: str | None, *headers: tuple[str, str], trusted: tuple[str, ...] = ()) -> str | None:
    preset = PROXIES[name]
    options = ClientIpOptions.of(headers=(preset.header,), trusted_proxies=trusted, nearest=preset.networks)
    return client_ip(Headers.of(headers), peer, options)


def test_every_preset_is_tried() -> None:
    assert INSIDE.keys() == PROXIES.keys()


@pytest.mark.parametrize("name", INSIDE)
def test_a_preset_believes_its_own_header_on_its_own_connections(name: ProxyName) -> None:
    header = PROXIES[name].header
    others = [("x-real-ip", "198.51.100.1"), ("true-client-ip", "198.51.100.1")]
    assert _address(name, INSIDE[name], (header, "203.0.113.5"), *others) == "203.0.113.5"
    assert _address(name, None, (header, "203.0.113.5")) == "203.0.113.5"
    assert _address(name, "203.0.113.99", (header, "198.51.100.1"), *others) == "203.0.113.99"
    assert _address(name, INSIDE[name], (header, "no-address")) is None


def test_of_a_chain_only_the_proxys_own_entry_counts() -> None:
    chain = ("x-forwarded-for", "198.51.100.1, 10.0.0.7")
    # Somebody in the same network who puts another address in front is counted under their own.
    assert _address("nginx", "10.0.0.1", chain) == "10.0.0.7"
    # Unless that is a proxy too, and named.
    assert _address("nginx", "10.0.0.1", chain, trusted=("10.0.0.7",)) == "198.51.100.1"


def _request(peer: str | None, **headers: str) -> Request:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request.make("GET", "http://a.example/", {"host": "a.example", **given}, b"", peer=peer)


def test_the_scheme_is_the_proxys_word_and_the_host_only_where_that_is_wanted() -> None:
    networks = PROXIES["nginx"].networks
    both = {"x_forwarded_proto": "https", "x_forwarded_host": "b.example"}
    careful = DynamicBaseURL.of(["a.example", "b.example"], proxies=networks)
    trusting = DynamicBaseURL.of(["a.example", "b.example"], proxies=networks, trusted_proxy_headers=True)

    def origin(config: DynamicBaseURL, peer: str | None) -> str:
        base = resolve(_request(peer, **both), config)
        assert base is not None
        return base.origin

    assert origin(careful, "10.0.0.1") == "https://a.example"
    assert origin(careful, None) == "https://a.example"
    assert origin(careful, "203.0.113.5") == "http://a.example"
    assert origin(trusting, "10.0.0.1") == "https://b.example"
    assert origin(trusting, "203.0.113.5") == "http://a.example"


def test_a_preset_is_one_word_in_the_settings() -> None:
    def address(given: dict[str, Any]) -> ClientIpOptions:
        return make_app({"advanced": given}).auth.blueprint.plan.stored_address

    fly = address({"proxy": "fly", "ip_address": {"trusted_proxies": ["203.0.113.0/24"], "ipv6_subnet": 56}})
    assert (fly.headers, fly.nearest, fly.trust, fly.ipv6_subnet) == (
        ("fly-client-ip",),
        PROXIES["fly"].networks,
        "declared",
        56,
    )
    named = address({"proxy": "nginx", "ip_address": {"ip_address_headers": ["x-real-ip"]}})
    assert named.headers == ("x-real-ip",)
    assert address({}).trust == "contract"
    with pytest.raises(ConfigError, match="proxy"):
        make_app({"advanced": {"proxy": "apache-on-mars"}})
