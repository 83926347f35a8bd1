"""Client addresses: whose word is taken, and one spelling for one client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.http.client_ip import ClientIpOptions, client_ip, normalize_ip
from gatewright.http.headers import Headers

CONTRACT = ClientIpOptions.of(trust="contract")
DECLARED = ClientIpOptions.of()
PROXIES = ("10.0.0.0/8", "2001:db8:f::/48", "9.9.9.9")


def forwarded(*values: str) -> Headers:
    return Headers.of([("X-Forwarded-For", value) for value in values])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002:0000:0000:0000:0000"),
        ("2001:DB8::1", "2001:0db8:0000:0000:0000:0000:0000:0000"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("::ffff:102:304", "1.2.3.4"),
        ("::FFFF:0102:0304", "1.2.3.4"),
        ("0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4"),
        ("64:ff9b::1.2.3.4", "0064:ff9b:0000:0000:0000:0000:0000:0000"),
        ("::1", "0000:0000:0000:0000:0000:0000:0000:0000"),
        *((bad, None) for bad in ("", "bad", "1.2.3.4:80", "[::1]", "[::1]:80", "fe80::1%eth0", "01.2.3.4", "1.2.3", "1.2.3.256", "1" * 99_999)),
    ],
)  # fmt: skip
def test_an_address_has_one_spelling(text: str, expected: str | None) -> None:
    assert normalize_ip(text) == expected
    assert client_ip(forwarded(text), None, CONTRACT) == expected


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        (128, "2001:0db8:0001:0002:0003:0004:0005:0006"),
        (48, "2001:0db8:0001:0000:0000:0000:0000:0000"),
        (32, "2001:0db8:0000:0000:0000:0000:0000:0000"),
        (0, "0000:0000:0000:0000:0000:0000:0000:0000"),
    ],
)
def test_the_subnet_is_as_wide_as_configured(bits: int, expected: str) -> None:
    assert normalize_ip("2001:db8:1:2:3:4:5:6", bits) == expected


@given(st.ip_addresses(v=6, network="2001:db8:7:8::/64"))
def test_a_whole_subnet_in_any_spelling_is_one_client(address: object) -> None:
    spellings = {str(address), str(address).upper(), getattr(address, "exploded", "")}
    assert {normalize_ip(text) for text in spellings} == {"2001:0db8:0007:0008:0000:0000:0000:0000"}


def test_without_a_declared_proxy_the_peer_is_the_client() -> None:
    seen = {client_ip(forwarded(f"1.1.1.{n}"), "203.0.113.9", DECLARED) for n in range(60)}
    assert seen == {"203.0.113.9"}
    assert client_ip(forwarded("1.1.1.1"), None, DECLARED) is None
    assert client_ip(Headers(), "fe80::1%eth0", DECLARED) == "fe80:0000:0000:0000:0000:0000:0000:0000"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1.2.3.4",), "1.2.3.4"),
        ((" 1.2.3.4 ",), "1.2.3.4"),
        (("1.2.3.4,",), "1.2.3.4"),
        ((",1.2.3.4",), "1.2.3.4"),
        (("1.2.3.4, 5.6.7.8",), None),
        (("1.2.3.4", "5.6.7.8"), None),
        (("unknown",), None),
        ((), None),
    ],
)
def test_the_contract_believes_exactly_one_forwarded_address(values: tuple[str, ...], expected: str | None) -> None:
    assert client_ip(forwarded(*values), "203.0.113.9", CONTRACT) == expected


@pytest.mark.parametrize("trust", ["contract", "declared"])
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1.2.3.4",), "1.2.3.4"),
        (("1.2.3.4, 10.0.0.1",), "1.2.3.4"),
        (("6.6.6.6, 1.2.3.4, 10.0.0.1",), "1.2.3.4"),
        (("6.6.6.6, 10.0.0.2, 1.2.3.4, 10.0.0.1, 9.9.9.9",), "1.2.3.4"),
        (("10.0.0.2, 10.0.0.1",), None),
        (("1.2.3.4, bad, 10.0.0.1",), None),
        (("bad, 1.2.3.4",), "1.2.3.4"),
        (("1.2.3.4, 2001:db8:f::1",), "1.2.3.4"),
        (("1.2.3.4, ::ffff:10.0.0.1",), "1.2.3.4"),
        (("1.2.3.4,,10.0.0.1",), "1.2.3.4"),
        (("1.2.3.4", "10.0.0.1"), "1.2.3.4"),
        (("1.2.3.4:80, 10.0.0.1",), None),
        (("2001:db8:aaaa:bbbb:cccc::1, 10.0.0.1",), "2001:0db8:aaaa:bbbb:0000:0000:0000:0000"),
    ],
)
def test_behind_declared_proxies_the_nearest_other_hop_is_the_client(
    trust: str, values: tuple[str, ...], expected: str | None
) -> None:
    options = ClientIpOptions.of(trusted_proxies=PROXIES, trust="contract" if trust == "contract" else "declared")
    for peer in ("10.9.9.9", "::ffff:10.9.9.9", None):
        assert client_ip(forwarded(*values), peer, options) == expected


def test_a_peer_that_is_no_proxy_is_not_believed() -> None:
    options = ClientIpOptions.of(trusted_proxies=PROXIES)
    assert client_ip(forwarded("1.2.3.4"), "203.0.113.9", options) == "203.0.113.9"
    assert client_ip(forwarded("1.2.3.4"), "not an address", options) is None


def test_a_proxy_that_forwards_nothing_speaks_for_itself() -> None:
    options = ClientIpOptions.of(trusted_proxies=PROXIES)
    assert client_ip(Headers(), "10.0.0.7", options) == "10.0.0.7"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Client-IP": "1.1.1.1", "X-Forwarded-For": "3.3.3.3"}, "1.1.1.1"),
        ({"x-client-ip": "1.1.1.1, 2.2.2.2", "x-forwarded-for": "3.3.3.3"}, "3.3.3.3"),
        ({"x-client-ip": "bad", "x-forwarded-for": "3.3.3.3"}, "3.3.3.3"),
        ({"x_client_ip": "1.1.1.1", "X_Forwarded_For": "3.3.3.3"}, None),
    ],
)
def test_headers_are_tried_in_order_and_never_with_underscores(headers: dict[str, str], expected: str | None) -> None:
    options = ClientIpOptions.of(headers=["X-Client-IP", "x-forwarded-for"], trust="contract")
    assert client_ip(Headers.of(headers), None, options) == expected


def test_tracking_can_be_switched_off() -> None:
    assert client_ip(forwarded("1.2.3.4"), "1.2.3.4", ClientIpOptions.of(disabled=True)) is None


def test_options_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="bad"):
        ClientIpOptions.of(trusted_proxies=["bad"])
    with pytest.raises(ValueError, match="ipv6_subnet"):
        ClientIpOptions.of(ipv6_subnet=129)


@given(st.text(), st.none() | st.text())
def test_no_header_and_no_peer_raises(value: str, peer: str | None) -> None:
    for options in (CONTRACT, DECLARED, ClientIpOptions.of(trusted_proxies=PROXIES)):
        found = client_ip(forwarded(value), peer, options)
        assert found is None or normalize_ip(found) == found
