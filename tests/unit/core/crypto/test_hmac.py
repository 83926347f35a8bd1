from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.crypto.vectors import COOKIES, CRYPTO, Signature, Signed, UrlSignature

from gatewright.crypto.hmac import CookieSigner, hmac_sha256

SIGNER = CookieSigner(CRYPTO.secret)


def test_hmac_matches_rfc_4231_case_2() -> None:
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex() == expected


@pytest.mark.parametrize("vector", CRYPTO.hmac, ids=lambda vector: repr(vector.value))
def test_signatures_are_the_contracts(vector: Signature) -> None:
    assert CookieSigner(vector.secret).signature(vector.value) == vector.signature


@pytest.mark.parametrize("vector", CRYPTO.hmac_url, ids=lambda vector: vector.data)
def test_url_signatures_are_the_contracts(vector: UrlSignature) -> None:
    assert CookieSigner(vector.secret).url_signature(vector.data) == vector.signature


@pytest.mark.parametrize("vector", COOKIES.signing, ids=lambda vector: vector.value)
def test_signed_cookies_are_the_contracts_in_both_directions(vector: Signed) -> None:
    signer = CookieSigner(vector.secret)
    assert signer.sign(vector.value) == vector.signed
    assert signer.verify(vector.signed) == vector.value


def test_another_secret_neither_signs_nor_verifies_the_same() -> None:
    signed = SIGNER.sign("token")
    assert CookieSigner("another-secret-another-secret-12").verify(signed) is None
    assert SIGNER.verify(signed) == "token"


def test_a_value_with_dots_ends_at_the_last_one() -> None:
    assert SIGNER.verify(SIGNER.sign("token_value.with.dots")) == "token_value.with.dots"


def test_an_empty_value_is_never_accepted() -> None:
    assert SIGNER.verify(SIGNER.sign("")) is None
    assert SIGNER.verify(SIGNER.sign("a")) == "a"


@pytest.mark.parametrize(
    "signed",
    [
        "",
        ".",
        "token",
        "token.",
        "token." + "A" * 43 + "=",
        "token." + SIGNER.signature("token")[:-1],
        "token." + SIGNER.signature("token").rstrip("="),
        "token." + SIGNER.signature("token") + "=",
        "tokeN." + SIGNER.signature("token"),
        "token:" + SIGNER.signature("token"),
        "token." + SIGNER.signature("token").swapcase(),
        "token." + SIGNER.url_signature("token"),
        "token." + "é" * 22,
        "\ud800." + SIGNER.signature("\ud800"),
        "\ufffd\udfff." + SIGNER.signature("\ufffd\ufffd"),
    ],
)
def test_anything_else_is_no_value(signed: str) -> None:
    assert SIGNER.verify(signed) is None


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_every_text_is_signed_and_read_back(value: str) -> None:
    assert SIGNER.verify(SIGNER.sign(value)) == value


@given(st.text(st.characters()))
def test_verifying_any_text_never_raises(signed: str) -> None:
    assert SIGNER.verify(signed) is None


def test_one_signer_serves_many_threads() -> None:
    values = [f"value-{number}" for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        signed = list(pool.map(SIGNER.sign, values))
        assert list(pool.map(SIGNER.verify, signed)) == values


def test_its_repr_shows_no_secret() -> None:
    assert CRYPTO.secret not in repr(SIGNER)
