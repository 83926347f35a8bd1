import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.core.crypto.vectors import CRYPTO, Encrypted, Versioned

from gatewright.crypto.cipher import Cipher, CipherError, Secrets

CIPHER = Cipher(Secrets.single(CRYPTO.secret))
FIRST, SECOND = "first-secret-first-secret-first-secret!!", "second-secret-second-secret-second-secret"


def _nonce_of(hexadecimal: str) -> bytes:
    return bytes.fromhex(hexadecimal[:48])


@pytest.mark.parametrize("vector", CRYPTO.cipher, ids=lambda vector: vector.data[:16])
def test_ciphertexts_are_the_contracts_in_both_directions(vector: Encrypted) -> None:
    cipher = Cipher(Secrets.single(vector.key))
    assert cipher.decrypt(vector.encrypted) == vector.data
    assert cipher.encrypt(vector.data, random=lambda _: _nonce_of(vector.encrypted)) == vector.encrypted


@pytest.mark.parametrize("vector", CRYPTO.cipher_versioned, ids=lambda vector: vector.data)
def test_versioned_ciphertexts_are_the_contracts_in_both_directions(vector: Versioned) -> None:
    newest_first = sorted(((int(version), value) for version, value in vector.keys.items()), reverse=True)
    cipher = Cipher(Secrets.versioned(newest_first))
    nonce = _nonce_of(vector.encrypted.rsplit("$", 1)[1])
    assert cipher.decrypt(vector.encrypted) == vector.data
    assert cipher.encrypt(vector.data, random=lambda _: nonce) == vector.encrypted


@given(st.text(st.characters(exclude_categories=["Cs"])), st.none() | st.text(min_size=1))
def test_every_text_is_encrypted_and_read_back(text: str, purpose: str | None) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(text, random=os.urandom, purpose=purpose), purpose=purpose) == text


@given(st.text(st.characters()))
def test_decrypting_any_text_is_a_cipher_error(text: str) -> None:
    with pytest.raises(CipherError):
        CIPHER.decrypt(text)


@given(st.integers(0, 91), st.sampled_from("0123456789abcdef"))
def test_changing_any_character_is_noticed(position: int, digit: str) -> None:
    encrypted = CRYPTO.cipher[0].encrypted
    position %= len(encrypted)
    changed = encrypted[:position] + digit + encrypted[position + 1 :]
    if changed == encrypted:
        assert CIPHER.decrypt(changed) == "hello"
    else:
        with pytest.raises(CipherError, match="altered"):
            CIPHER.decrypt(changed)


def test_an_error_holds_neither_secret_nor_text() -> None:
    encrypted = Cipher(Secrets.single(FIRST)).encrypt("hidden", random=os.urandom)
    with pytest.raises(CipherError) as caught:
        CIPHER.decrypt(encrypted)
    assert str(caught.value) == "the ciphertext was altered or made with another secret"
    assert caught.value.__cause__ is None


def test_after_a_rotation_old_texts_open_and_new_ones_name_the_new_version() -> None:
    before = Cipher(Secrets.single("the-legacy-secret-of-long-ago-0000")).encrypt("a", random=os.urandom)
    between = Cipher(Secrets.versioned([(1, FIRST)])).encrypt("b", random=os.urandom)
    now = Cipher(Secrets.versioned([(2, SECOND), (1, FIRST)], legacy="the-legacy-secret-of-long-ago-0000"))
    assert (now.decrypt(before), now.decrypt(between)) == ("a", "b")
    assert now.encrypt("c", random=os.urandom).startswith("$ba$2$")


def test_unknown_versions_and_missing_legacy_secrets_are_refused() -> None:
    cipher = Cipher(Secrets.versioned([(2, SECOND)]))
    with pytest.raises(CipherError, match="unknown secret version"):
        cipher.decrypt(CRYPTO.cipher_versioned[0].encrypted.replace("$ba$2$", "$ba$3$"))
    with pytest.raises(CipherError, match="no unversioned secret"):
        cipher.decrypt(CRYPTO.cipher[0].encrypted)
    with pytest.raises(CipherError, match="unknown secret version"):
        CIPHER.decrypt(CRYPTO.cipher_versioned[0].encrypted)


def test_a_ciphertext_of_one_purpose_is_refused_for_another() -> None:
    state = CIPHER.encrypt("x", random=os.urandom, purpose="oauth state")
    plain = CIPHER.encrypt("x", random=os.urandom)
    assert CIPHER.decrypt(state, purpose="oauth state") == "x"
    for text, purpose in [(state, "proxy profile"), (state, None), (plain, "oauth state")]:
        with pytest.raises(CipherError, match="altered"):
            CIPHER.decrypt(text, purpose=purpose)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00",
        "0" * 79,
        "0" * 78,
        "$ba$2$",
        "$ba$$00",
        "$ba$-1$00",
        "$ba$1$zz",
        "$BA$1$00",
        "$ba$" + "9" * 5000 + "$00",
    ],
)
def test_texts_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(CipherError):
        CIPHER.decrypt(text)


def test_secrets_are_read_from_the_environments_form() -> None:
    parsed = Secrets.parse(f"2:{SECOND}, 1:{FIRST}", legacy="old")
    assert parsed == Secrets(SECOND, 2, ((1, FIRST),), "old")
    assert parsed.every() == (SECOND, FIRST, "old")
    assert parsed.numbered() == ((2, SECOND), (1, FIRST))
    assert Secrets.parse("0:a:b").current == "a:b"


@pytest.mark.parametrize("text", ["", "secret", "x:secret", "-1:secret", "1:", "1:a,1:b", "1:a,", "1.5:a"])
def test_malformed_secrets_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        Secrets.parse(text)


def test_a_single_secret_is_its_own_legacy_and_cannot_be_empty() -> None:
    assert Secrets.single("s") == Secrets("s", None, (), "s")
    assert Secrets.single("s").every() == ("s",)
    with pytest.raises(ValueError, match="empty"):
        Secrets.single("")
    with pytest.raises(ValueError, match="at least one"):
        Secrets.versioned([])
    with pytest.raises(ValueError, match="need versions"):
        Secrets("a", None, ((1, "b"),))


def test_the_repr_of_secrets_shows_none_of_them() -> None:
    assert repr(Secrets.versioned([(2, SECOND), (1, FIRST)], legacy="old")) == "Secrets(version=2)"
    assert CRYPTO.secret not in repr(CIPHER)
