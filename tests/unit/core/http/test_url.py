"""URLs are read as browsers read them."""

import json
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.http.url import origin_of, parse_url


class Parts(TypedDict):
    """What a browser engine's ``URL`` says."""

    origin: str
    href: str
    host: str
    pathname: str


DATA = Path(__file__).parents[3] / "data" / "whatwg_urls.json"
VECTORS: list[tuple[str, Parts | None]] = [(url, parts) for url, parts in json.loads(DATA.read_text())]


@pytest.mark.parametrize(("text", "expected"), VECTORS, ids=[ascii(text) for text, _ in VECTORS])
def test_a_url_is_read_as_a_browser_reads_it(text: str, expected: Parts | None) -> None:
    url = parse_url(text)
    if expected is None:
        assert url is None
        assert origin_of(text) is None
        return
    assert url is not None
    assert origin_of(text) == expected["origin"]
    assert (url.href, url.authority, url.path) == (expected["href"], expected["host"], expected["pathname"])


@given(st.text())
def test_no_text_makes_the_parser_raise(text: str) -> None:
    for prefix in ("", "http://", "https:", "myapp://", "file:", "http://[", "http://xn--", "blob:"):
        url = parse_url(prefix + text)
        assert url is None or url.href.isascii()


@given(st.text("ab.:/\\@?#%2eE[]xn-\u3002\u00e9 \t", max_size=30))
def test_a_url_written_out_reads_the_same_again(text: str) -> None:
    url = parse_url(f"https://{text}")
    if url is not None:
        assert parse_url(url.href) == url


@pytest.mark.parametrize(
    "text",
    ["http://" + "a" * 100_000 + "\u00e9", "http://" + "1" * 100_000, "http://[" + ":" * 100_000 + "]",
     "http://h" + "/.." * 50_000, "http://" + "@" * 100_000 + "h", "http://h:" + "0" * 100_000, "blob:" * 200 + "x"],
)  # fmt: skip
def test_hostile_lengths_are_read_without_trouble(text: str) -> None:
    url = parse_url(text)
    assert url is None or url.href
