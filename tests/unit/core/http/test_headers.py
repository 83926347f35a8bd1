"""Headers: one name in any case, joined as Fetch joins, decoded when asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.http.headers import Headers

RAW = [(b"host", b"a.test"), (b"x-one", b"1"), (b"cookie", b"a=1"), (b"x-one", b" 2 "), (b"cookie", b"b=2")]


def test_a_name_is_found_in_any_case() -> None:
    headers = Headers.from_raw(RAW)
    assert [headers.get(name) for name in ("host", "Host", "HOST", "hos", "hosts")] == ["a.test"] * 3 + [None, None]
    assert headers.get("absent", "default") == "default"


def test_a_server_that_keeps_the_case_of_names_is_understood() -> None:
    headers = Headers.from_raw([(b"Content-Type", b"text/html")])
    assert headers.get("content-type") == "text/html"
    assert "CONTENT-TYPE" in headers


def test_repeated_fields_are_joined_by_a_comma_and_cookies_by_a_semicolon() -> None:
    headers = Headers.from_raw(RAW)
    assert headers.get("x-one") == "1, 2"
    assert headers.get("cookie") == "a=1; b=2"
    assert headers.all("x-one") == ("1", "2")
    assert headers.all("absent") == ()


def test_underscores_are_not_dashes() -> None:
    headers = Headers.of({"X_Forwarded_For": "1.1.1.1", "Sec_Fetch_Site": "same-origin"})
    assert headers.get("x-forwarded-for") is None
    assert "sec-fetch-site" not in headers
    assert headers.get("x_forwarded_for") == "1.1.1.1"


def test_of_takes_mappings_pairs_headers_and_nothing() -> None:
    pairs = Headers.of([("A", "1"), ("a", "2")])
    assert pairs.items() == (("a", "1"), ("a", "2"))
    assert Headers.of(pairs) is pairs
    assert Headers.of({"A": "1"}) == Headers.of([("a", "1")])
    assert Headers.of(None).items() == ()
    assert len(pairs) == 2
    assert list(pairs) == [("a", "1"), ("a", "2")]
    assert hash(Headers.of({"A": "1"})) == hash(Headers.of([("a", "1")]))
    assert pairs != {"a": "1"}
    assert 1 not in pairs


def test_a_representation_shows_no_values() -> None:
    assert repr(Headers.of({"Cookie": "secret", "Host": "a"})) == "Headers(cookie, host)"


def test_bytes_beyond_ascii_and_nul_never_raise() -> None:
    headers = Headers.from_raw([(b"x", b"\x00\xff\xc3\xa9")])
    assert headers.get("x") == "\x00\xff\xc3\xa9"
    assert headers.get("\u20ac") is None


@pytest.mark.parametrize("value", ["\u20ac", "\ud800"])
def test_text_beyond_latin_1_never_raises(value: str) -> None:
    assert Headers.of({"x": value}).get("x") is not None


@given(st.lists(st.tuples(st.text("abC-_", min_size=1), st.text(st.characters(min_codepoint=33, max_codepoint=255)))))
def test_every_pair_given_is_found_again(pairs: list[tuple[str, str]]) -> None:
    headers = Headers.of(pairs)
    assert headers.items() == tuple((name.lower(), value) for name, value in pairs)
    for name, _ in pairs:
        assert headers.all(name.upper()) == tuple(value for other, value in pairs if other.lower() == name.lower())
