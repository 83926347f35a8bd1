"""Cookies that browsers refuse, show around or do not send back are said."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.core.cli.doctor.examined import said, subject

from gatewright.cli.doctor import cookies as module
from gatewright.cli.doctor.cookies import cookies, site_of

pytest.importorskip("publicsuffixlist", reason="the list of public suffixes is not installed")


def _of(base_url: str = "https://app.example.com", **advanced: Any) -> list[tuple[str, str]]:
    trusted = advanced.pop("trusted_origins", ())
    return said(cookies, subject({"base_url": base_url, "trusted_origins": trusted, "advanced": advanced}))


def _shared(domain: str) -> dict[str, Any]:
    return {"cross_sub_domain_cookies": {"enabled": True, "domain": domain}}


def test_the_defaults_are_good() -> None:
    assert _of() == []


def test_a_domain_of_ones_own_is_good() -> None:
    assert _of(**_shared("example.com")) == []
    assert _of(**_shared(".example.com")) == []
    assert _of("https://app.shop.co.uk", **_shared("shop.co.uk")) == []


@pytest.mark.parametrize("suffix", ["com", "co.uk", "github.io", "herokuapp.com", ".co.uk"])
def test_a_public_suffix_is_a_problem(suffix: str) -> None:
    name = suffix.lstrip(".")
    assert _of(f"https://app.{name}", **_shared(suffix)) == [
        ("problem", f"Browsers refuse cookies for {name}: it is a public suffix, which belongs to everybody.")
    ]


def test_a_domain_that_the_site_is_not_below_is_a_problem() -> None:
    assert _of(**_shared("example.org")) == [
        ("problem", "Browsers refuse cookies for example.org from app.example.com, which is not below it.")
    ]
    assert _of("https://notexample.com", **_shared("example.com")) == [
        ("problem", "Browsers refuse cookies for example.com from notexample.com, which is not below it.")
    ]


def test_an_address_has_no_domain() -> None:
    assert _of("https://192.0.2.1", **_shared("192.0.2.1")) == [
        ("problem", "Browsers take no cookie for the address 192.0.2.1.")
    ]


def test_cookies_without_tls_on_an_https_site_are_a_problem() -> None:
    assert _of(use_secure_cookies=False) == [
        ("problem", "The site is https, and the session's cookie is sent without TLS as well.")
    ]


def test_secure_cookies_of_an_http_site_are_refused_except_by_some_at_home() -> None:
    assert _of("http://app.example.com", use_secure_cookies=True) == [
        ("problem", "The site is http, and browsers take no Secure cookie from it.")
    ]
    assert _of("http://localhost:3000", use_secure_cookies=True) == [
        ("note", "The site is http, and some browsers take no Secure cookie from it.")
    ]


def test_a_session_that_scripts_can_read_is_a_warning() -> None:
    attributes = {"session_token": {"attributes": {"http_only": False}}}
    assert _of(cookies=attributes) == [("warning", "Scripts can read the session's cookie.")]


def test_names_promise_what_attributes_must_keep() -> None:
    # The instance's own prefix would come in front of the name.
    own: dict[str, Any] = {"cookies": {"session_token": {"name": "__Host-session"}}, "use_secure_cookies": False}
    secure: dict[str, Any] = {**own, "default_cookie_attributes": {"secure": True}}
    assert _of(**secure) == []
    assert _of(**secure, **_shared("example.com")) == [
        (
            "warning",
            "__Host-session stays on its host, although cookies are shared: a name that begins so has no domain.",
        )
    ]
    assert _of("http://localhost:3000", **own) == [
        ("problem", "The site is http, and browsers refuse __Host-session: a name that begins so is Secure.")
    ]


def test_a_trusted_page_of_another_site_gets_no_session() -> None:
    assert _of(trusted_origins=["https://www.example.com", "https://shop.example.org"]) == [
        (
            "warning",
            (
                "https://shop.example.org is trusted, and its pages' requests carry no session: "
                "it is another site than example.com."
            ),
        )
    ]
    sent = _of(
        trusted_origins=["https://shop.example.org"],
        default_cookie_attributes={"same_site": "none", "secure": True},
    )
    assert sent == [("note", "Every site's requests carry the session's cookie (SameSite=None).")]


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("me.github.io", "me.github.io"),
        ("localhost", "localhost"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_a_site_is_what_somebody_owns(host: str, site: str) -> None:
    assert site_of(host) == site


def test_without_the_list_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_suffixes", lambda: None)
    assert _of(**_shared("example.com")) == [("note", "Whether example.com is a public suffix was not looked up.")]
