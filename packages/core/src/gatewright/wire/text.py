"""What a text on the wire must be beyond being text: lengths, e-mail addresses.

Source: contract (the pattern that bodies are checked with); RFC 5321 §4.5.3.1 for the length limits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, TypeAlias

__all__ = ("EMAIL_PATTERN", "Email", "NonEmpty", "Number", "Opaque", "Text", "is_email")

EMAIL_PATTERN = (
    r"^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$"
)
_EMAIL = re.compile(EMAIL_PATTERN)
_MAX_ADDRESS = 254
_MAX_LOCAL = 64
_MAX_LABEL = 63


@dataclass(frozen=True, slots=True)
class Text:
    """Constraints of a text field.

    Attributes:
        min: Fewest characters.
        max: Most characters.
        email: An e-mail address.
        loose: Numbers and booleans are taken for text, as JavaScript writes them.
        union: Part of a union in the contract, so that every refusal reads ``Invalid input``.
    """

    min: int = 0
    max: int | None = None
    email: bool = False
    union: bool = False
    loose: bool = False

    def accepts(self, text: str) -> bool:
        """Whether ``text`` keeps the constraints."""
        return (
            len(text) >= self.min and (self.max is None or len(text) <= self.max) and (not self.email or is_email(text))
        )


@dataclass(frozen=True, slots=True)
class Number:
    """Constraints of a number field, whole or not; ``min`` is the smallest one that is taken."""

    min: float | None = None

    def accepts(self, value: object) -> bool:
        """Whether ``value`` keeps the constraints; what is no number is not this rule's business."""
        return self.min is None or not isinstance(value, (int, float)) or value >= self.min


Email: TypeAlias = Annotated[str, Text(email=True)]
"""An e-mail address."""

NonEmpty: TypeAlias = Annotated[str, Text(min=1)]
"""A text of at least one character."""

Opaque: TypeAlias = Annotated[str, Text(union=True)]
"""A text that the contract declares as one of several forms."""


def is_email(text: str) -> bool:
    """Whether ``text`` is an address that the contract accepts and that mail servers must take."""
    if len(text) > _MAX_ADDRESS or _EMAIL.fullmatch(text) is None:
        return False
    local, _, domain = text.rpartition("@")
    return len(local) <= _MAX_LOCAL and all(len(label) <= _MAX_LABEL for label in domain.split("."))
