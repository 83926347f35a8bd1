"""The session where each framework's users look for it, and its cookies on the application's own answers."""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest
from tests.contract.integrations.applications import APPLICATIONS, running
from tests.contract.integrations.raw import Wire, exchange, request
from tests.contract.integrations.servers import Served

from gatewright.wire.json import encode

PERSON = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
SIGN_UP = request(
    "POST",
    "/api/auth/sign-up/email",
    "Content-Type: application/json",
    "Origin: http://localhost:3000",
    body=encode(PERSON),
)


@pytest.fixture(params=APPLICATIONS)
def served(request: pytest.FixtureRequest) -> Generator[Served]:
    """The small application in one framework."""
    with running(str(request.param)) as found:
        yield found


def _get(served: Served, path: str, cookie: str = "", *headers: str) -> tuple[int, bytes, list[str]]:
    answer = exchange(served.port, request("GET", path, *([f"Cookie: {cookie}"] if cookie else []), *headers))
    return answer.status, answer.body.replace(b" ", b"").strip(), answer.all("set-cookie")


def test_the_session_reaches_the_application_and_its_cookies_come_back(served: Served) -> None:
    cookie = exchange(served.port, SIGN_UP).cookie

    assert _get(served, "/maybe") == (200, b'{"name":null}', [])
    assert _get(served, "/maybe", cookie) == (200, b'{"name":"Ada"}', [])
    assert _get(served, "/me", cookie) == (200, b'{"name":"Ada"}', [])
    assert _get(served, "/fresh", cookie) == (200, b'{"name":"Ada"}', [])

    status, body, cookies = _get(served, "/me")
    assert (status, b'"UNAUTHORIZED"' in body, cookies) == (401, True, [])
    status, body, cookies = _get(served, "/admin", cookie)
    assert (status, b'"FORBIDDEN"' in body, cookies) == (403, True, [])

    # A day later the session is renewed by reading it, and no longer fresh.
    served.app.clock.advance(days=1)
    status, body, cookies = _get(served, "/fresh", cookie)
    assert (status, b'"SESSION_NOT_FRESH"' in body) == (403, True)
    assert [line.partition("=")[0] for line in cookies] == ["better-auth.session_token"]
    served.app.clock.advance(days=1)
    status, body, cookies = _get(served, "/me", cookie)
    assert (status, [line.partition("=")[0] for line in cookies]) == (200, ["better-auth.session_token"])

    # When it is over, the cookies go, also on an answer that refuses.
    served.app.clock.advance(days=8)
    for path, expected in (("/me", 401), ("/maybe", 200)):
        status, body, cookies = _get(served, path, cookie)
        assert status == expected
        assert len(cookies) >= 1
        assert all("Max-Age=0" in line for line in cookies)


def test_a_session_that_is_not_asked_for_is_not_read(served: Served) -> None:
    answer = exchange(served.port, request("GET", "/no-such-place", "Cookie: better-auth.session_token=forged"))
    assert (answer.status, answer.all("set-cookie")) == (404, [])


def _post(served: Served, path: str, cookie: str, body: dict[str, str]) -> Wire:
    headers = ("Content-Type: application/json", "Origin: http://localhost:3000", f"Cookie: {cookie}")
    return exchange(served.port, request("POST", f"/api/auth{path}", *headers, body=encode(body)))


def test_what_is_required_is_answered_exactly(served: Served) -> None:
    """401 before 403 before 400 and 404; outsiders are not told which organizations exist."""
    ada = exchange(served.port, SIGN_UP).cookie
    eve = _post(served, "/sign-up/email", "", {**PERSON, "name": "Eve", "email": "eve@example.com"}).cookie
    assert _coded(served, "/active", ada) == (400, "NO_ACTIVE_ORGANIZATION")
    made = _post(served, "/organization/create", ada, {"name": "Acme", "slug": "acme"})
    assert made.status == 200, made
    own: str = made.json["id"]

    assert _coded(served, "/sees", ada) == (200, "")
    assert _coded(served, "/ends", ada) == (403, "FORBIDDEN")
    assert _coded(served, "/active", ada) == (200, "")
    assert _coded(served, "/active", eve) == (400, "NO_ACTIVE_ORGANIZATION")
    assert _coded(served, f"/invites/{own}", ada) == (200, "")
    assert _coded(served, f"/invites/{own}", eve) == (404, "ORGANIZATION_NOT_FOUND")
    assert _coded(served, "/invites/none", ada) == (404, "ORGANIZATION_NOT_FOUND")
    assert _coded(served, "/flies/acme", ada) == (403, "FORBIDDEN")
    assert _coded(served, "/flies/acme", eve) == (404, "ORGANIZATION_NOT_FOUND")
    assert _coded(served, "/founds", ada) == (400, "NO_ACTIVE_ORGANIZATION")
    assert _coded(served, "/founds", ada, "X-Organization: acme") == (200, "")
    assert _coded(served, "/founds", ada, "X-Organization: other") == (404, "ORGANIZATION_NOT_FOUND")
    assert _coded(served, "/founds", eve, "X-Organization: acme") == (404, "ORGANIZATION_NOT_FOUND")
    assert _coded(served, "/chairs", ada, f"X-Organization: {own}") == (403, "FORBIDDEN")
    for path in ("/sees", "/active", f"/invites/{own}", "/founds"):
        assert _coded(served, path, "") == (401, "UNAUTHORIZED")


def test_what_has_proven_a_user_is_asked_for_and_given(served: Served) -> None:
    """The answer says what is needed; once it is given, the same session gets in."""
    cookie = exchange(served.port, SIGN_UP).cookie
    assert _coded(served, "/sure", "") == (401, "UNAUTHORIZED")
    assert _get(served, "/sure", cookie) == (200, b'{"name":"Ada"}', [])
    served.app.clock.advance(minutes=5)
    status, body, _ = _get(served, "/sure", cookie)
    assert status == 403
    assert b'"code":"STEP_UP_REQUIRED"' in body
    assert b'"required":{' in body
    assert b'"methods":["pwd","hwk"]' in body
    assert b'"ways":["password"]' in body
    assert _post(served, "/verify-password", cookie, {"password": PERSON["password"]}).status == 200
    assert _get(served, "/sure", cookie) == (200, b'{"name":"Ada"}', [])


def _coded(served: Served, path: str, cookie: str, *headers: str) -> tuple[int, str]:
    status, body, _ = _get(served, path, cookie, *headers)
    found = re.search(rb'"code":"([A-Z_]+)"', body)
    return status, found[1].decode() if found else ""
