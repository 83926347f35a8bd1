"""The demo serves its page and the API from one origin."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import anyio.lowlevel
import httpx
import pytest
from rich.console import Console

from gatewright.cli.demo.server import PAGE, create_app

pytestmark = pytest.mark.anyio

ORIGIN = "http://127.0.0.1:8000"
ADA = {"name": "Ada", "email": "ada@example.com", "password": "a-long-password"}


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before a running demo."""
    app = create_app("127.0.0.1", 8000, tmp_path / "demo.db", Console(file=io.StringIO()))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN}) as client,
    ):
        yield client


@pytest.mark.parametrize("path", PAGE)
async def test_the_page_is_served_under_a_strict_policy(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    policy = answer.headers["content-security-policy"]
    assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff")
    assert answer.headers["content-type"].startswith(PAGE[path][1])
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
    assert "unsafe" not in policy


async def test_the_page_needs_nothing_that_its_policy_forbids(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/")).text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script src="/') == 1
    assert "http://" not in page
    assert "https://" not in page


async def test_whoever_signs_up_on_the_page_has_a_session(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/api/auth/sign-up/email", json=ADA)).status_code == 200
    found = (await browser.get("/api/auth/get-session")).json()
    assert (found["user"]["name"], found["user"]["email"]) == ("Ada", "ada@example.com")


async def test_a_foreign_origin_may_not_sign_in(browser: httpx.AsyncClient) -> None:
    await browser.post("/api/auth/sign-up/email", json=ADA)
    wanted = {"email": ADA["email"], "password": ADA["password"]}
    statuses = [
        (await browser.post("/api/auth/sign-in/email", json=wanted, headers={"origin": origin})).status_code
        for origin in (ORIGIN, "http://localhost:8000", "http://evil.example")
    ]
    assert statuses == [200, 200, 403]


async def test_the_reference_is_where_the_page_links_to(browser: httpx.AsyncClient) -> None:
    assert 'href="/api/auth/reference"' in (await browser.get("/")).text
    answer = await browser.get("/api/auth/reference")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


async def test_the_last_link_is_shown_to_this_machine_alone(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/outbox")).json() == {"link": None}
    await browser.post("/api/auth/sign-in/magic-link", json={"email": "ada@example.com"})
    link = None
    with anyio.fail_after(5):
        while link is None:
            await anyio.lowlevel.checkpoint()
            link = (await browser.get("/outbox")).json()["link"]
    assert link.startswith("http://localhost:8000/api/auth/magic-link/verify?token=")
    assert (await browser.get("/outbox", headers={"host": "evil.example:8000"})).status_code == 404
    assert (await browser.get("/outbox", headers={"sec-fetch-site": "cross-site"})).status_code == 404


async def test_a_demo_for_others_shows_no_links(tmp_path: Path) -> None:
    app = create_app("0.0.0.0", 8000, tmp_path / "demo.db", Console(file=io.StringIO()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        assert (await client.get("/outbox")).status_code == 404
