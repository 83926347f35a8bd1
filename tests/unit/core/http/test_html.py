"""The page that names an error."""

from __future__ import annotations

import pytest

from gatewright.http.html import error_page, is_css_value


@pytest.mark.parametrize(
    "value",
    [
        "#fff",
        "red",
        "0.5rem",
        "100%",
        "rgb(1, 2, 3 / 50%)",
        "oklch(0.7 0.1 200)",
        "calc(1rem + (2px * 3))",
        "var(--mine)",
        "'Inter', system-ui, sans-serif",
        '"Inter", serif',
    ],
)
def test_plain_values_are_accepted(value: str) -> None:
    assert is_css_value(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "red;}body{display:none",
        "red}</style><script>alert(1)</script>",
        "url(https://evil.example.com/x)",
        "URL('x')",
        "image-set(x)",
        "expression(alert(1))",
        "\\75rl(x)",
        "@import x",
        "red/*",
        "'open",
        '"a\'b"',
        "rgb(1,2",
        "a)b(",
        "red\n",
        "a" * 201,
    ],
)
def test_values_that_could_leave_their_declaration_or_load_something_are_not(value: str) -> None:
    assert not is_css_value(value)


def test_a_page_escapes_what_others_wrote() -> None:
    page = error_page("A<b>", "code", "<script>alert(1)</script>")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "A&lt;b&gt;" in page


def test_a_look_of_ones_own_sets_variables_and_decorations() -> None:
    page = error_page("A", "code", None, variables={"--background": "#123456"}, decorations=("gridded", "titled"))
    assert ":root{--background:#123456;}</style>" in page
    assert '<body class="gridded titled">' in page
    assert "<body>" in error_page("A", "code", None)
