"""Request headers as an immutable, case-insensitive multi-map that decodes only what is asked for.

It is not a parser and not a store for response headers. Source: RFC 9110 §5 (field names, combined values), RFC 6265 §5.4
and RFC 9113 §8.2.3 (cookie fields are joined by a semicolon), the Fetch standard's ``Headers.get``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

__all__ = ("Headers",)

_OWS = " \t\r\n"


class Headers:
    """Header fields in the order received; names are compared without regard to case.

    A name with underscores is another name than the one with dashes: ``x_forwarded_for`` never answers for
    ``x-forwarded-for``.
    """

    __slots__ = ("_raw",)

    _raw: Sequence[tuple[bytes, bytes]]

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """Make headers from text pairs.

        Args:
            pairs: Names and values; values are kept as UTF-8 where Latin-1 cannot hold them.
        """
        self._raw = tuple((_bytes(name).lower(), _bytes(value)) for name, value in pairs)

    @classmethod
    def from_raw(cls, raw: Sequence[tuple[bytes, bytes]]) -> "Headers":
        """Headers over the list that an ASGI server hands over; nothing is copied or decoded.

        Args:
            raw: Name and value as bytes. The caller must not change the list afterwards.
        """
        headers = cls.__new__(cls)
        headers._raw = raw  # noqa: SLF001  (our own slot, in a second constructor)
        return headers

    @classmethod
    def of(cls, source: "Headers | Mapping[str, str] | Iterable[tuple[str, str]] | None") -> "Headers":
        """Headers from whatever a caller has: a mapping, pairs, headers already made, or nothing."""
        if isinstance(source, Headers):
            return source
        if source is None:
            return EMPTY
        if isinstance(source, Mapping):
            return cls(cast("Mapping[str, str]", source).items())
        return cls(source)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a field; several fields of one name are joined as ``Headers.get`` of Fetch joins them.

        Args:
            name: Field name in any case.
            default: What to answer when there is no such field.

        Returns:
            The values without surrounding white space, joined by ``", "`` (cookies by ``"; "``).
        """
        key = name.lower().encode("latin-1", "replace")
        size = len(key)
        found: str | None = None
        for field, value in self._raw:
            if len(field) == size and (field == key or field.lower() == key):
                text = value.decode("latin-1").strip(_OWS)
                found = text if found is None else f"{found}{'; ' if key == b'cookie' else ', '}{text}"
        return default if found is None else found

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, in the order received."""
        key = name.lower().encode("latin-1", "replace")
        return tuple(value.decode("latin-1").strip(_OWS) for field, value in self._raw if field.lower() == key)

    def items(self) -> tuple[tuple[str, str], ...]:
        """Every field with its name in lower case, in the order received."""
        return tuple((name.decode("latin-1").lower(), value.decode("latin-1").strip(_OWS)) for name, value in self._raw)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        key = name.lower().encode("latin-1", "replace")
        return any(field.lower() == key for field, _ in self._raw)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.items())

    def __len__(self) -> int:
        return len(self._raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self.items() == other.items()

    def __hash__(self) -> int:
        return hash(self.items())

    def __repr__(self) -> str:
        # Values may be credentials: only the names are shown.
        return f"Headers({', '.join(name for name, _ in self.items())})"


def _bytes(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


EMPTY = Headers()
