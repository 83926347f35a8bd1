"""Text as databases can keep it and look for it: checked on its way in, made a pattern where ``LIKE`` looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatewright.model.query import Operator
from gatewright.ports.adapter import InvalidValue

__all__ = ("ESCAPE", "pattern_for", "text_for", "text_whole", "text_without_nul")

ESCAPE = "|"
"""Before what a pattern means literally."""


def text_for(op: Operator, *, nul: bool) -> Callable[[Any], Any]:
    """Text to look for. What cannot be stored equals nothing; an order or a difference from it has no answer."""
    lenient = op in ("eq", "in", "contains", "starts_with", "ends_with")

    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            raise InvalidValue("a text column is compared with text")
        if value.isascii():
            if nul or "\0" not in value:
                return value
        else:
            try:
                value.encode()
            except UnicodeEncodeError:
                return _unstorable(lenient)
            if nul or "\0" not in value:
                return value
        return _unstorable(lenient)

    return check


def _unstorable(lenient: bool) -> None:
    if not lenient:
        raise InvalidValue("text that the database cannot keep")


def text_without_nul(value: Any) -> str:
    """Text that PostgreSQL keeps."""
    if not isinstance(value, str):
        raise InvalidValue("a text column holds text")
    if "\0" in value:
        raise InvalidValue("PostgreSQL keeps no text with NUL")
    value.encode()
    return value


def text_whole(value: Any) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise InvalidValue("a text column holds text")
    value.encode()
    return value


def pattern_for(check: Callable[[Any], Any], *, before: bool, after: bool) -> Callable[[Any], Any]:
    """For ``LIKE``: the text literally, with anything ``before`` and ``after`` it."""
    head, tail = "%" if before else "", "%" if after else ""

    def pattern(value: Any) -> str | None:
        text = check(value)
        if text is None:
            return None
        for special in (ESCAPE, "%", "_"):
            text = text.replace(special, ESCAPE + special)
        return f"{head}{text}{tail}"

    return pattern
