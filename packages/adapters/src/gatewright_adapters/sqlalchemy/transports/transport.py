"""What a transport gives to the SQLAlchemy adapter: run a statement's text, in or out of a transaction.

Not a public port: an application chooses a transport by name, and writes an adapter where it needs another database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeAlias

from sqlalchemy.engine import Connection

from gatewright_adapters.sqlalchemy.statement import Statement

__all__ = ("RawRow", "Transport")

RawRow: TypeAlias = Sequence[Any]
"""A row as the driver gives it, by position."""


class Transport(Protocol):
    """Runs statements. Raises the driver's own errors, or ``StoreUnavailable``."""

    @property
    def name(self) -> str:
        """What it is called: ``sqlite``, ``engine``."""
        ...

    async def fetch(self, statement: Statement, parameters: tuple[Any, ...]) -> Sequence[RawRow]:
        """Run and give every row."""
        ...

    async def execute(self, statement: Statement, parameters: tuple[Any, ...]) -> int:
        """Run and give how many rows were touched."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Transport]:
        """A transport whose statements take effect together."""
        ...

    async def define(self, work: Callable[[Connection], None]) -> None:
        """Run ``work`` over a synchronous SQLAlchemy connection, in a transaction that no other definition shares."""
        ...

    async def open(self) -> None:
        """Connect."""
        ...

    async def close(self) -> None:
        """Give every connection back."""
        ...
