"""Requests and responses as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.http.response import Response


def test_a_url_is_taken_apart_and_put_together_again() -> None:
    request = Request.make("POST", "HTTPS://App.Test:8443/a/%2e./b//c?x=1&y#frag", {"A": "b"}, b"body", "1.2.3.4")
    assert request == Request(
        "POST", "https", "app.test:8443", "/a/%2e./b//c", "x=1&y", Headers.of({"a": "b"}), b"body", "1.2.3.4"
    )
    assert request.url == "https://app.test:8443/a/%2e./b//c?x=1&y"


def test_an_empty_path_is_the_root() -> None:
    request = Request.make("GET", "http://a.test?q")
    assert (request.path, request.query, request.url) == ("/", "q", "http://a.test/?q")


@pytest.mark.parametrize(
    "url",
    ["", "/x", "//a.test/", "ftp://a.test/", "http://", "http:///x", "http://u@a.test/", "http://a b/", "http://a/\r\n",
     "http://a/ x", "http://a\\b/", "http://a/\u00e9", "http://a/\x00", "http://a.test/?a b", "http:a.test"],
)  # fmt: skip
def test_a_malformed_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="malformed request URL"):
        Request.make("GET", url)


@pytest.mark.parametrize("method", ["", "GE T", "GET\r\n", "\u00e9"])
def test_a_malformed_method_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match="malformed method"):
        Request.make(method, "http://a.test/")


@pytest.mark.parametrize(
    ("header", "expected"),
    [("Application/JSON; charset=utf-8", "application/json"), (" text/plain ", "text/plain"), (";", ""), ("", "")],
)
def test_the_media_type_has_no_parameters(header: str, expected: str) -> None:
    assert Request.make("POST", "http://a.test/", {"content-type": header}).media_type == expected


def test_without_content_type_the_media_type_is_empty() -> None:
    assert Request.make("POST", "http://a.test/").media_type == ""


@given(st.text())
def test_making_a_request_raises_nothing_but_value_errors(url: str) -> None:
    try:
        request = Request.make("GET", f"http://{url}")
    except ValueError:
        return
    assert request.url.isascii()


def test_a_response_keeps_every_set_cookie() -> None:
    response = Response(302, (("location", "/"), ("set-cookie", "a=1"), ("Set-Cookie", "b=2")))
    assert response.get("Location") == "/"
    assert response.get("absent") is None
    assert response.all("set-cookie") == ("a=1", "b=2")
    assert response.body == b""
