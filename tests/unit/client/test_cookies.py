"""The jar: what is kept, and what is sent where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gatewright_client.cookies import MAX_AGE, Cookie, cookie_header, kept_cookies, matching_cookies

NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://auth.example.com/api/auth/sign-in/email"


def keep(line: str, url: str = URL) -> tuple[Cookie, ...]:
    return kept_cookies((), url, [line], NOW)


def sent(cookies: tuple[Cookie, ...], url: str, now: datetime = NOW) -> str:
    return cookie_header(matching_cookies(cookies, url, now))


def test_a_cookie_is_kept_with_what_is_said_of_it() -> None:
    assert keep("a=b=c; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=60") == (
        Cookie(name="a", value="b=c", domain="auth.example.com", secure=True, expires_at=NOW + timedelta(seconds=60)),
    )


@pytest.mark.parametrize(
    "line",
    [
        "nothing",
        "=value",
        "a=b\x00c",
        "a=b; Domain=example.org",
        "a=b; Domain=com",
        "a=b; Domain=other.example.com",
        "__Secure-a=b; Path=/",
        "__Host-a=b; Path=/",
        "__Host-a=b; Secure; Path=/; Domain=auth.example.com",
        "__Host-a=b; Secure; Path=/api",
        "a=b; Max-Age=0",
        "a=b; Max-Age=-1",
        "a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)
def test_a_cookie_that_breaks_a_rule_is_not_kept(line: str) -> None:
    assert keep(line) == ()


@pytest.mark.parametrize("line", ["__Secure-a=b; Secure; Path=/", "__Host-a=b; Secure; Path=/"])
def test_names_with_a_prefix_are_kept_when_they_keep_its_promise(line: str) -> None:
    assert len(keep(line)) == 1


def test_a_cookie_goes_to_its_own_host_only() -> None:
    cookies = keep("a=b; Path=/")
    assert sent(cookies, "https://auth.example.com/") == "a=b"
    assert sent(cookies, "https://AUTH.example.com/x") == "a=b"
    assert sent(cookies, "https://example.com/") == ""
    assert sent(cookies, "https://x.auth.example.com/") == ""
    assert sent(cookies, "https://evilauth.example.com/") == ""


def test_a_domain_reaches_the_hosts_below_it() -> None:
    cookies = keep("a=b; Path=/; Domain=.example.com")
    assert sent(cookies, "https://api.example.com/") == "a=b"
    assert sent(cookies, "https://example.com/") == "a=b"
    assert sent(cookies, "https://badexample.com/") == ""
    assert sent(cookies, "https://example.com.evil.org/") == ""


def test_an_address_has_no_hosts_below_it() -> None:
    assert kept_cookies((), "http://127.0.0.1/", ["a=b; Domain=0.0.1"], NOW) == ()
    (cookie,) = kept_cookies((), "http://127.0.0.1/", ["a=b; Domain=127.0.0.1"], NOW)
    assert (cookie.domain, cookie.host_only) == ("127.0.0.1", True)


def test_a_path_covers_what_lies_below_it() -> None:
    cookies = keep("a=b; Path=/api/auth")
    assert sent(cookies, "https://auth.example.com/api/auth") == "a=b"
    assert sent(cookies, "https://auth.example.com/api/auth/x") == "a=b"
    assert sent(cookies, "https://auth.example.com/api/authority") == ""
    assert sent(cookies, "https://auth.example.com/") == ""
    assert keep("a=b")[0].path == "/api/auth/sign-in"


def test_longer_paths_come_first() -> None:
    cookies = kept_cookies((), URL, ["a=1; Path=/", "a=2; Path=/api"], NOW)
    assert sent(cookies, URL) == "a=2; a=1"


def test_secure_cookies_stay_off_plain_http() -> None:
    assert keep("a=b; Secure; Path=/", "http://auth.example.com/") == ()
    assert sent(keep("a=b; Secure; Path=/"), "http://auth.example.com/") == ""
    local = keep("a=b; Secure; Path=/", "http://localhost:3000/")
    assert sent(local, "http://localhost:3000/") == "a=b"
    assert sent(keep("a=b; Secure; Path=/", "http://127.0.0.1:3000/"), "http://127.0.0.1:3000/") == "a=b"


def test_a_cookie_ends_when_it_said() -> None:
    cookies = keep("a=b; Path=/; Max-Age=60")
    assert sent(cookies, URL, NOW + timedelta(seconds=59)) == "a=b"
    assert sent(cookies, URL, NOW + timedelta(seconds=60)) == ""
    assert kept_cookies(cookies, URL, [], NOW + timedelta(seconds=60)) == ()


def test_max_age_counts_before_expires_and_no_cookie_lives_for_ever() -> None:
    (cookie,) = keep("a=b; Max-Age=60; Expires=Fri, 01 Jan 2027 00:00:00 GMT")
    assert cookie.expires_at == NOW + timedelta(seconds=60)
    for line in ("a=b; Max-Age=99999999999999999999", "a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT"):
        (cookie,) = keep(line)
        assert cookie.expires_at == NOW + MAX_AGE
    assert keep("a=b; Expires=not a date")[0].expires_at is None


def test_a_later_cookie_replaces_the_earlier_one_and_zero_takes_it_away() -> None:
    cookies = keep("a=1; Path=/")
    cookies = kept_cookies(cookies, URL, ["a=2; Path=/", "b=3; Path=/"], NOW)
    assert sent(cookies, URL) == "a=2; b=3"
    assert sent(kept_cookies(cookies, URL, ["a=; Path=/; Max-Age=0"], NOW), URL) == "b=3"


def test_a_jar_does_not_grow_without_end() -> None:
    lines = [f"c{number}=x; Path=/" for number in range(500)]
    cookies = kept_cookies((), URL, lines, NOW)
    assert (len(cookies), cookies[-1].name) == (200, "c499")


def test_the_value_stays_out_of_logs() -> None:
    assert "secret" not in repr(keep("a=secret; Path=/"))
