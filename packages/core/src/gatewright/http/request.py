"""A request as a value: method, target, headers and body, already read.

It does no I/O and knows no framework; integrations build it, everything else reads it. Source: RFC 9112 §3 (the request
target), RFC 9110 §8.3.1 (media types).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from gatewright.http.headers import Headers

__all__ = ("Request",)

# Visible ASCII only: a target or host with white space, controls or raw non-ASCII bytes was never a valid one.
_URL: Final = re.compile(
    r"(https?)://([!-.0-;=A-Z\[\]_a-z~]+)(/[!-\"$->@-~]*)?(?:\?([!-\"$-~]*))?(?:#[!-~]*)?", re.IGNORECASE
)
_METHOD: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@dataclass(slots=True, frozen=True)
class Request:
    """One HTTP request.

    Attributes:
        method: As received, normally upper case; methods are case-sensitive.
        scheme: ``http`` or ``https``, as the server saw it.
        host: Host and port as received, not yet checked against anything.
        path: Raw path: percent-escapes intact, dot segments unresolved.
        query: Raw query without the question mark; empty when there is none.
        headers: Header fields.
        body: The whole body.
        peer: Address at the other end of the connection, without port; ``None`` when unknown.
    """

    method: str
    scheme: str
    host: str
    path: str
    # Where tokens, codes and passwords travel stays out of logs.
    query: str = field(repr=False)
    headers: Headers
    body: bytes = field(default=b"", repr=False)
    peer: str | None = None

    @property
    def url(self) -> str:
        """The request's URL as text, built from what the client claims; never a source of trusted origins."""
        target = f"{self.scheme}://{self.host}{self.path}"
        return f"{target}?{self.query}" if self.query else target

    @property
    def media_type(self) -> str:
        """The content type in lower case without its parameters; empty when there is none."""
        value = self.headers.get("content-type")
        return "" if value is None else value.partition(";")[0].strip(" \t").lower()

    @classmethod
    def make(
        cls,
        method: str,
        url: str,
        headers: Headers | Mapping[str, str] | Iterable[tuple[str, str]] | None = (),
        body: bytes = b"",
        peer: str | None = None,
    ) -> "Request":
        """A request from an absolute URL, for tests and for callers that are not a web server.

        Args:
            method: HTTP method, a token.
            url: Absolute ``http`` or ``https`` URL in ASCII; a fragment is dropped.
            headers: Header fields.
            body: The body.
            peer: Address of the client, when known.

        Raises:
            ValueError: The method or the URL is malformed.
        """
        if _METHOD.fullmatch(method) is None:
            raise ValueError("malformed method")
        match = _URL.fullmatch(url)
        if match is None:
            raise ValueError("malformed request URL")
        scheme, host, path, query = match.groups()
        return cls(method, scheme.lower(), host.lower(), path or "/", query or "", Headers.of(headers), body, peer)
