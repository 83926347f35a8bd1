"""A response as a value: status, header pairs and body, ready to be sent.

It does not encode results and sets no headers of its own; the pipeline does. Source: RFC 9110 §15; RFC 6265 §3 (cookie
fields are never joined, so headers are pairs and not a mapping).
"""

from dataclasses import dataclass

__all__ = ("FixedHeaders", "Response")


class FixedHeaders(tuple[tuple[str, str], ...]):
    """Header pairs of many answers: whoever writes them out may remember how, as they hold nothing of one caller."""

    __slots__ = ()


@dataclass(slots=True, frozen=True)
class Response:
    """One HTTP response.

    Attributes:
        status: Three-digit status code.
        headers: Pairs in sending order, names in lower case; ``set-cookie`` may be there several times.
        body: The whole body, empty when there is none.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def get(self, name: str) -> str | None:
        """The first value of a header, or ``None``."""
        key = name.lower()
        return next((value for field, value in self.headers if field.lower() == key), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in sending order."""
        key = name.lower()
        return tuple(value for field, value in self.headers if field.lower() == key)
