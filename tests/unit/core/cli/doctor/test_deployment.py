"""Addresses, proxies, processes and switches that do not fit together are said."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.core.cli.doctor.examined import said, subject

from gatewright.cli.doctor.deployment import address, proxy, switches, workers
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter


@pytest.mark.parametrize("check", [address, proxy, switches])
def test_sound_options_are_nothing_to_say(check: Any) -> None:
    assert said(check, subject()) == []


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        (
            None,
            (
                "problem",
                "The address is taken from each request: links in mails and callback URLs are what a request says.",
            ),
        ),
        (
            {"allowed_hosts": ["*"]},
            ("problem", "Any host may be the instance's own: links in mails lead wherever a request says."),
        ),
        ("http://shop.example.com", ("problem", "Passwords and sessions travel in the clear: base_url is http.")),
        (
            "http://localhost:3000",
            ("note", "The instance is at http://localhost:3000, which only this machine reaches."),
        ),
    ],
)
def test_an_address_that_is_nobodys_or_without_tls_is_said(base_url: Any, told: tuple[str, str]) -> None:
    assert said(address, subject({"base_url": base_url})) == [told]


def test_hosts_by_name_are_good() -> None:
    assert said(address, subject({"base_url": {"allowed_hosts": ["a.example.com", "*.example.org"]}})) == []


UNNAMED = "No proxy is named. Behind one, every client has the proxy's address: "


def test_a_proxy_that_is_not_named_hides_every_client() -> None:
    assert said(proxy, subject({"advanced": {}})) == [("warning", f"{UNNAMED}all users count as one.")]
    assert said(proxy, subject({"advanced": {}, "production": False})) == [
        ("warning", f"{UNNAMED}every session has one address.")
    ]
    assert said(proxy, subject({"advanced": {"ip_address": {"trusted_proxies": ["10.0.0.0/8"]}}})) == []
    assert said(proxy, subject({"advanced": {}, "base_url": "http://localhost:3000"})) == []


@pytest.mark.parametrize(
    ("base_url", "believed", "named", "warns"),
    [
        ({"allowed_hosts": ["a.example.com"]}, None, None, True),
        ({"allowed_hosts": ["a.example.com"]}, True, None, True),
        ({"allowed_hosts": ["a.example.com"]}, False, None, False),
        ({"allowed_hosts": ["a.example.com"]}, True, "nginx", False),
        (None, None, None, False),
        (None, True, None, True),
        ("https://a.example.com", True, None, False),
    ],
)
def test_headers_that_anybody_may_send_are_a_warning_where_each_request_decides(
    base_url: Any, believed: bool | None, named: str | None, warns: bool
) -> None:
    advanced: dict[str, Any] = {"ip_address": {"trusted_proxies": ["10.0.0.0/8"]}}
    advanced |= {} if believed is None else {"trusted_proxy_headers": believed}
    advanced |= {} if named is None else {"proxy": named}
    told = ("warning", "X-Forwarded-Host and X-Forwarded-Proto are believed whoever sends them.")
    assert said(proxy, subject({"advanced": advanced, "base_url": base_url})) == ([told] if warns else [])


def test_memory_ends_with_the_process_and_is_not_shared() -> None:
    one = said(workers, subject(adapter=MemoryAdapter()))
    several = said(workers, subject(adapter=MemoryAdapter(), workers=4))
    assert one == [("warning", "MemoryAdapter keeps users in memory: they end with the process.")]
    assert several == [("problem", "MemoryAdapter keeps users in memory: each process has its own.")]


def test_a_cache_that_is_not_shared_loses_sessions() -> None:
    told = ("problem", "The secondary storage is in memory: a session that one process keeps is unknown to the others.")
    for number, found in ((1, []), (2, [told])):
        adapter = SQLAlchemyAdapter.sqlite(":memory:")
        assert said(workers, subject(adapter=adapter, cache=MemoryCache(), workers=number)) == found


def test_counting_in_each_process_raises_the_limits() -> None:
    counted = {"rate_limit": {"storage": "memory"}}
    told = ("warning", "Each of 3 processes counts requests for itself: limits are 3 times as high.")
    for number, options, found in ((1, counted, []), (3, counted, [told]), (3, {}, [])):
        adapter = SQLAlchemyAdapter.sqlite(":memory:")
        assert said(workers, subject(options, adapter=adapter, workers=number)) == found


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"advanced": {"disable_csrf_check": True}},
            ("problem", "Any site's pages can act for whoever is signed in: the check of origins is off."),
        ),
        (
            {"advanced": {"disable_origin_check": True}},
            ("problem", "Any site's pages can act for whoever is signed in: the check of origins is off."),
        ),
        ({"advanced": {"disable_origin_check": ["/hook"]}}, ("warning", "Origins are not checked at /hook.")),
        (
            {"rate_limit": {"enabled": False}},
            ("warning", "Requests are not counted: passwords can be guessed at any speed."),
        ),
        (
            {"advanced": {"security_headers": False}},
            ("warning", "Answers may be kept by caches: security_headers is off."),
        ),
        ({"trusted_origins": ["https://*"]}, ("problem", "https://* trusts every site.")),
        (
            {"trusted_origins": ["http://shop.example.com"]},
            ("warning", "http://shop.example.com is trusted without TLS: whoever is on the way can be it."),
        ),
        ({"trusted_origins": ["https://*.example.com", "http://localhost:3000", "myapp://"]}, None),
    ],
)
def test_a_protection_that_is_off_is_said(options: dict[str, Any], told: tuple[str, str] | None) -> None:
    assert said(switches, subject(options)) == ([] if told is None else [told])
