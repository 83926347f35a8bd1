"""Long cookie values: cut into cookies that browsers keep, joined again, cleared without leftovers.

Not for values that need percent-encoding: chunks are cut from text that a cookie holds as it is.
Source: contract, cookies.json ``session_data.chunking``.
"""

from __future__ import annotations

import re

from gatewright.http.cookies import find, parse

__all__ = ("LINE_LIMIT", "MOST_CHUNKS", "cut", "held_names", "join", "related")

LINE_LIMIT = 4050
"""Longest ``Set-Cookie`` line, in bytes, that is sent in one piece."""

MOST_CHUNKS = 100


def cut(name: str, value: str, overhead: int) -> list[tuple[str, str]] | None:
    """The cookies that hold a value.

    Args:
        name: The cookie's name.
        value: Text of base64url characters and dots, so that characters are bytes.
        overhead: Bytes of the cookie's line when its value is empty.

    Returns:
        Names and values: one under ``name`` where that is short enough, else ``name.0``, ``name.1`` and so on; ``None``
        when a hundred chunks do not hold it.
    """
    if overhead + len(value) <= LINE_LIMIT:
        return [(name, value)]
    size = LINE_LIMIT - overhead - len(".99")
    if size < 1 or len(value) > size * MOST_CHUNKS:
        return None
    starts = range(0, len(value), size)
    return [(f"{name}.{number}", value[start : start + size]) for number, start in enumerate(starts)]


def join(header: str, name: str) -> str | None:
    """The whole value in a ``Cookie`` header: the cookie of that name, else its chunks in their order, or ``None``."""
    whole = find(header, name)
    if whole is not None or f"{name}." not in header:
        return whole
    chunks = [
        (int(found[1]), value) for each, value in parse(header).items() if (found := _pattern(name).fullmatch(each))
    ]
    return "".join(value for _, value in sorted(chunks)) if chunks else None


def held_names(header: str, name: str) -> list[str]:
    """Which cookies of a ``Cookie`` header hold the value of ``name``: itself and its chunks."""
    if name not in header:
        return []
    return [each for each in parse(header) if related(each, name)]


def related(each: str, name: str) -> bool:
    """Whether ``each`` is the cookie ``name`` or one of its chunks."""
    return each == name or _pattern(name).fullmatch(each) is not None


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name) + r"\.([0-9]{1,3})", re.ASCII)
