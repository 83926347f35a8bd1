"""Trusted origins: what belongs to a pattern, and every trick that must not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.http.origin import MAX_URL_LENGTH, TrustedOrigins, compile_pattern, origin_of

APP = TrustedOrigins(["https://app.test"])


@pytest.mark.parametrize(
    "url",
    ["https://app.test", "https://app.test/x?y#z", "HTTPS://APP.test", "https://app.test:443/x", "https://app.test:0443",
     "https:app.test", "https:/app.test/x", "https:\\\\app.test", "https://app.test\\x", "https://u@app.test/",
     "https://app\u3002test", "https://ap\u00adp.test", "https://app.test:", " https://app.test ", "https://app.test/\U0001f600"],
)  # fmt: skip
def test_a_url_that_a_browser_takes_to_a_trusted_origin_is_allowed(url: str) -> None:
    assert APP.allows_url(url, relative=True)


@pytest.mark.parametrize(
    "url",
    ["https://evil.test", "//evil.test", "/\\evil.test", "\\\\evil.test", "/\\/evil.test", "///evil.test", "////evil.test",
     "https:evil.test", "https:/evil.test", "https://app.test@evil.test", "https://app.test:x@evil.test",
     "https://app.test.evil.test", "https://evilapp.test", "https://app.test:8443", "https://app.test:4430", "http://app.test",
     "https://app.test.", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
     "javascript://app.test/%0aalert(1)", "data:text/html,x", "vbscript:x", "blob:https://app.test/x", "file:///", "mailto:a@b",
     "/%0d%0aSet-Cookie:x=1", "/\r\nx", "https://app.test/\r\nx", "https://app.test\n", "/%2f%2fevil.test", "/%5cevil.test",
     "/%252f%252fevil.test", " //evil.test", "\t//evil.test", "/\t/evil.test", "/..//evil.test", "/x/..//evil.test",
     "/.//evil.test", "https://\u0430pp.test", "https://app\uff0etest.evil.test", "/\x00", "https://app.test/\x00", "/\u2028",
     "https://app.test/\u2028", "/\U0001f600", "/\ud800", "https://app.test/\ud800", "/%zz", "/%E0%A4%A", "/a b", "/a#x", "/a:b",
     "/a?b:c", "/a\n", "/\u00e9", "", "?", "ok", "x/y", "https://", "https://app.test:99999", "https://app.te st", "null", "*",
     "https://*", "https://evil.test/https://app.test", "https://evil.test?https://app.test", "https://evil.test#@app.test"],
)  # fmt: skip
def test_a_url_that_leads_elsewhere_is_refused(url: str) -> None:
    assert not APP.allows_url(url, relative=True)


@pytest.mark.parametrize(
    "url", ["/", "/ok", "/ok?a=%zz", "/a?b=c&d=e", "/a@b", "/?x=//evil.test", "/a//b", "/a/../b", "/a-b_c.d+e"]
)
def test_a_path_on_this_server_is_allowed_as_a_redirect_and_never_as_an_origin(url: str) -> None:
    assert APP.allows_url(url, relative=True)
    assert not APP.allows_url(url, relative=False)
    assert not APP.allows_origin(url)


@pytest.mark.parametrize(
    ("pattern", "allowed", "refused"),
    [
        (
            "*.t.test",
            ["https://x.t.test", "http://x.t.test", "https://a.b.t.test/p", "https://X.T.TEST"],
            ["x.t.test", "https://t.test", "https://evil.test#.t.test", "https://evil.test?.t.test", "https://evil.test/.t.test",
             "https://evil.test\\.t.test", "https://x.t.test:8080", "https://x.t.test.", "https://x.t.test.evil.test",
             "https://x.t.test@evil.test", "javascript://x.t.test/%0aalert(1)", "data://x.t.test/", "myapp://x.t.test",
             "file://x.t.test/a", "ftp://x.t.test"],
        ),
        (
            "https://*.t.test",
            ["https://x.t.test", "https://x.t.test:443/", "https://a.b.t.test/x"],
            ["http://x.t.test", "https://t.test", "https://t.test.evil.test", "https://xt.test", "https://x.t.test:8080",
             "https://evil.test/.t.test"],
        ),
        ("http://localhost:*", ["http://localhost:1", "http://localhost:12/x"], ["http://localhost", "https://localhost:1"]),
        ("https://a?c.test", ["https://abc.test"], ["https://ac.test", "https://abbc.test"]),
        ("https://*.w.test:*", ["https://x.w.test:8"], ["https://x.w.test"]),
        ("*.pp.test:8080", ["https://x.pp.test:8080"], ["https://x.pp.test"]),
        ("https://**.z.test", ["https://a.b.z.test"], ["https://z.test"]),
        ("https://a*b*c.test", ["https://abc.test", "https://axbxbxc.test"], ["https://acb.test", "https://ab.test"]),
        ("*", ["https://x.test", "http://x:1"], ["javascript:alert(1)", "data:x", "x", "javascript://x"]),
        ("*://x.test", ["https://x.test", "myapp://x.test"], ["javascript://x.test", "https://y.test"]),
        ("https://p.test/path", [], ["https://p.test", "https://p.test/path"]),
        ("https://s.test/", [], ["https://s.test", "https://s.test/"]),
        ("p2.test", [], ["p2.test", "https://p2.test"]),
        ("null", [], ["null"]),
        ("myapp://", ["myapp://", "myapp://x", "myapp:/x", "myapp:x", "MYAPP://x/y?z#q"], ["myapps://x", "myapp.evil://x", "my\napp://x"]),
        (
            "myapp://host",
            ["myapp://host", "myapp://host/", "myapp://host/x", "myapp://HOST", "myapp://host?x", "myapp://host#x"],
            ["myapp://hostx", "myapp://host:1", "myapp://host.evil", "myapp://u@host", "myapp://", "myapp://ho st", "myapp://host\\x"],
        ),
        (
            "myapp://host/p",
            ["myapp://host/p", "myapp://host/p/x", "myapp://host/p/./x", "myapp://host/x/../p", "myapp://host/p?x", "myapp://host/p#/.."],
            ["myapp://host", "myapp://host/px", "myapp://host/p/../x", "myapp://host/p/%2e%2e/x", "myapp://host/P", "myapp://host/p/..\\x"],
        ),
        ("myapp:///p", ["myapp:///p", "myapp:///p/x", "myapp://h/p"], ["myapp:///px"]),
        ("two:p", ["two:p", "two:p/x"], ["two:px", "two:p/../x"]),
        (
            "exp://10.0.0.*:*/**",
            ["exp://10.0.0.1:8081", "exp://10.0.0.1:8081/", "exp://10.0.0.1:8081/--/x", "exp://10.0.0.1:8081/a/b?c/d"],
            ["exp://10.0.0.1.evil.test", "exp://10.0.0.1.evil.test:80/x", "exp://10.0.0.1", "exp://10.0.0.1/x",
             "exp://evil/10.0.0.1:1/x", "exp://10.0.0.evil@x:1/y", "exp://10.0.0.x/y:1/z"],
        ),
        ("exp://192.168.*.*:*/*", ["exp://192.168.0.1:8081/x", "exp://192.168.0.1:8081/"], ["exp://192.168.0.1:8081/x/y", "exp://192.168.0.1:8081"]),
        ("http://192.168.*:3000", ["http://192.168.0.1:3000"], ["http://192.168.0.evil.test:3000"]),
        ("a://h/**/z", ["a://h/z", "a://h/x/y/z"], ["a://h/x", "a://h/z/x"]),
        ("chrome-extension://abc", ["chrome-extension://abc", "chrome-extension://abc/"], ["chrome-extension://abcd"]),
        ("javascript:", [], ["javascript:alert(1)"]),
    ],
)  # fmt: skip
def test_a_pattern_allows_its_own_and_nothing_else(pattern: str, allowed: list[str], refused: list[str]) -> None:
    trusted = TrustedOrigins([pattern])
    assert [url for url in allowed if not trusted.allows_url(url, relative=True)] == []
    assert [url for url in refused if trusted.allows_url(url, relative=True) or trusted.allows_origin(url)] == []


@pytest.mark.parametrize(
    "origin",
    ["https://app.test.evil.test", "https://app.test, https://evil.test", "https://evil.test, https://app.test",
     "https://app.test https://evil.test", "https://app.test/ https://evil.test", "null", "", "https://xapp.test"],
)  # fmt: skip
def test_an_origin_header_with_anything_but_one_trusted_origin_is_refused(origin: str) -> None:
    assert not APP.allows_origin(origin)
    assert APP.allows_origin("https://app.test")
    assert APP.allows_origin("https://app.test/page?q")


def test_an_overlong_url_is_refused_at_once() -> None:
    everything = TrustedOrigins(["https://app.test", "*", "https://*.*.*.*.test", "exp://**/*a*a*a*a*b"])
    started = time.thread_time()
    for filler in ("a", "/", ".", "@", "a.", "/..", "%2e", "\u00e9", "\\"):
        for prefix in ("https://app.test/", "https://", "/", "exp://", "exp://h/"):
            for size in (65_536, 100_000):
                assert not everything.allows_url(prefix + filler * size, relative=True)
    assert time.thread_time() - started < 2
    assert APP.allows_url("https://app.test/" + "a" * (MAX_URL_LENGTH - 17), relative=True)
    assert not APP.allows_url("https://app.test/" + "a" * (MAX_URL_LENGTH - 16), relative=True)


def test_wildcards_do_not_backtrack() -> None:
    trusted = TrustedOrigins(["exp://h/" + "*a" * 20 + "b", "exp://h/" + "**/" * 8 + "z"])
    started = time.thread_time()
    assert not trusted.allows_url("exp://h/" + "a" * 16_000, relative=False)
    assert not trusted.allows_url("exp://h" + "/a" * 8_000, relative=False)
    assert time.thread_time() - started < 2


def test_patterns_of_one_request_are_added_without_changing_the_rest() -> None:
    more = APP.including(["https://dynamic.test", None, ""])
    assert more.allows_origin("https://dynamic.test")
    assert more.allows_origin("https://app.test")
    assert not APP.allows_origin("https://dynamic.test")
    assert APP.including([None]) is APP
    assert compile_pattern("*.cached.test") is compile_pattern("*.cached.test")
    assert repr(more) == "TrustedOrigins(['https://app.test', 'https://dynamic.test'])"


@given(st.text())
def test_no_text_makes_the_check_raise(text: str) -> None:
    trusted = TrustedOrigins(["https://app.test", "*.t.test", "myapp://h/p", "exp://10.0.0.*:*/**"])
    for url in (text, f"https://{text}", f"/{text}", f"myapp://{text}", f"exp://10.0.0.1:1/{text}"):
        allowed = trusted.allows_url(url, relative=True)
        if allowed and url.startswith("https:"):
            origin = origin_of(url)
            assert origin is not None
            assert origin == "https://app.test" or origin.endswith(".t.test")


@given(st.text("*?./:ab", max_size=20), st.text("./:ab", max_size=20))
def test_any_pattern_compiles_and_matches_something_or_nothing(pattern: str, url: str) -> None:
    assert TrustedOrigins([pattern]).allows_url(f"https://{url}", relative=True) in {True, False}
