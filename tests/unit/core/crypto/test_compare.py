from hypothesis import given
from hypothesis import strategies as st

from gatewright.crypto.compare import same


def test_equal_values_are_the_same_whatever_their_type() -> None:
    assert same("tökén", "tökén")
    assert same(b"\x00\xff", b"\x00\xff")
    assert same("abc", b"abc")


def test_different_values_are_not_the_same() -> None:
    assert not same("abc", "abd")
    assert not same("abc", "abcd")
    assert not same("", "a")
    assert not same(b"abc", "ABC")


def test_lone_surrogates_are_compared_and_never_raise() -> None:
    assert same("\ud800", "\ud800")
    assert not same("\ud800", "\ud801")
    assert not same("\ud800", "?")


@given(st.text(st.characters()), st.text(st.characters()))
def test_it_agrees_with_equality_of_text(a: str, b: str) -> None:
    assert same(a, b) is (a == b)
    assert same(a, a)
