"""An answer as a value, for whatever server sends it."""

from __future__ import annotations

__all__ = ("Response",)


class Response:
    """An HTTP answer.

    Attributes:
        status: HTTP status.
        headers: Pairs with names in lower case; ``set-cookie`` may repeat.
        body: The whole body.
    """

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: tuple[tuple[str, str], ...] = (), body: bytes = b"") -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def header(self, name: str) -> str | None:
        """The first value of a header, in lower case ``name``."""
        return next((value for key, value in self.headers if key == name), None)

    def with_headers(self, *more: tuple[str, str]) -> Response:
        """The same answer with further headers."""
        return Response(self.status, (*self.headers, *more), self.body)

    def __repr__(self) -> str:
        return f"Response({self.status}, {len(self.body)} bytes)"
