"""What a deployment shows of itself: asked through a proxy that does this or that to what is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from gatewright.cli.doctor.live import Unreachable, live
from gatewright.http.base_url import BaseURL
from gatewright.http.request import Request
from gatewright.testing.app import TestApp, make_app

pytestmark = pytest.mark.anyio

BASE = BaseURL.parse("https://auth.example.com")
BEHIND: dict[str, Any] = {
    "base_url": {"allowed_hosts": ["auth.example.com"]},
    "advanced": {"proxy": "nginx"},
    "production": True,
}
HSTS = ("note", "A browser's first request may go out without TLS: there is no Strict-Transport-Security.")

Proxy = Callable[[httpx.Request], tuple[str, dict[str, str]]]
"""What the instance gets of a request: the address that it sees, and headers."""


def _through(app: TestApp, proxy: Proxy, *, skew: timedelta = timedelta(), plain: int = 301) -> httpx.AsyncClient:
    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "http":
            return httpx.Response(plain)
        url, headers = proxy(request)
        asked = Request.make(request.method, url, headers, request.content, peer="10.0.0.1")
        made = await app.auth.handle(asked)
        date = format_datetime(app.clock.now() + skew, usegmt=True)
        return httpx.Response(made.status, headers=[*made.headers, ("date", date)], content=made.body)

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


def _tls_ends_here(request: httpx.Request) -> tuple[str, dict[str, str]]:
    """A proxy as its manual says: it overwrites what clients may not say."""
    return str(request.url.copy_with(scheme="http")), {
        **request.headers,
        "x-forwarded-proto": "https",
        "x-forwarded-host": "auth.example.com",
    }


def _silent(request: httpx.Request) -> tuple[str, dict[str, str]]:
    """A proxy that tells nothing of TLS."""
    headers = {name: value for name, value in request.headers.items() if not name.startswith("x-forwarded")}
    return str(request.url.copy_with(scheme="http")), headers


def _renaming(request: httpx.Request) -> tuple[str, dict[str, str]]:
    """A proxy that puts its own upstream's name into ``Host``."""
    url, headers = _silent(request)
    return url.replace("auth.example.com", "inner"), {**headers, "host": "inner"}


def _passing(request: httpx.Request) -> tuple[str, dict[str, str]]:
    """A proxy that passes on whatever clients say of host and scheme."""
    return str(request.url.copy_with(scheme="http")), {"x-forwarded-proto": "https", **request.headers}


async def _found(app: TestApp, proxy: Proxy, **more: Any) -> list[tuple[str, str]]:
    async with _through(app, proxy, **more) as http:
        return [(each.level, each.told) for each in await live(BASE, http, app.clock.now())]


async def test_a_deployment_that_knows_itself_has_only_hsts_to_add() -> None:
    assert await _found(make_app({"base_url": BASE.origin}), _silent) == [HSTS]
    assert await _found(make_app(BEHIND), _tls_ends_here) == [HSTS]


async def test_a_proxy_that_hides_the_scheme_is_a_problem() -> None:
    told = "The instance takes itself for http://auth.example.com: links in mails and callback URLs lead there."
    assert await _found(make_app(BEHIND), _silent) == [HSTS, ("problem", told)]


async def test_a_proxy_that_hides_the_host_is_a_problem() -> None:
    told = ("problem", "The instance refuses the host of https://auth.example.com.")
    assert await _found(make_app(BEHIND), _renaming) == [told]
    anywhere = make_app({"base_url": None, "advanced": {"proxy": "nginx"}, "production": True})
    called = "The instance takes itself for http://inner: links in mails and callback URLs lead there."
    assert await _found(anywhere, _renaming) == [HSTS, ("problem", called)]


async def test_cookies_without_secure_on_https_are_a_problem() -> None:
    app = make_app({"base_url": BASE.origin, "advanced": {"use_secure_cookies": False}})
    told = "The site is https, and its cookies are sent without TLS as well."
    assert await _found(app, _silent) == [HSTS, ("problem", told)]


async def test_a_client_that_may_name_host_or_scheme_is_a_problem() -> None:
    told = "A client's own {} was believed: anybody can tell the instance where it is."
    believing = {**BEHIND, "advanced": {"trusted_proxy_headers": True}}
    assert await _found(make_app(believing), _passing) == [
        HSTS,
        ("problem", told.format("x-forwarded-host")),
        ("problem", told.format("x-forwarded-proto")),
    ]
    assert await _found(make_app(believing), _tls_ends_here) == [HSTS]
    # With a proxy that is named the host is Host alone.
    assert await _found(make_app(BEHIND), _passing) == [HSTS, ("problem", told.format("x-forwarded-proto"))]


async def test_an_instance_whose_errors_go_elsewhere_does_not_say_what_it_calls_itself() -> None:
    app = make_app({"base_url": BASE.origin, "on_api_error": {"error_url": "https://app.example.com/oops"}})
    told = ("note", "What the instance calls itself cannot be seen: its errors go elsewhere.")
    assert await _found(app, _silent) == [HSTS, told]


@pytest.mark.parametrize(("seconds", "level"), [(0, None), (4, None), (-20, "warning"), (3600, "problem")])
async def test_clocks_that_differ_are_said(seconds: int, level: str | None) -> None:
    found = await _found(make_app({"base_url": BASE.origin}), _silent, skew=timedelta(seconds=seconds))
    told = f"The clocks of the deployment and of this machine differ by {abs(seconds)} s."
    assert found == ([HSTS] if level is None else [(level, told), HSTS])


async def test_the_same_site_without_tls_is_a_warning() -> None:
    found = await _found(make_app({"base_url": BASE.origin}), _silent, plain=200)
    assert found == [HSTS, ("warning", "http://auth.example.com answers without TLS as well.")]


async def test_another_application_at_the_address_is_a_problem() -> None:
    def other(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, text="nothing")

    async with httpx.AsyncClient(transport=httpx.MockTransport(other)) as http:
        found = await live(BASE, http, make_app().clock.now())
    assert [(each.level, each.told) for each in found] == [
        ("problem", "https://auth.example.com/api/auth/ok answers 404, and nothing of ours.")
    ]


async def test_no_answer_at_all_is_said() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http:
        with pytest.raises(Unreachable, match="does not answer: ConnectError"):
            await live(BASE, http, make_app().clock.now())


async def test_nobody_is_signed_out() -> None:
    app = make_app({"base_url": BASE.origin})
    browser = await app.signed_up()
    await _found(app, _silent)
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
