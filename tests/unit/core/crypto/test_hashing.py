import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.crypto.vectors import CRYPTO, Hashed

from gatewright.crypto.hashing import base64url, from_base64url, sha256, sha256_base64url, utf8


@pytest.mark.parametrize("vector", CRYPTO.sha256_base64url, ids=lambda vector: vector.text[:12])
def test_stored_identifiers_and_keys_are_hashed_as_the_contract_does(vector: Hashed) -> None:
    assert sha256_base64url(vector.text) == vector.hash
    assert from_base64url(vector.hash) == sha256(vector.text.encode())


def test_base64url_uses_the_url_alphabet_without_padding() -> None:
    assert base64url(b"\xfb\xff\xfe") == "-__-"
    assert base64url(b"a") == "YQ"
    assert base64url(b"") == ""


def test_padding_may_be_present_or_missing() -> None:
    assert from_base64url("YQ") == from_base64url("YQ==") == b"a"
    assert from_base64url("YWI") == from_base64url("YWI=") == b"ab"
    assert from_base64url("") == b""


@pytest.mark.parametrize(
    "text", ["Y", "YQ=", "YQ===", "Y=Q=", "=", "====", "+/+/", "YQ==YQ==", "Y Q", "YQ\n", "é", "\ud800", "A!!!"]
)
def test_other_text_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not base64url$"):
        from_base64url(text)


@given(st.binary())
def test_base64url_goes_there_and_back(data: bytes) -> None:
    assert from_base64url(base64url(data)) == data


@given(st.text(st.characters()))
def test_decoding_any_text_gives_bytes_or_a_value_error(text: str) -> None:
    assert _decoded_length(text) in {None, len(text.rstrip("=")) * 6 // 8}


def _decoded_length(text: str) -> int | None:
    try:
        return len(from_base64url(text))
    except ValueError:
        return None


def test_utf8_replaces_lone_surrogates_and_joins_pairs() -> None:
    assert utf8("a\ud800b") == "a\ufffdb".encode()
    assert utf8("\ud83d\udd10") == "🔐".encode()
    assert utf8("ü") == b"\xc3\xbc"
