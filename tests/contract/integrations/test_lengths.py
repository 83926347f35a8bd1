"""Lengths that lie: what a body is not, it does not become; what follows it is a request of its own. Row INP-12."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Generator

import pytest
from tests.contract.integrations.raw import exchange, request
from tests.contract.integrations.servers import INTEGRATIONS, Served, serving

from gatewright.model.user import User
from gatewright.wire.json import encode

JSON = "Content-Type: application/json"
ORIGIN = "Origin: http://localhost:3000"
PERSON = encode({"name": "Ada", "email": "ada@example.com", "password": "password-1234"})
OTHER = encode({"name": "Eve", "email": "eve@example.com", "password": "password-1234"})


@pytest.fixture(params=INTEGRATIONS)
def served(request: pytest.FixtureRequest) -> Generator[Served]:
    """A new instance behind each integration."""
    with serving(str(request.param)) as found:
        yield found


def sign_up(length: int, body: bytes) -> bytes:
    head = request("POST", "/api/auth/sign-up/email", JSON, ORIGIN, f"Content-Length: {length}", length=False)
    return head + body


def registered(served: Served) -> list[str]:
    """Who is there."""
    return sorted(user.email for user in asyncio.run(served.app.auth.services.database.find_many(User)))


def all_answers(port: int, sent: bytes, *, ends: bool) -> bytes:
    """Everything that comes back until the server closes; with ``ends`` nothing more is sent afterwards."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        raw = b""
        try:
            while part := connection.recv(65536):
                raw += part
        except (ConnectionResetError, TimeoutError):
            pass
        return raw


def test_inp_12_a_body_that_ends_early_does_nothing(served: Served) -> None:
    raw = all_answers(served.port, sign_up(len(PERSON) + 100, PERSON), ends=True)
    # The application answers nobody who has left; granian then says something of its own to whoever still listens.
    assert raw == b"" or raw.startswith(b"HTTP/1.1 4") or b"\r\nserver: granian\r\n" in raw
    # Whoever signs up afterwards has waited for as long as anything that was begun for the first one.
    assert exchange(served.port, sign_up(len(OTHER), OTHER)).status == 200
    assert registered(served) == ["eve@example.com"]


def test_inp_12_chunks_that_end_early_do_nothing(served: Served) -> None:
    head = request("POST", "/api/auth/sign-up/email", JSON, ORIGIN, "Transfer-Encoding: chunked", length=False)
    raw = all_answers(served.port, head + b"%x\r\n%b\r\n" % (len(PERSON), PERSON), ends=True)
    assert raw == b"" or raw.startswith(b"HTTP/1.1 4") or b"\r\nserver: granian\r\n" in raw
    assert exchange(served.port, sign_up(len(OTHER), OTHER)).status == 200
    assert registered(served) == ["eve@example.com"]


def test_inp_12_a_body_beyond_its_length_is_not_read_as_part_of_it(served: Served) -> None:
    answer = exchange(served.port, sign_up(len(PERSON) - 2, PERSON))
    assert 400 <= answer.status < 500
    assert registered(served) == []


def test_inp_12_what_follows_a_body_is_not_smuggled_into_its_request(served: Served) -> None:
    raw = all_answers(served.port, sign_up(2, b"{}" + sign_up(len(OTHER), OTHER)), ends=True)
    # The first asks to close the connection: one answer, and the second request is not acted upon in its name.
    assert raw.startswith(b"HTTP/1.1 4")
    assert raw.count(b"HTTP/1.1 ") == 1
    assert registered(served) == []


def test_inp_12_a_length_beside_chunks_does_not_decide(served: Served) -> None:
    head = request(
        "POST",
        "/api/auth/sign-up/email",
        JSON,
        ORIGIN,
        "Transfer-Encoding: chunked",
        f"Content-Length: {len(PERSON)}",
        length=False,
    )
    chunks = b"2\r\n{}\r\n0\r\n\r\n"
    raw = all_answers(served.port, head + chunks + OTHER, ends=True)
    assert raw == b"" or raw.startswith(b"HTTP/1.1 4")
    assert registered(served) == []


@pytest.mark.parametrize("lengths", [("-1",), ("1e3",), ("+2",), ("2", "3"), ("2, 3",), ("",)])
def test_inp_12_a_length_that_is_none_is_refused(served: Served, lengths: tuple[str, ...]) -> None:
    lines = [f"Content-Length: {length}" for length in lengths]
    sent = request("POST", "/api/auth/sign-up/email", JSON, ORIGIN, *lines, length=False) + PERSON
    assert 400 <= exchange(served.port, sent).status < 500
    assert registered(served) == []
