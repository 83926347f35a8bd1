"""Paths below the base path: one spelling only."""

import pytest

from gatewright.http.paths import strip_base

BASE = "/api/auth"


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/api/auth/sign-in/email", "/sign-in/email"),
        ("/api/auth/reset-password/a%2Fb", "/reset-password/a%2Fb"),
        ("/api/auth/x/.hidden", "/x/.hidden"),
        ("/api/auth/x/%2ehidden", "/x/%2ehidden"),
        ("/api/auth/%73ign-in", "/%73ign-in"),
        ("/api/auth/SIGN-IN", "/SIGN-IN"),
        ("/api/auth/ok%00", "/ok%00"),
    ],
)
def test_a_path_below_the_base_path_is_left_as_it_is_spelt(path: str, below: str) -> None:
    assert strip_base(path, BASE) == below


@pytest.mark.parametrize(
    "path",
    ["", "/", "/ok", "/api/auth", "/api/auth/", "/api/authx/get-session", "/API/auth/ok", "//api/auth/ok", "/api//auth/ok",
     "/api/auth//ok", "/api/auth/sign-in//email", "/api/auth/ok/", "/api/auth/./ok", "/api/auth/x/../ok", "/api/auth/..",
     "/api/auth/x/%2e%2E/ok", "/api/auth/%2E/ok", "/./api/auth/ok", "/x/../api/auth/ok", "api/auth/ok", "/%61pi/auth/ok"],
)  # fmt: skip
def test_every_other_spelling_is_unknown(path: str) -> None:
    assert strip_base(path, BASE) is None


def test_one_trailing_slash_may_be_passed_over() -> None:
    assert strip_base("/api/auth/ok/", BASE, skip_trailing_slashes=True) == "/ok"
    assert strip_base("/api/auth/ok", BASE, skip_trailing_slashes=True) == "/ok"
    assert strip_base("/api/auth/ok//", BASE, skip_trailing_slashes=True) is None
    assert strip_base("/api/auth/", BASE, skip_trailing_slashes=True) is None


def test_routes_may_sit_at_the_root() -> None:
    assert strip_base("/ok", "") == "/ok"
    assert strip_base("//ok", "") is None
    assert strip_base("/", "") is None
