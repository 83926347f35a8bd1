"""CBOR that an authenticator may send: small, flat, definite, every key once, nothing behind it.

It only says whether bytes keep the rules, so that the library that reads them meets nothing else. Source: CTAP2
canonical CBOR (Web Authentication Level 3 §6.5.1.1), RFC 8949 §3.
"""

from __future__ import annotations

__all__ = ("MalformedCbor", "check_cbor", "item_end")

_DEEPEST = 4
_LARGEST = 65_536
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}


class MalformedCbor(ValueError):
    """The bytes break a rule."""


def check_cbor(data: bytes) -> None:
    """Check that ``data`` is one item and nothing else.

    Raises:
        MalformedCbor: It is not.
    """
    if len(data) > _LARGEST:
        raise MalformedCbor("too large")
    if item_end(data, 0) != len(data):
        raise MalformedCbor("bytes behind the item")


def item_end(data: bytes, start: int, depth: int = 0) -> int:
    """Where the item that begins at ``start`` ends.

    Raises:
        MalformedCbor: It breaks a rule.
    """
    if depth > _DEEPEST:
        raise MalformedCbor("nested too deeply")
    major, count, at = _head(data, start)
    match major:
        case 2 | 3:
            if at + count > len(data):
                raise MalformedCbor("cut off")
            return at + count
        case 4:
            for _ in range(count):
                at = item_end(data, at, depth + 1)
            return at
        case 5:
            keys: set[bytes] = set()
            for _ in range(count):
                behind = item_end(data, at, depth + 1)
                if data[at:behind] in keys:
                    raise MalformedCbor("a key twice")
                keys.add(data[at:behind])
                at = item_end(data, behind, depth + 1)
            return at
        case 6:
            raise MalformedCbor("a tag")
        case _:
            return at


def _head(data: bytes, start: int) -> tuple[int, int, int]:
    """Major type, count or value, and where the head ends."""
    if start >= len(data):
        raise MalformedCbor("cut off")
    major, small = data[start] >> 5, data[start] & 31
    if small < 24:
        return major, small, start + 1
    width = _WIDTHS.get(small)
    if width is None:
        raise MalformedCbor("of no definite length")
    end = start + 1 + width
    if end > len(data):
        raise MalformedCbor("cut off")
    return major, int.from_bytes(data[start + 1 : end]), end
