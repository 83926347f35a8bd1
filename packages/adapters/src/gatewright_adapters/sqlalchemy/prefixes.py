"""A prefix as a range, so that an index finds what begins with it."""

from __future__ import annotations

__all__ = ("after_prefix",)

_LAST_CHARACTER = 0x10FFFF


def after_prefix(text: str) -> str | bytes:
    """What is greater than every text with this prefix; in SQLite bytes are greater than any text."""
    for end in range(len(text), 0, -1):
        code = ord(text[end - 1])
        if code < _LAST_CHARACTER:
            after = 0xE000 if code == 0xD7FF else code + 1
            if 0xD800 <= after <= 0xDFFF:
                return b""
            return text[: end - 1] + chr(after)
    return b""
