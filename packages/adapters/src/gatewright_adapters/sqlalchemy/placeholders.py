"""Placeholders of a statement while it is translated: which value of the query each stands for. Not the translation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.types import TypeEngine

from gatewright_adapters.sqlalchemy.values import Encoder, placeholder

__all__ = ("Placeholders",)


class Placeholders:
    """Of one statement: the n-th value of its query is the one that is taken n-th.

    Attributes:
        slots: By name, which value of the query a placeholder stands for, and how it is encoded.
    """

    __slots__ = ("_taken", "slots")

    def __init__(self) -> None:
        self.slots: dict[str, tuple[int, Encoder | None]] = {}
        self._taken = 0

    def take(self, encode: Encoder | None, kind: TypeEngine[Any]) -> ColumnElement[Any]:
        """A placeholder for the next value."""
        self._taken += 1
        return self.again(encode, kind)

    def again(self, encode: Encoder | None, kind: TypeEngine[Any]) -> ColumnElement[Any]:
        """Another placeholder for the value taken last."""
        name = f"gw_{len(self.slots)}"
        self.slots[name] = (self._taken - 1, encode)
        return placeholder(name, kind)

    def searched(self) -> Callable[[Encoder | None, TypeEngine[Any]], ColumnElement[Any]]:
        """Takes the next value; gives placeholders for it."""
        self._taken += 1
        return self.again
