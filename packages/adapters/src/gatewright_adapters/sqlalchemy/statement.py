"""A translated statement: its text, where its parameters come from, how its rows are read. Not the translation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright_adapters.sqlalchemy.values import Decoder, Encoder

__all__ = ("RowPlan", "Statement")


class RowPlan:
    """How rows of one statement become values by wire name."""

    __slots__ = ("_decoders", "_names", "width")

    def __init__(self, columns: Sequence[tuple[str, Decoder | None]]) -> None:
        self._names = tuple(name for name, _ in columns)
        self._decoders = tuple((name, decoder) for name, decoder in columns if decoder is not None)
        self.width = len(columns)

    def read(self, raw: Sequence[Any]) -> dict[str, Any]:
        """One row; further positions are left alone."""
        row = dict(zip(self._names, raw, strict=False))
        for name, decode in self._decoders:
            value = row[name]
            if value is not None:
                row[name] = decode(value)
        return row


class Statement:
    """SQL text with its parameter order.

    Attributes:
        text: In the driver's own parameter style.
        names: Names of the parameters where the driver takes them by name, else ``None``.
        rows: How to read its rows.
        partner: How to read the joined table's part of each row.
        writes: Whether it changes anything.
    """

    __slots__ = ("_slots", "names", "partner", "rows", "text", "writes")

    def __init__(
        self,
        text: str,
        slots: Sequence[tuple[int, Encoder | None]],
        names: tuple[str, ...] | None,
        rows: RowPlan,
        partner: RowPlan | None,
        *,
        writes: bool,
    ) -> None:
        self.text = text
        self.names = names
        self.rows = rows
        self.partner = partner
        self.writes = writes
        self._slots = tuple(slots)

    def bind(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The parameters, in the text's order, from the values of a query in its own order.

        Raises:
            ValueError: The database cannot keep a value.
        """
        return tuple([values[at] if encode is None else encode(values[at]) for at, encode in self._slots])
