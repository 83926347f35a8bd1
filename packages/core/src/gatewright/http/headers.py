"""Request headers: read-only, case-insensitive, read lazily from what the server hands over.

Source: Fetch standard, ``Headers.get`` for how repeated headers are joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

__all__ = ("Headers",)


class Headers:
    """An immutable multi-map over raw pairs. Names are compared as given: dashes are not underscores.

    Args:
        raw: Pairs of bytes; names in lower case.
    """

    __slots__ = ("_raw",)

    def __init__(self, raw: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self._raw = raw if isinstance(raw, (list, tuple)) else tuple(raw)

    @classmethod
    def from_raw(cls, raw: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Headers over ASGI's own pairs, whose names are in lower case."""
        return cls(raw)

    @classmethod
    def of(cls, given: Headers | Mapping[str, str] | Iterable[tuple[str, str]]) -> Headers:
        """Headers from text, in any case.

        Raises:
            ValueError: A name or value has characters that no header can carry.
        """
        if isinstance(given, Headers):
            return given
        pairs: Iterable[tuple[str, str]] = given.items() if isinstance(given, Mapping) else given  # pyright: ignore[reportAssignmentType, reportUnknownVariableType]
        return cls(tuple((_encode(name.lower()), _encode(value)) for name, value in pairs))

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a header, in lower case ``name``; repeated ones joined by ``", "``."""
        wanted = name.encode("latin-1")
        found: bytes | None = None
        for key, value in self._raw:
            if key == wanted:
                found = value if found is None else found + b", " + value
        return default if found is None else found.decode("latin-1")

    def all(self, name: str) -> list[str]:
        """Every value of a header, in order."""
        wanted = name.encode("latin-1")
        return [value.decode("latin-1") for key, value in self._raw if key == wanted]

    def items(self) -> Iterator[tuple[str, str]]:
        """Every pair, in order."""
        return ((key.decode("latin-1"), value.decode("latin-1")) for key, value in self._raw)

    def __contains__(self, name: str) -> bool:
        wanted = name.encode("latin-1")
        return any(key == wanted for key, _ in self._raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and tuple(self._raw) == tuple(other._raw)

    def __hash__(self) -> int:
        return hash(tuple(self._raw))

    def __repr__(self) -> str:
        # Names only: values hold cookies and tokens.
        return f"Headers({', '.join(key.decode('latin-1') for key, _ in self._raw)})"


def _encode(text: str) -> bytes:
    if "\r" in text or "\n" in text or "\x00" in text:
        raise ValueError("a header cannot hold CR, LF or NUL")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        # What a browser would have sent: the UTF-8 bytes, seen one by one.
        return text.encode("utf-8", errors="surrogateescape")
