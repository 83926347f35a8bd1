"""A request as a value, whatever server received it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from gatewright.http.headers import Headers

__all__ = ("Request",)


class Request:
    """An HTTP request.

    Attributes:
        method: As received; methods are case-sensitive.
        scheme: ``http`` or ``https``, as the server saw it.
        host: The ``Host`` header, or what the server listens on.
        path: As received: percent-encoding, dots and doubled slashes intact.
        query: As received, without ``?``.
        headers: As received.
        body: The whole body.
        peer: Address of the other end of the connection.
    """

    __slots__ = ("body", "headers", "host", "method", "path", "peer", "query", "scheme")

    def __init__(
        self,
        *,
        method: str,
        scheme: str,
        host: str,
        path: str,
        query: str,
        headers: Headers,
        body: bytes = b"",
        peer: str | None = None,
    ) -> None:
        self.method = method
        self.scheme = scheme
        self.host = host
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer

    @classmethod
    def make(
        cls,
        method: str,
        url: str,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        peer: str | None = None,
    ) -> Request:
        """A request from its parts as text.

        Raises:
            ValueError: The address is not absolute, or a header cannot be sent.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("a request needs an absolute http address")
        return cls(
            method=method,
            scheme=parts.scheme,
            host=parts.netloc,
            path=parts.path or "/",
            query=parts.query,
            headers=Headers.of(headers),
            body=body,
            peer=peer,
        )

    @property
    def url(self) -> str:
        """The whole address, as far as the server can know it."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.host}{self.path}{query}"

    @property
    def media_type(self) -> str:
        """The media type of the body without parameters, in lower case; empty when none is stated."""
        value = self.headers.get("content-type")
        if value is None:
            return ""
        return value.partition(";")[0].strip().lower()

    def replaced(
        self, *, headers: Headers | None = None, body: bytes | None = None, path: str | None = None
    ) -> Request:
        """The same request with other headers, body or path."""
        return Request(
            method=self.method,
            scheme=self.scheme,
            host=self.host,
            path=self.path if path is None else path,
            query=self.query,
            headers=self.headers if headers is None else headers,
            body=self.body if body is None else body,
            peer=self.peer,
        )

    def __repr__(self) -> str:
        # Without query, headers and body: they hold tokens.
        return f"Request({self.method} {self.scheme}://{self.host}{self.path})"
