"""Adding parameters to an address, and making a path whole."""

import pytest

from gatewright.http.base_url import BaseURL
from gatewright.http.places import whole, with_query

BASE = BaseURL("https://app.example.com", "/api/auth")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/reset", "/reset?token=a%26b"),
        ("/reset?next=1", "/reset?next=1&token=a%26b"),
        ("/reset?", "/reset?token=a%26b"),
        ("/reset#top", "/reset?token=a%26b#top"),
        ("/reset#top?x", "/reset?token=a%26b#top?x"),
        ("myapp://reset", "myapp://reset?token=a%26b"),
    ],
)
def test_parameters_are_added_where_they_belong(url: str, expected: str) -> None:
    assert with_query(url, token="a&b") == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/reset", "https://app.example.com/reset"),
        ("https://other.example.com", "https://other.example.com/"),
        ("https://other.example.com/x", "https://other.example.com/x"),
        ("https://other.example.com?x=1", "https://other.example.com?x=1"),
        ("myapp://reset", "myapp://reset"),
    ],
)
def test_a_path_is_one_on_this_server(url: str, expected: str) -> None:
    assert whole(url, BASE) == expected
