"""The same bytes on the wire from every integration, and the same manners with requests that have none."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator

import pytest
from tests.contract.integrations.raw import Wire, exchange, request
from tests.contract.integrations.servers import INTEGRATIONS, Served, serving

from gatewright.http.request import Request
from gatewright.testing.app import make_app
from gatewright.wire.json import encode

JSON = "Content-Type: application/json"
ORIGIN = "Origin: http://localhost:3000"
PERSON = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
SIGN_UP = request("POST", "/api/auth/sign-up/email", JSON, ORIGIN, body=encode(PERSON))


@pytest.fixture(params=INTEGRATIONS, scope="module")
def name(request: pytest.FixtureRequest) -> str:
    """The integration under the test."""
    return str(request.param)


@pytest.fixture(scope="module")
def served(name: str) -> Generator[Served]:
    """One instance behind it, for tests that leave nothing behind."""
    with serving(name) as found:
        yield found


async def _direct(sent: list[bytes]) -> list[tuple[object, ...]]:
    """What the instance itself answers, without any integration."""
    app = make_app({"advanced": {"max_body_bytes": 4096}})
    told: list[tuple[object, ...]] = []
    for each in sent:
        head, _, body = each.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = [(key, value.strip()) for key, _, value in (line.partition(":") for line in lines)]
        answer = await app.auth.handle(
            Request.make(method, f"http://localhost:3000{target}", headers, body, peer="127.0.0.1")
        )
        headers = [*answer.headers, ("content-length", str(len(answer.body)))]
        body = b"" if method == "HEAD" else answer.body
        told.append(Wire(answer.status, tuple(headers), body).told)
    return told


def test_a_conversation_is_the_same_as_without_an_integration(name: str) -> None:
    """A new instance, so that identifiers and tokens are those of the seed."""
    wrong = encode({"email": "ada@example.com", "password": "not-the-password"})
    right = encode({"email": "ada@example.com", "password": "password-1234", "rememberMe": False})
    with serving(name) as found:
        first = exchange(found.port, SIGN_UP)
        cookie = f"Cookie: {first.cookie}"
        rest = [
            request("GET", "/api/auth/get-session", cookie),
            request("GET", "/api/auth/get-session?disableCookieCache=true&x=%2F%20", cookie),
            request("GET", "/api/auth/get-session", "Cookie: better-auth.session_token=forged.value"),
            request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, body=wrong),
            request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, body=right),
            request("POST", "/api/auth/sign-in/email", JSON, "Origin: https://evil.example", cookie, body=right),
            request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, body=b"{not json"),
            request("POST", "/api/auth/sign-in/email", "Content-Type: text/plain", ORIGIN, body=right),
            request("GET", "/api/auth/error?error=%3Cscript%3E"),
            request("GET", "/api/auth/ok"),
            request("GET", "/api/auth/no-such-place"),
            request("PUT", "/api/auth/ok", body=b""),
            request("POST", "/api/auth/sign-out", JSON, ORIGIN, cookie, body=b"{}"),
        ]
        answers = [first.told, *(exchange(found.port, each).told for each in rest)]
    assert answers == asyncio.run(_direct([SIGN_UP, *rest]))


def test_every_cookie_has_a_line_of_its_own(name: str) -> None:
    with serving(name) as found:
        exchange(found.port, SIGN_UP)
        body = encode({"email": "ada@example.com", "password": "password-1234", "rememberMe": False})
        answer = exchange(found.port, request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, body=body))
    assert [line.partition("=")[0] for line in answer.all("set-cookie")] == [
        "better-auth.session_token",
        "better-auth.dont_remember",
    ]


def test_a_session_that_was_begun_over_the_wire_is_read_over_the_wire(name: str) -> None:
    with serving(name) as found:
        cookie = exchange(found.port, SIGN_UP).cookie
        answer = exchange(found.port, request("GET", "/api/auth/get-session", f"Cookie: {cookie}"))
        none = exchange(found.port, request("GET", "/api/auth/get-session"))
    assert (answer.status, answer.json["user"]["email"]) == (200, "ada@example.com")
    assert (none.status, none.body) == (200, b"null")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "PATCH"])
def test_a_method_that_no_route_has_is_a_bare_404(served: Served, method: str) -> None:
    answer = exchange(served.port, request(method, "/api/auth/ok"))
    assert (answer.status, answer.body, answer.all("content-type")) == (404, b"", [])


@pytest.mark.parametrize(
    "path", ["/api/auth", "/api/auth/", "/api/auth//ok", "/api/auth/%6Fk", "/api/auth/ok%2F..%2Fok"]
)
def test_a_path_is_taken_as_it_was_sent(served: Served, path: str) -> None:
    """Nothing is decoded, joined or redirected before the instance sees it."""
    direct = request("GET", path)
    assert [exchange(served.port, direct).told] == asyncio.run(_direct([direct]))


def test_a_body_at_the_limit_is_read_and_one_above_is_413(served: Served) -> None:
    fits = exchange(served.port, request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, body=b" " * 4096))
    above = exchange(served.port, request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, body=b" " * 4097))
    assert fits.status == 400
    assert (above.status, above.json) == (413, {"message": "Request body is too large", "code": "PAYLOAD_TOO_LARGE"})


def test_a_chunked_body_is_read_up_to_the_limit(served: Served) -> None:
    head = request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, "Transfer-Encoding: chunked", length=False)
    body = encode({"email": "nobody@example.com", "password": "password-1234"})
    small = exchange(served.port, head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
    large = exchange(served.port, head + b"1000\r\n%b\r\n" % (b" " * 4096) * 2 + b"0\r\n\r\n")
    assert (small.status, small.json["code"]) == (401, "INVALID_EMAIL_OR_PASSWORD")
    assert (large.status, large.json["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_lengths_that_differ_are_refused(served: Served) -> None:
    sent = request(
        "POST", "/api/auth/sign-in/email", JSON, ORIGIN, "Content-Length: 2", "Content-Length: 4", length=False
    )
    assert exchange(served.port, sent + b"{}{}").status == 400


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "\u00b2", "9" * 5000])
def test_a_length_that_is_no_number_never_fails_the_server(served: Served, length: str) -> None:
    sent = request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, f"Content-Length: {length}", length=False)
    assert exchange(served.port, sent + b"{}").status in (400, 413)


def test_a_header_with_underscores_is_not_the_one_with_dashes(served: Served) -> None:
    """An untrusted origin is refused when it is spelt properly, and unseen when it is not."""
    body = encode({"email": "nobody@example.com", "password": "password-1234"})
    sent = request(
        "POST",
        "/api/auth/sign-in/email",
        JSON,
        "Content_Length: 3",
        "X_Forwarded_Host: evil.example",
        ORIGIN,
        body=body,
    )
    assert exchange(served.port, sent).status == 401
    cookie = "Cookie: better-auth.session_token=x"
    dashed = request("POST", "/api/auth/sign-in/email", JSON, cookie, "Sec-Fetch-Site: cross-site", body=body)
    odd = request(
        "POST", "/api/auth/sign-in/email", JSON, cookie, "Sec_Fetch_Site: same-origin", "Origin_: a", body=body
    )
    assert {exchange(served.port, dashed).status, exchange(served.port, odd).status} == {403}


TWICE = [
    ("Cookie: a=b", "Cookie: better-auth.session_token=forged.value"),
    ("Origin: http://localhost:3000", "Origin: https://evil.example"),
    ("Origin: https://evil.example", "Origin: http://localhost:3000"),
    ("Authorization: Bearer a", "Authorization: Bearer b"),
    ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"),
    ("X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 198.51.100.2"),
]


@pytest.mark.parametrize("headers", TWICE)
def test_a_header_that_comes_twice_means_the_same_everywhere(served: Served, headers: tuple[str, str]) -> None:
    """Nobody picks the one that suits them: what the instance makes of both is what every integration answers."""
    body = encode({"email": "nobody@example.com", "password": "password-1234"})
    sent = request("POST", "/api/auth/sign-in/email", JSON, "Cookie: theme=dark", *headers, body=body)
    assert [exchange(served.port, sent).told] == asyncio.run(_direct([sent]))


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
def test_a_media_type_that_no_operation_reads_is_415(served: Served, media: str) -> None:
    sent = request("POST", "/api/auth/sign-in/email", f"Content-Type: {media}", ORIGIN, body=b"{}")
    answer = exchange(served.port, sent)
    assert answer.status == 415
    assert [answer.told] == asyncio.run(_direct([sent]))


def test_a_session_that_is_cut_into_several_cookies_comes_back(name: str) -> None:
    """What this server hands out itself it must read: three cookies of 4 KB each are more than some servers take."""
    options = {
        "session": {"cookie_cache": {"enabled": True}},
        "user": {"additional_fields": {"bio": {"type": "string", "required": False}}},
        "advanced": {"max_body_bytes": 16384},
    }
    with serving(name, options) as found:
        body = encode({**PERSON, "bio": "lorem ipsum " * 600})
        signed_up = exchange(found.port, request("POST", "/api/auth/sign-up/email", JSON, ORIGIN, body=body))
        answer = exchange(found.port, request("GET", "/api/auth/get-session", f"Cookie: {signed_up.cookie}"))
    assert len(signed_up.cookie) > 9000
    assert (answer.status, answer.json and answer.json["user"]["bio"]) == (200, "lorem ipsum " * 600)


def test_many_and_long_cookies_are_read_and_a_header_without_end_harms_nobody(served: Served) -> None:
    many = "; ".join(f"c{number}={number}" for number in range(500))
    read = exchange(served.port, request("GET", "/api/auth/get-session", f"Cookie: {many}"))
    long = exchange(
        served.port, request("GET", "/api/auth/get-session", f"Cookie: better-auth.session_token={'a' * 7000}")
    )
    # Where the end is, is the server's business; it answers or hangs up.
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection, contextlib.suppress(OSError):
        connection.sendall(request("GET", "/api/auth/get-session", f"Cookie: a={'a' * 1_000_000}"))
        answer = connection.recv(65536)
        assert not answer or b" 500 " not in answer[:20]
    after = exchange(served.port, request("GET", "/api/auth/ok"))
    assert (read.status, read.body, long.status, long.body, after.status) == (200, b"null", 200, b"null", 200)


def test_a_caller_who_leaves_while_an_answer_is_made_fails_nothing(name: str) -> None:
    with serving(name) as found:
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", found.port), timeout=20) as connection:
                connection.sendall(SIGN_UP)
        answer = exchange(found.port, request("GET", "/api/auth/ok"))
        # Either it was made or it was not: signing in works, or signing up does.
        body = encode({"email": "ada@example.com", "password": "password-1234"})
        signed_in = exchange(found.port, request("POST", "/api/auth/sign-in/email", JSON, ORIGIN, body=body))
        if signed_in.status != 200:
            signed_in = exchange(found.port, SIGN_UP)
        failures = [line for line in found.app.log.lines if "fail" in str(line)]
    assert (answer.status, signed_in.status, failures) == (200, 200, [])


def test_odd_headers_never_fail_the_server(served: Served) -> None:
    sent = request(
        "GET",
        "/api/auth/get-session",
        "X-Odd: \xe9\xff",
        "Cookie: ;;=; a; \xff=\xfe; better-auth.session_token=%",
        "X-Empty:",
    )
    answer = exchange(served.port, sent)
    assert (answer.status, answer.body) == (200, b"null")


def test_a_caller_who_leaves_before_the_body_is_complete_changes_nothing(name: str) -> None:
    with serving(name) as found:
        with socket.create_connection(("127.0.0.1", found.port), timeout=20) as connection:
            connection.sendall(SIGN_UP[:-5])
        answer = exchange(found.port, request("GET", "/api/auth/ok"))
        # The address is free: whoever comes next may have it.
        signed_up = exchange(found.port, SIGN_UP)
        failures = [line for line in found.app.log.lines if "fail" in str(line)]
    assert (answer.status, signed_up.status, failures) == (200, 200, [])


def test_several_requests_on_one_connection_are_answered_in_turn_while_the_server_keeps_it(served: Served) -> None:
    first = request("GET", "/api/auth/ok").replace(b"Connection: close\r\n", b"")
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        for _ in range(3):
            connection.sendall(first)
            answer = b""
            while b'{"ok":true}' not in answer:
                part = connection.recv(65536)
                assert part
                answer += part
            assert answer.startswith(b"HTTP/1.1 200")
            if b"connection: close" in answer.lower():
                break
