"""HST: what a ``Host`` header may decide, and what it may not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.security.attacker import SIGN_UP, app_on, refused, send

from gatewright.contract.faults import ValidationError
from gatewright.plugins.open_api import OpenApi
from gatewright.plugins.open_api.contract import GenerateOpenAPISchema
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

JSON = ("content-type", "application/json")
FORWARDED = [
    ("x-forwarded-host", "evil.test"),
    ("x-forwarded-proto", "https"),
    ("forwarded", "host=evil.test;proto=https"),
    ("x-host", "evil.test"),
    ("x-original-url", "/api/auth/sign-out"),
    ("x-rewrite-url", "/api/auth/sign-out"),
]


async def document(app: TestApp, host: str, headers: list[tuple[str, str]], scheme: str = "http") -> Answer:
    return await send(app.auth, "GET", "/api/auth/open-api/generate-schema", headers=headers, host=host, scheme=scheme)


async def app_with(options: dict[str, Any]) -> TestApp:
    return await app_on(MemoryAdapter(), options, plugins=[OpenApi()])


def server(answer: Answer) -> str:
    """The address that an answer says the instance has."""
    assert answer.status == 200, answer
    return answer.json["servers"][0]["url"]


async def test_hst_01_a_configured_address_stays_under_any_host() -> None:
    app = await app_with({"base_url": "https://auth.test"})
    for host in ("evil.test", "evil.test:443", "", "a b", "@evil.test"):
        assert server(await document(app, host, [("host", host), *FORWARDED])) == "https://auth.test/api/auth"


async def test_hst_02_each_request_is_answered_under_its_own_allowed_host() -> None:
    app = await app_with({"base_url": {"allowed_hosts": ["a.test", "b.test"], "protocol": "https"}})
    assert server(await document(app, "a.test", [])) == "https://a.test/api/auth"
    assert server(await document(app, "b.test", [])) == "https://b.test/api/auth"
    refused(await document(app, "evil.test", []))
    assert server(await document(app, "a.test", [])) == "https://a.test/api/auth"


async def test_hst_02_the_host_of_the_first_request_never_sticks() -> None:
    app = await app_with({"base_url": None})
    assert server(await document(app, "evil.test", [])) == "http://evil.test/api/auth"
    assert server(await document(app, "app.test", [], "https")) == "https://app.test/api/auth"


async def test_hst_03_forwarded_headers_are_ignored_unless_trusted() -> None:
    app = await app_with({"base_url": None})
    assert server(await document(app, "app.test", FORWARDED)) == "http://app.test/api/auth"


async def test_hst_03_forwarded_headers_count_where_they_are_trusted() -> None:
    app = await app_with({"base_url": None, "advanced": {"trusted_proxy_headers": True}})
    assert server(await document(app, "app.test", FORWARDED[:2])) == "https://evil.test/api/auth"


async def test_hst_04_a_forwarded_host_outside_the_list_is_refused() -> None:
    listed = {"allowed_hosts": ["app.test"], "protocol": "https"}
    app = await app_with({"base_url": listed, "advanced": {"trusted_proxy_headers": True}})
    refused(await document(app, "app.test", FORWARDED[:2]))
    assert server(await document(app, "x.test", [("x-forwarded-host", "app.test")])) == "https://app.test/api/auth"


async def test_hst_04_a_fallback_answers_for_hosts_outside_the_list() -> None:
    app = await app_with({"base_url": {"allowed_hosts": ["app.test"], "fallback": "https://main.test"}})
    assert server(await document(app, "evil.test", [])) == "https://main.test/api/auth"


@pytest.mark.parametrize(
    "host",
    ["", " ", "evil.test:x", "evil.test:99999", "user@evil.test", "evil.test/path", "a b", "a\xa0b", "evil.test\0",
     "[::1", "a,b", "evil.test:80:80", "a" * 300, "ex%41mple.test", "\xff", "evil.test?x", "evil.test#x", "\\evil.test"],
)  # fmt: skip
async def test_hst_05_a_malformed_host_is_refused(host: str) -> None:
    for options in ({"base_url": None}, {"base_url": {"allowed_hosts": ["*"]}}):
        app = await app_with(options)
        answer = await document(app, "app.test", [("host", host)])
        assert answer.status == 400
        refused(answer)


@pytest.mark.parametrize(("first", "second"), [("app.test", "evil.test"), ("evil.test", "app.test"), ("app.test", "")])
async def test_hst_05_two_hosts_that_differ_are_refused(first: str, second: str) -> None:
    app = await app_with({"base_url": None})
    answer = await document(app, "app.test", [("host", first), ("host", second)])
    assert answer.status == 400
    refused(answer)


async def test_hst_08_cookies_stay_secure_whatever_a_client_claims() -> None:
    app = await app_on(MemoryAdapter(), {"base_url": "https://app.test"})
    answer = await send(
        app.auth,
        "POST",
        "/api/auth/sign-up/email",
        json.dumps(SIGN_UP).encode(),
        [JSON, ("x-forwarded-proto", "http"), ("x-forwarded-host", "evil.test")],
        host="app.test",
    )
    (line,) = answer.cookies
    assert line.startswith("__Secure-better-auth.session_token=")
    assert "; Secure" in line
    assert "Domain" not in line


async def test_hst_10_a_call_without_request_has_the_fallback_or_no_origin_at_all() -> None:
    app = await app_with({"base_url": {"allowed_hosts": ["app.test"], "fallback": "https://main.test"}})
    made = await app.auth.execute(GenerateOpenAPISchema())
    assert made["servers"] == [{"url": "https://main.test/api/auth"}]


async def test_hst_10_a_call_that_needs_a_caller_says_so() -> None:
    app = await app_with({"base_url": None})
    with pytest.raises(ValidationError, match="Headers is required"):
        await app.auth.api.get_session()
