"""How statements reach D1: the part that the HTTP API and a Worker's binding share.

Each statement is its own transaction, a batch of statements one; there are no others. Source: Cloudflare D1 reference,
limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from sqlalchemy.engine import Connection

from gatewright.wire.json import encode
from gatewright_adapters.sqlalchemy.statement import Statement
from gatewright_adapters.sqlalchemy.transports.transport import RawRow, Transport

__all__ = ("D1Transport", "Door", "Outcome", "as_document")

_PLACEHOLDERS = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|\?")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one statement gave: its rows by position, and how many rows it changed."""

    rows: Sequence[RawRow]
    changes: int


class Door(Protocol):
    """A way to D1."""

    async def run(self, text: str, parameters: tuple[Any, ...], *, again: bool) -> Outcome:
        """One statement; ``again`` where it may be sent twice.

        Raises:
            D1Error: SQLite refuses it.
            StoreUnavailable: D1 cannot be reached, or refuses it.
        """
        ...

    async def batch(self, texts: Sequence[str]) -> None:
        """Several statements without parameters, together or not at all."""
        ...


class D1Transport:
    """Statements through a door."""

    name = "d1"

    def __init__(self, door: Door) -> None:
        self.door = door

    async def fetch(self, statement: Statement, parameters: tuple[Any, ...]) -> Sequence[RawRow]:
        """Run and give every row."""
        return (await self.door.run(statement.text, parameters, again=not statement.writes)).rows

    async def execute(self, statement: Statement, parameters: tuple[Any, ...]) -> int:
        """Run and give how many rows were touched."""
        if not statement.text.startswith("DELETE"):
            return (await self.door.run(statement.text, parameters, again=False)).changes
        # D1 counts the rows that go with theirs as well.
        return len((await self.door.run(f"{statement.text} RETURNING 1", parameters, again=False)).rows)

    def transaction(self) -> AbstractAsyncContextManager[Transport]:
        """Not with D1: the adapter says so among its features."""
        self._refuse()

    async def define(self, work: Callable[[Connection], None]) -> None:  # noqa: ARG002 (the protocol's)
        """Not with D1: it has no connection to hand out."""
        self._refuse()

    async def open(self) -> None:
        """Ask for nothing, to learn early that the database is there."""
        await self.door.run("SELECT 1", (), again=True)

    async def close(self) -> None:
        """The application closes its own client."""

    def _refuse(self) -> NoReturn:
        raise RuntimeError("D1 has neither connections nor transactions")


def as_document(text: str, parameters: tuple[Any, ...]) -> tuple[str, str]:
    """The statement with all its parameters in one JSON document, which keeps whole numbers, null and any count."""
    values = list(parameters)
    at = -1

    def numbered(found: re.Match[str]) -> str:
        nonlocal at
        if found.group() != "?":
            return found.group()
        at += 1
        value = values[at]
        if not isinstance(value, str) or "\0" not in value:
            return f"(?1 ->> '$[{at}]')"
        # SQLite ends a text of a document at NUL, so another character stands for it.
        standing = next(chr(code) for code in range(0xE000, 0xF900) if chr(code) not in value)
        values[at] = value.replace("\0", standing)
        return f"replace(?1 ->> '$[{at}]', '{standing}', char(0))"

    text = _PLACEHOLDERS.sub(numbered, text)
    return text, encode(values).decode()
