"""Base URLs: the configured one is never moved by a request, the dynamic one only within its list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.http.base_url import BaseURL, DynamicBaseURL, InvalidHost, host_header, normalize_base_path, resolve
from gatewright.http.headers import Headers
from gatewright.http.origin import TrustedOrigins
from gatewright.http.request import Request

ALLOWED = ["app.test", "*.p.test"]


def request(host: str | None = None, *, scheme: str = "https", **forwarded: str) -> Request:
    headers = {name.replace("_", "-"): value for name, value in forwarded.items()}
    if host is not None:
        headers["host"] = host
    return Request.make("POST", f"{scheme}://internal.test/api/auth/ok", headers)


@pytest.mark.parametrize(
    ("url", "base_path", "origin", "path"),
    [
        ("http://localhost:3000", "/api/auth", "http://localhost:3000", "/api/auth"),
        ("http://localhost:3000/x/y", "/api/auth", "http://localhost:3000", "/x/y"),
        ("http://localhost:3000/x/", "/api/auth", "http://localhost:3000", "/x"),
        ("http://localhost:3000/", "/q/", "http://localhost:3000", "/q"),
        ("http://localhost:3000", "/", "http://localhost:3000", ""),
        ("http://localhost:3000", "", "http://localhost:3000", ""),
        ("http://localhost:3000", "auth", "http://localhost:3000", "/auth"),
        ("http://localhost:3000//", "/api/auth", "http://localhost:3000", "/api/auth"),
        ("HTTPS://APP.Test:443/p?x#y", "/api/auth", "https://app.test", "/p"),
        ("https://u:p@app.test", "/api/auth", "https://app.test", "/api/auth"),
    ],
)
def test_a_base_url_is_an_origin_and_a_base_path(url: str, base_path: str, origin: str, path: str) -> None:
    base = BaseURL.parse(url, base_path)
    assert (base.origin, base.base_path, base.url) == (origin, path, origin + path)
    assert base.secure is origin.startswith("https")


def test_a_base_url_knows_its_host() -> None:
    base = BaseURL.parse("https://app.test:8443/x")
    assert (base.host, base.hostname) == ("app.test:8443", "app.test")
    assert BaseURL.parse("http://[::1]:3000").hostname == "[::1]"
    assert BaseURL.parse("http://[::1]").hostname == "[::1]"
    assert normalize_base_path("a/b//") == "/a/b"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("localhost:3000", "Invalid base URL: localhost:3000. URL must include 'http://' or 'https://'"),
        ("myapp://x", "Invalid base URL: myapp://x. URL must include 'http://' or 'https://'"),
        ("nonsense", "Invalid base URL: nonsense. Please provide a valid base URL."),
        ("http://", "Invalid base URL: http://. Please provide a valid base URL."),
        ("http://a b", "Invalid base URL: http://a b. Please provide a valid base URL."),
        ("", "Invalid base URL: . Please provide a valid base URL."),
    ],
)
def test_a_base_url_that_is_none_is_refused(url: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the whole message is compared)
        BaseURL.parse(url)
    assert str(caught.value) == message


def test_no_header_moves_a_fixed_base_url() -> None:
    base = BaseURL.parse("https://auth.test")
    hostile = request(
        "evil.test", scheme="http", x_forwarded_host="evil.test", x_forwarded_proto="http", forwarded="host=evil.test"
    )
    assert resolve(hostile, base) is base
    assert base.secure


@pytest.mark.parametrize(
    ("host", "scheme", "expected"),
    [
        ("app.test", "https", "https://app.test"),
        ("APP.test", "https", "https://app.test"),
        ("app.test", "http", "http://app.test"),
        ("x.p.test", "https", "https://x.p.test"),
        ("a.b.p.test", "https", "https://a.b.p.test"),
        ("p.test", "https", None),
        ("evil.test", "https", None),
        ("app.test:8443", "https", None),
        ("x.p.test:80", "https", None),
        ("app.test.evil.test", "https", None),
        (None, "https", None),
    ],
)
def test_an_allowed_host_is_answered_under_its_name(host: str | None, scheme: str, expected: str | None) -> None:
    found = resolve(request(host, scheme=scheme), DynamicBaseURL.of(ALLOWED))
    assert found == (None if expected is None else BaseURL(expected, "/api/auth"))


@pytest.mark.parametrize("protocol", ["http", "https"])
def test_a_configured_protocol_wins_over_the_requests(protocol: str) -> None:
    config = DynamicBaseURL.of(ALLOWED, protocol="http" if protocol == "http" else "https", trusted_proxy_headers=True)
    for scheme in ("http", "https"):
        found = resolve(request("app.test", scheme=scheme, x_forwarded_proto=scheme), config)
        assert found == BaseURL(f"{protocol}://app.test", "/api/auth")


@pytest.mark.parametrize(
    ("host", "forwarded", "expected"),
    [
        ("app.test", {"x_forwarded_host": "x.p.test", "x_forwarded_proto": "http"}, "http://x.p.test"),
        ("app.test", {"x_forwarded_host": "evil.test"}, "https://fallback.test"),
        ("evil.test", {"x_forwarded_host": "app.test"}, "https://app.test"),
        ("app.test", {"x_forwarded_proto": "http"}, "http://app.test"),
        ("app.test", {"x_forwarded_proto": "ftp"}, "https://app.test"),
        ("app.test", {"x_forwarded_proto": "http, https"}, "https://app.test"),
        ("app.test", {"x_forwarded_host": "x.p.test, evil.test"}, "https://app.test"),
        ("app.test", {"x_forwarded_host": "u@x.p.test"}, "https://app.test"),
        ("app.test", {"forwarded": "host=x.p.test", "x_host": "x.p.test", "x_original_url": "/x"}, "https://app.test"),
    ],
)
def test_forwarded_headers_count_only_when_trusted(host: str, forwarded: dict[str, str], expected: str) -> None:
    trusting = DynamicBaseURL.of(ALLOWED, fallback="https://fallback.test", trusted_proxy_headers=True)
    assert resolve(request(host, **forwarded), trusting) == BaseURL(expected, "/api/auth")
    plain = DynamicBaseURL.of(ALLOWED, fallback="https://fallback.test")
    own = "https://app.test" if host == "app.test" else "https://fallback.test"
    assert resolve(request(host, **forwarded), plain) == BaseURL(own, "/api/auth")


@pytest.mark.parametrize(
    "host",
    ["", "u@app.test", "app.test/x", "app.test evil.test", "app.test\u00a0", "app.test:", "app.test:x", "app.test:99999",
     "app.test?x", "app.test#x", "app.test\\x", "[::1", "[zz]", "app.test,evil.test", "a" * 300, "\u00e9.test", "1.2.3.4.5"],
)  # fmt: skip
def test_a_malformed_host_is_an_error_and_no_choice(host: str) -> None:
    for config in (DynamicBaseURL.of(ALLOWED, fallback="https://fallback.test"), DynamicBaseURL.of(None)):
        with pytest.raises(InvalidHost):
            resolve(request(host), config)


def test_a_host_that_is_sent_twice_alike_is_one_host() -> None:
    twice = Request.make("GET", "https://app.test/", [("host", "app.test"), ("host", "app.test")])
    base = resolve(twice, DynamicBaseURL.of(ALLOWED))
    assert base is not None
    assert base.origin == "https://app.test"


def test_two_hosts_are_an_error() -> None:
    twice = Request.make("GET", "https://app.test/", [("host", "app.test"), ("host", "x.p.test")])
    with pytest.raises(InvalidHost):
        resolve(twice, DynamicBaseURL.of(ALLOWED))


def test_without_a_host_header_the_targets_host_counts() -> None:
    assert host_header(Request.make("GET", "https://APP.test:8443/")) == "app.test:8443"


def test_host_patterns_may_carry_schemes_ports_and_capitals() -> None:
    config = DynamicBaseURL.of(["localhost:*", "http://s.test", "https://w.test:8443/x", "Case.Test", "10.0.0.*"])
    allowed = ["localhost:3000", "s.test", "w.test:8443", "case.test", "10.0.0.7"]
    refused = ["localhost", "w.test", "s.test:80", "localhost.evil.test:3000", "10.0.0.evil.test"]
    assert [host for host in allowed + refused if config.allows(host)] == allowed


def test_without_a_base_url_each_request_stands_for_itself() -> None:
    config = DynamicBaseURL.of(None)
    hosts = ["one.test", "two.test:8080", "one.test", "[::1]:3000"]
    assert [resolve(request(host), config) for host in hosts] == [
        BaseURL(f"https://{host}", "/api/auth") for host in hosts
    ]


def test_a_default_port_is_no_part_of_the_origin() -> None:
    assert resolve(request("any.test:443"), DynamicBaseURL.of(["*"])) == BaseURL("https://any.test", "/api/auth")


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(ValueError, match=r"baseURL\.allowedHosts cannot be empty"):
        DynamicBaseURL.of([])


@pytest.mark.parametrize(
    ("protocol", "trusted"),
    [
        (
            "auto",
            "https://app.test http://app.test https://a.p.test http://a.p.test http://s.test http://localhost:3 https://localhost:3",
        ),
        ("http", "http://app.test http://a.p.test http://s.test http://localhost:3"),
        ("https", "https://app.test https://a.p.test http://s.test http://localhost:3 https://localhost:3"),
    ],
)
def test_allowed_hosts_and_the_fallback_are_trusted_origins(protocol: str, trusted: str) -> None:
    config = DynamicBaseURL.of(
        [*ALLOWED, "localhost:*", "http://s.test"],
        protocol="auto" if protocol == "auto" else "http" if protocol == "http" else "https",
        fallback="https://fallback.test/x",
    )
    origins = TrustedOrigins(config.trusted_origins())
    candidates = [
        f"{scheme}://{host}"
        for host in ("app.test", "a.p.test", "s.test", "localhost:3", "evil.test")
        for scheme in ("https", "http")
    ]
    assert {origin for origin in candidates if origins.allows_origin(origin)} == set(trusted.split())
    assert origins.allows_origin("https://fallback.test")


@given(st.text())
def test_no_host_raises_anything_else(host: str) -> None:
    config = DynamicBaseURL.of(["*"])
    bare = Request("GET", "https", host, "/", "", Headers())
    try:
        found = resolve(bare, config)
    except InvalidHost:
        return
    assert found is None or found.origin.startswith("https://")
