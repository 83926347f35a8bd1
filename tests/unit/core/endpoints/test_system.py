"""The page that names an error, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio


async def test_markup_in_an_error_is_reduced_or_escaped() -> None:
    page = (
        await make_app()
        .browser()
        .get("/error?error=%3Cscript%3Ealert(1)%3C/script%3E&error_description=%3Cimg%20src=x%20onerror=alert(1)%3E")
    )
    assert page.status == 200
    assert b"<script" not in page.body
    assert b"<img" not in page.body
    assert b"<code>UNKNOWN</code>" in page.body
    policy = page.header("content-security-policy") or ""
    assert policy.startswith("default-src 'none'")
    assert page.header("x-content-type-options") == "nosniff"


async def test_an_application_may_have_a_page_of_its_own() -> None:
    app = make_app({"on_api_error": {"error_url": "https://example.com/oops?x=1"}})
    answer = await app.browser().get("/error?error=abc&error_description=hi%3Cscript%3E")
    assert (answer.status, answer.header("location")) == (
        302,
        "https://example.com/oops?x=1&error=abc&error_description=hi%3Cscript%3E",
    )


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("", "/oops?error=UNKNOWN"),
        ("?error=", "/oops?error=UNKNOWN"),
        ("?error=a%20b", "/oops?error=UNKNOWN"),
        ("?error=a%0Ab", "/oops?error=UNKNOWN"),
        ("?error=it's_A-code", "/oops?error=it's_A-code"),
        ("?error=abc&error_description=", "/oops?error=abc"),
    ],
)
async def test_what_is_no_code_is_an_unknown_error(query: str, location: str) -> None:
    answer = await make_app({"on_api_error": {"error_url": "/oops"}}).browser().get(f"/error{query}")
    assert (answer.status, answer.header("location")) == (302, location)


@pytest.mark.parametrize("url", ["http://localhost:3000/api/auth/error", "/api/auth/error"])
async def test_an_error_url_that_is_this_page_leads_nowhere_else(url: str) -> None:
    answer = await make_app({"on_api_error": {"error_url": url}}).browser().get("/error?error=abc")
    assert answer.status == 200


async def test_the_page_takes_colours_sizes_and_fonts() -> None:
    look: dict[str, Any] = {
        "colors": {"background": "#123456", "cornerBorder": "red"},
        "size": {"text2xl": "2rem"},
        "font": {"defaultFamily": "'Inter', serif"},
        "disableBackgroundGrid": True,
    }
    page = await make_app({"on_api_error": {"customize_default_error_page": look}}).browser().get("/error")
    text = page.body.decode()
    for each in (
        "--background:#123456;",
        "--corner-border:red;",
        "--text-2xl:2rem;",
        "--default-family:'Inter', serif;",
    ):
        assert each in text
    assert '<body class="titled cornered">' in text


async def test_a_colour_that_is_no_colour_is_refused_at_construction() -> None:
    look = {"colors": {"background": "red;}body{display:none"}}
    with pytest.raises(ConfigError, match="must be one plain CSS value"):
        make_app({"on_api_error": {"customize_default_error_page": look}})
