"""Cookies that are too long for one line."""

import pytest

from gatewright.http.chunks import LINE_LIMIT, cut, held_names, join, related

ATTRIBUTES = "; Max-Age=300; Path=/; HttpOnly; SameSite=Lax"
NAME = "better-auth.session_data"
OVERHEAD = len(f"{NAME}={ATTRIBUTES}")


def test_a_short_value_is_one_cookie() -> None:
    value = "a" * (LINE_LIMIT - OVERHEAD)
    assert cut(NAME, value, OVERHEAD) == [(NAME, value)]


def test_one_byte_more_is_cut_as_the_contract_has_seen() -> None:
    value = "a" * 3977 + "b" * 3517
    chunks = cut(NAME, value, OVERHEAD)
    assert chunks == [(f"{NAME}.0", "a" * 3977), (f"{NAME}.1", "b" * 3517)]
    assert [len(f"{name}={part}{ATTRIBUTES}") for name, part in chunks or ()] == [4049, 3589]


def test_a_hundred_chunks_are_the_most() -> None:
    assert len(cut(NAME, "a" * 397_700, OVERHEAD) or ()) == 100
    assert cut(NAME, "a" * 397_701, OVERHEAD) is None


def test_chunks_are_joined_in_the_order_of_their_numbers() -> None:
    header = "; ".join(["x=1", *(f"{NAME}.{number}={number}." for number in (10, 2, 0, 1))])
    assert join(header, NAME) == "0.1.2.10."


def test_the_whole_cookie_wins_over_chunks() -> None:
    assert join(f"{NAME}.0=part; {NAME}=whole", NAME) == "whole"


@pytest.mark.parametrize("header", ["", "x=1", f"{NAME}.x=1", f"{NAME}.1x=1", f"other-{NAME}.0=1", f"{NAME}.1000=1"])
def test_what_is_no_chunk_is_not_joined(header: str) -> None:
    assert join(header, NAME) is None


def test_held_names_are_the_cookie_and_its_chunks() -> None:
    header = f"{NAME}=a; {NAME}.0=b; {NAME}_more=c; {NAME}.11=d; x=e"
    assert held_names(header, NAME) == [NAME, f"{NAME}.0", f"{NAME}.11"]
    assert not related(f"{NAME}.a", NAME)
