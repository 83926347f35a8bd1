import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.crypto import random_text as module
from gatewright.crypto.random_text import DEFAULT_ALPHABET, DIGITS, ID_ALPHABET, USER_CODE_ALPHABET, random_text

ALPHABETS = [
    module.BACKUP_CODE_ALPHABET,
    DEFAULT_ALPHABET,
    DIGITS,
    ID_ALPHABET,
    module.LETTERS,
    module.LOWER_DIGITS,
    USER_CODE_ALPHABET,
]


def test_the_alphabets_are_the_contracts() -> None:
    assert [len(alphabet) for alphabet in ALPHABETS] == [62, 64, 10, 62, 52, 36, 32]
    assert all(len(set(alphabet)) == len(alphabet) for alphabet in ALPHABETS)
    assert not set("IO01") & set(USER_CODE_ALPHABET)


@given(st.integers(0, 200), st.sampled_from(ALPHABETS), st.integers(0, 2**32))
def test_text_has_the_length_and_only_symbols_of_the_alphabet(n: int, alphabet: str, seed: int) -> None:
    text = random_text(n, alphabet, random.Random(seed).randbytes)
    assert len(text) == n
    assert set(text) <= set(alphabet)


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_byte_value_maps_to_symbols_equally_often(alphabet: str) -> None:
    def every_byte_once(amount: int) -> bytes:
        assert amount >= 100
        return bytes(range(256))

    usable = 256 - 256 % len(alphabet)
    counts = Counter(random_text(usable, alphabet, every_byte_once))
    assert set(counts.values()) == {usable // len(alphabet)}
    assert len(counts) == len(alphabet)


def test_bytes_beyond_the_last_whole_multiple_are_drawn_again() -> None:
    draws = iter([b"\xff\xfe\xf8", b"\x00\xf7\x01"])
    assert random_text(3, ID_ALPHABET, lambda _amount: next(draws)) == "a9b"


def test_one_draw_is_nearly_always_enough() -> None:
    source = random.Random(1)
    draws: list[int] = []

    def draw(amount: int) -> bytes:
        draws.append(amount)
        return source.randbytes(amount)

    for _ in range(2000):
        random_text(32, ID_ALPHABET, draw)
    assert len(draws) < 2005


def test_a_broken_source_fails_instead_of_hanging() -> None:
    with pytest.raises(RuntimeError, match="no usable bytes"):
        random_text(4, ID_ALPHABET, lambda amount: b"\xff" * amount)


@pytest.mark.parametrize("alphabet", ["", "a", "aa", "aba", "äb"])
def test_an_alphabet_must_be_different_ascii_symbols(alphabet: str) -> None:
    with pytest.raises(ValueError, match=r"alphabet|ascii"):
        random_text(1, alphabet, random.Random(1).randbytes)


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        random_text(-1, DIGITS, random.Random(1).randbytes)
