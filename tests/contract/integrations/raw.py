"""A client that sends exactly the bytes it is given and keeps exactly what comes back."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from typing import Any

import msgspec

__all__ = ("Wire", "exchange", "request")

OWN = frozenset({"connection", "date", "keep-alive", "server", "alt-svc"})
"""Headers that are the server's own business."""


@dataclass(frozen=True)
class Wire:
    """An answer as it came over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]

    @property
    def json(self) -> Any:
        """The body as a JSON value."""
        return msgspec.json.decode(self.body)

    @property
    def told(self) -> tuple[int, list[tuple[str, str]], list[str], bytes]:
        """What two integrations must agree on: cookies keep their order, other headers have none."""
        others = sorted((key, value) for key, value in self.headers if key not in OWN and key != "set-cookie")
        return self.status, others, self.all("set-cookie"), self.body

    @property
    def cookie(self) -> str:
        """What a browser would send next."""
        return "; ".join(line.partition(";")[0] for line in self.all("set-cookie"))


def request(
    method: str, target: str, *headers: str, body: bytes = b"", host: str = "localhost:3000", length: bool = True
) -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close", *headers]
    if length and (body or method not in ("GET", "HEAD", "OPTIONS")):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def exchange(port: int, sent: bytes, *, source: str = "127.0.0.1") -> Wire:
    """Send bytes from an address of this machine, read one answer."""
    head = sent.startswith(b"HEAD ")
    with socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0)) as connection:
        connection.sendall(sent)
        raw = b""
        try:
            while not _complete(raw, head=head) and (part := connection.recv(65536)):
                raw += part
        except ConnectionResetError:
            # A server that answers before it has read everything may reset; what it answered counts.
            pass
    return _parse(raw, head=head)


def _complete(raw: bytes, *, head: bool) -> bool:
    """Whether the whole answer is there; one without a length ends with the connection."""
    start, end, rest = raw.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", start, re.IGNORECASE)
    return bool(end) and length is not None and (head or len(rest) >= int(length[1]))


def _parse(raw: bytes, *, head: bool) -> Wire:
    start, _, rest = raw.partition(b"\r\n\r\n")
    first, *lines = start.decode("latin-1").split("\r\n")
    status = int(first.split(" ")[1])
    headers = tuple((name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
    if status == 100:
        return _parse(rest, head=head)
    if ("transfer-encoding", "chunked") in headers and not head:
        rest = _unchunk(rest)
    return Wire(status, headers, rest)


def _unchunk(rest: bytes) -> bytes:
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        count = int(size, 16)
        if not count:
            break
        body, rest = body + rest[:count], rest[count + 2 :]
    return body
