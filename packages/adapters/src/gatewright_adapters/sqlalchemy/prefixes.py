"""A prefix as a range, so that an index finds what begins with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ("after_prefix", "after_text")

_LAST_CHARACTER = 0x10FFFF
_BEYOND = "\U0010ffff" * 1024  # after a text, later than all that people begin with it


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


def after_text(check: Callable[[Any], Any]) -> Callable[[Any], str | None]:
    """The same where bytes are no text: makes the end of a range of texts, ``None`` for what ``check`` says cannot be kept."""

    def after(value: Any) -> str | None:
        if check(value) is None:
            return None
        end = after_prefix(value)
        return end if isinstance(end, str) else value + _BEYOND

    return after
