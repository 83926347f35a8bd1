"""Redirects: the URL that may be used, and how results are added to it."""

import pytest

from gatewright.http.origin import TrustedOrigins
from gatewright.http.redirects import NotAString, UntrustedRedirect, append_query, check_redirect, with_query

TRUSTED = TrustedOrigins(["https://app.test", "myapp://"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/ok?a=b", "/ok?a=b"),
        ("https://app.test/x?y#z", "https://app.test/x?y#z"),
        ("myapp://x", "myapp://x"),
        (" https://app.test ", "https://app.test"),
        ("https://app\u3002test/\u00e9", "https://app.test/%C3%A9"),
        ("https://app.test/\U0001f600", "https://app.test/%F0%9F%98%80"),
        ("", ""),
        (None, ""),
        (False, ""),
        (0, ""),
    ],
)
def test_a_trusted_url_comes_back_fit_for_a_header(value: object, expected: str) -> None:
    assert check_redirect(value, "callbackURL", TRUSTED) == expected


@pytest.mark.parametrize("value", [["/a"], {}, [], 1, True, 1.5, b"/a"])
def test_a_value_that_is_not_text_is_named(value: object) -> None:
    with pytest.raises(NotAString, match=r"^Invalid redirectTo: expected a string$") as caught:
        check_redirect(value, "redirectTo", TRUSTED)
    assert caught.value.label == "redirectTo"


@pytest.mark.parametrize("value", ["//evil.test", "https://evil.test", "/ok#c", "ok", "/\r\nx", "x" * 70_000])
def test_an_untrusted_url_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(UntrustedRedirect, match=r"^Invalid callbackURL$") as caught:
        check_redirect(value, "callbackURL", TRUSTED)
    assert caught.value.label == "callbackURL"


def test_paths_can_be_ruled_out() -> None:
    with pytest.raises(UntrustedRedirect):
        check_redirect("/ok", "callbackURL", TRUSTED, relative=False)


@pytest.mark.parametrize(
    ("url", "params", "expected"),
    [
        ("https://app.test", {"error": "a b"}, "https://app.test/?error=a+b"),
        (
            "https://app.test/x?a=b#c",
            {"e": "~!*()'-_.\u00e9&=+/\U0001f600"},
            "https://app.test/x?a=b&e=%7E%21*%28%29%27-_.%C3%A9%26%3D%2B%2F%F0%9F%98%80#c",
        ),
        ("https://app.test/?q=a%20b+c&q=%zz&&x", {"e": "1"}, "https://app.test/?q=a+b+c&q=%25zz&x=&e=1"),
        ("https://app.test?", {"e": "1"}, "https://app.test/?e=1"),
        ("https://APP.test/a b", {"e": "1"}, "https://app.test/a%20b?e=1"),
        ("myapp://x", {"e": "1"}, "myapp://x?e=1"),
        ("myapp://", {"e": "1"}, "myapp://?e=1"),
        ("myapp:x?y#z", {"e": "1"}, "myapp:x?y=&e=1#z"),
        ("/ok?a=b#c", {"e": "1", "f": "2"}, "/ok?a=b&e=1&f=2#c"),
        ("/ok?e=old&a=b&e=older", {"e": "new"}, "/ok?e=new&a=b"),
        ("/ok", {}, "/ok"),
    ],
)
def test_parameters_are_set_as_url_search_params_sets_them(url: str, params: dict[str, str], expected: str) -> None:
    assert with_query(url, params) == expected


def test_a_path_may_be_resolved_against_the_servers_origin() -> None:
    assert with_query("/ok?a=b", {"e": "1"}, base="http://localhost:3000") == "http://localhost:3000/ok?a=b&e=1"
    assert with_query("myapp://x", {"e": "1"}, base="http://localhost:3000") == "myapp://x?e=1"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/ok", "/ok?error=A%20B"),
        ("/ok?a=b", "/ok?a=b&error=A%20B"),
        ("/ok?", "/ok?&error=A%20B"),
        ("https://app.test", "https://app.test?error=A%20B"),
        ("https://app.test/x?a=b#c", "https://app.test/x?a=b&error=A%20B#c"),
        ("myapp://", "myapp://?error=A%20B"),
    ],
)
def test_parameters_are_appended_without_touching_the_rest(url: str, expected: str) -> None:
    assert append_query(url, {"error": "A B"}) == expected
    assert append_query(url, {}) == url
