"""Which cookies an instance has: their names and attributes follow from its address, its options and where it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gatewright.services.cookies import Cookies
from gatewright.settings import Settings

HOSTS: dict[str, Any] = {"allowed_hosts": ["auth.example.com"]}


def _token(**options: Any) -> tuple[str, bool, str | None]:
    """Name, ``Secure`` and ``Domain`` of the session's cookie."""
    settings = Settings.load({"secret": "kX8w2mQ0pVbZr5NfT1sYhJc7LgUeAo3D", **options})
    token = Cookies(settings).session_token
    return token.name, token.attributes.secure, token.attributes.domain


@pytest.mark.parametrize(
    ("options", "secure"),
    [
        ({"base_url": "https://auth.example.com"}, True),
        ({"base_url": "http://auth.example.com"}, False),
        ({"base_url": "http://auth.example.com", "production": True}, False),
        ({"base_url": {**HOSTS, "protocol": "https"}}, True),
        ({"base_url": {**HOSTS, "protocol": "http"}, "production": True}, False),
        ({"base_url": HOSTS}, False),
        ({"base_url": HOSTS, "production": True}, True),
        ({}, False),
        ({"production": True}, True),
        ({"base_url": "https://auth.example.com", "advanced": {"use_secure_cookies": False}}, False),
        ({"base_url": "http://auth.example.com", "advanced": {"use_secure_cookies": True}}, True),
    ],
)
def test_cookies_are_secure_as_the_address_says_and_else_in_production(options: dict[str, Any], secure: bool) -> None:
    name = "__Secure-better-auth.session_token" if secure else "better-auth.session_token"
    assert _token(**options) == (name, secure, None)


@pytest.mark.parametrize(
    ("base_url", "domain", "shared"),
    [
        ("https://auth.example.com", None, "auth.example.com"),
        ("https://auth.example.com", "example.com", "example.com"),
        ({**HOSTS, "fallback": "https://main.example.com"}, None, "main.example.com"),
    ],
)
def test_shared_cookies_have_the_domain_that_was_named_or_the_hosts(
    base_url: Any, domain: str | None, shared: str
) -> None:
    cross = {"enabled": True, **({} if domain is None else {"domain": domain})}
    assert _token(base_url=base_url, advanced={"cross_sub_domain_cookies": cross})[2] == shared


def test_a_moment_that_the_options_name_ends_a_cookie_and_does_not_keep_one_that_is_cleared() -> None:
    until = datetime(2026, 3, 1, tzinfo=UTC)
    settings = Settings.load(
        {
            "secret": "at-least-32-random-characters-here",
            "advanced": {
                "defaultCookieAttributes": {"expires": until},
                "cookies": {"session_data": {"attributes": {"expires": until.replace(year=2027)}}},
            },
        }
    )
    cookies = Cookies(settings)
    attributes = "Path=/; Expires=Sun, 01 Mar 2026 00:00:00 GMT; HttpOnly; SameSite=Lax"
    assert cookies.dont_remember.line("true") == f"better-auth.dont_remember=true; {attributes}"
    assert "Expires=Mon, 01 Mar 2027 00:00:00 GMT" in cookies.session_data.line("x")
    assert cookies.session_token.gone == "better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
