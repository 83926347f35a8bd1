"""How rows are read, where the settings leave a choice."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ("READING", "Reading")


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are read.

    Attributes:
        limit: Rows of a list that is shown, where nobody says how many.
        joins: Related rows come in one read; otherwise in two.
    """

    limit: int = 100
    joins: bool = True


READING = Reading()
"""The contract's limit; one read for a session and its user."""
