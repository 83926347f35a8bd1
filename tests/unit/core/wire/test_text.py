"""E-mail addresses and lengths."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.wire.text import EMAIL_PATTERN, Text, is_email


@pytest.mark.parametrize(
    "text", ["a@b.co", "first.last@example.com", "a+b@example.com", "o'hara@example.co.uk", "A_1@sub.example.museum"]
)
def test_usual_addresses_are_addresses(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@b", "@b.co", "a@.co", "a@b..co", "a..b@c.de", ".a@b.co", "a.@b.co", "a@-b.co", "a@b.c", "a b@c.de", "a@b.co\n",
     "é@b.co", "a@é.co", "a" * 65 + "@b.co", "a@" + "b" * 64 + ".co", "a@" + "b." * 127 + "co"],
)  # fmt: skip
def test_everything_else_is_none(text: str) -> None:
    assert not is_email(text)


@given(st.from_regex(re.compile(EMAIL_PATTERN), fullmatch=True))
def test_an_address_is_ascii_without_space(text: str) -> None:
    if is_email(text):
        assert text.isascii()
        assert text.count("@") == 1
        assert not any(character.isspace() for character in text)


@pytest.mark.parametrize(("text", "accepted"), [("", False), ("a", True), ("abc", True), ("abcd", False)])
def test_lengths_are_bounds_on_both_sides(text: str, accepted: bool) -> None:
    assert Text(min=1, max=3).accepts(text) is accepted
