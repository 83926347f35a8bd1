import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.crypto.vectors import COOKIES

from gatewright.crypto.compact import Compact, decode_compact, encode_compact
from gatewright.crypto.hashing import base64url, from_base64url
from gatewright.crypto.javascript_json import stringify

SECRET = COOKIES.secret
BEFORE = 1_795_419_606_000
PAYLOAD = '{"session":{"id":"s1"},"user":{"name":"Véc Tor"},"updatedAt":1,"version":"1"}'.encode()


def _payload_of(cookie: str) -> tuple[bytes, int]:
    """The payload and expiry inside a cookie, found without the code under test."""
    match = re.fullmatch(rb'\{"session":(\{.*\}),"expiresAt":(\d+),"signature":"[^"]*"\}', from_base64url(cookie))
    assert match is not None
    return match[1], int(match[2])


@pytest.mark.parametrize("cookie", COOKIES.compact)
def test_cache_cookies_are_the_contracts_in_both_directions(cookie: str) -> None:
    payload, expires_at_ms = _payload_of(cookie)
    assert encode_compact(payload, expires_at_ms=expires_at_ms, secret=SECRET) == cookie
    assert decode_compact(cookie, secret=SECRET, now_ms=BEFORE) == Compact(payload, expires_at_ms)


def test_a_cookie_lives_until_its_last_millisecond() -> None:
    cookie = encode_compact(PAYLOAD, expires_at_ms=5000, secret=SECRET)
    assert decode_compact(cookie, secret=SECRET, now_ms=4999) == Compact(PAYLOAD, 5000)
    assert decode_compact(cookie, secret=SECRET, now_ms=5000) is None


def test_another_secret_is_refused() -> None:
    cookie = encode_compact(PAYLOAD, expires_at_ms=5000, secret=SECRET)
    assert decode_compact(cookie, secret=SECRET + "x", now_ms=0) is None


@given(st.data())
def test_changing_any_byte_is_noticed(data: st.DataObject) -> None:
    raw = bytearray(from_base64url(encode_compact(PAYLOAD, expires_at_ms=5000, secret=SECRET)))
    position = data.draw(st.integers(0, len(raw) - 1))
    raw[position] ^= data.draw(st.integers(1, 255))
    assert decode_compact(base64url(bytes(raw)), secret=SECRET, now_ms=0) is None


@given(st.dictionaries(st.text(min_size=1).filter(lambda key: key != "expiresAt"), st.text() | st.integers(-9, 9)))
def test_every_payload_goes_there_and_back(payload: dict[str, str | float]) -> None:
    written = stringify({**payload}).encode()
    cookie = encode_compact(written, expires_at_ms=7, secret=SECRET)
    assert decode_compact(cookie, secret=SECRET, now_ms=6) == Compact(written, 7)


@given(st.text(st.characters()) | st.binary().map(base64url))
def test_decoding_anything_never_raises(text: str) -> None:
    assert decode_compact(text, secret=SECRET, now_ms=0) is None


@pytest.mark.parametrize("cookie", COOKIES.compact)
def test_the_same_json_written_otherwise_still_verifies(cookie: str) -> None:
    payload, expires_at_ms = _payload_of(cookie)
    outer = json.loads(from_base64url(cookie))
    spaced = json.dumps(
        {"signature": outer["signature"], "expiresAt": outer["expiresAt"], "session": outer["session"]}, indent=2
    )
    assert decode_compact(base64url(spaced.encode()), secret=SECRET, now_ms=BEFORE) == Compact(payload, expires_at_ms)


def test_reordering_the_signed_keys_is_refused() -> None:
    outer = json.loads(from_base64url(encode_compact(PAYLOAD, expires_at_ms=5000, secret=SECRET)))
    outer["session"] = dict(reversed(outer["session"].items()))
    text = json.dumps(outer, separators=(",", ":"), ensure_ascii=False)
    assert decode_compact(base64url(text.encode()), secret=SECRET, now_ms=0) is None


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "[]",
        "null",
        '{"session":[],"expiresAt":9,"signature":""}',
        '{"session":{},"expiresAt":"9","signature":""}',
        '{"session":{},"expiresAt":9.5,"signature":""}',
        '{"session":{},"expiresAt":1e400,"signature":""}',
        '{"session":{},"expiresAt":9,"signature":null}',
        '{"session":{},"expiresAt":9,"signature":"' + "A" * 43 + '"}',
        '{"session":1,"expiresAt":9,"signature":"' + "A" * 43 + '"}',
        '{"session":' + "[" * 50_000,
    ],
)
def test_forged_structures_are_refused(text: str) -> None:
    assert decode_compact(base64url(text.encode()), secret=SECRET, now_ms=0) is None


def test_an_oversized_cookie_is_refused_unread() -> None:
    assert decode_compact("A" * 600_000, secret=SECRET, now_ms=0) is None


@pytest.mark.parametrize("payload", [b"", b"[]", b'{"a":1', b'"a"'])
def test_only_objects_are_encoded(payload: bytes) -> None:
    with pytest.raises(ValueError, match="JSON object"):
        encode_compact(payload, expires_at_ms=1, secret=SECRET)
