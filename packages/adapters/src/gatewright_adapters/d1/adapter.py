"""The database port over Cloudflare D1. What D1 cannot do is said by its features: it has no transactions."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Self

from gatewright.model.schema import Schema
from gatewright.ports.adapter import Features
from gatewright.ports.egress import Egress, HttpxEgress
from gatewright.wire.faults import ConfigError
from gatewright_adapters.d1.binding import BindingDoor
from gatewright_adapters.d1.errors import D1Error, Misconfigured
from gatewright_adapters.d1.http import TIMEOUT_SECONDS, HttpDoor
from gatewright_adapters.d1.transport import D1Transport, Door
from gatewright_adapters.d1.values import D1Values
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_adapters.sqlalchemy.errors import translated
from gatewright_adapters.sqlalchemy.lacking import SQLITE_COLUMNS, SQLITE_INDEXES, Step, lacking, live_sqlite
from gatewright_adapters.sqlalchemy.sqlite_references import SQLITE_REFERENCES, SQLITE_TEXTS, made_anew
from gatewright_adapters.sqlalchemy.statements import Statements
from gatewright_adapters.sqlalchemy.tables import NONE, Former, metadata_of, stored
from gatewright_adapters.sqlalchemy.transports.sqlite import sqlite_dialect

__all__ = ("D1Adapter",)

ADDRESS = "https://api.cloudflare.com/client/v4"


class D1Adapter(SQLAlchemyAdapter):
    """Gatewright's rows in a D1 database, over the HTTP API; ``D1Adapter.bound(env.DB)`` in a Worker.

    Args:
        account_id, database_id: Name the database.
        token: An API token with the permission to edit D1.
        egress: Sends the requests; by default with httpx.
        address: Of the API.
        statement_timeout: Longest time, in seconds, that the API may take to answer; an instance's
            ``advanced.database.statement_timeout`` bounds it as well. What was given up may still be executed.

    Raises:
        ConfigError: One of the three is missing.
    """

    def __init__(
        self,
        *,
        account_id: str,
        database_id: str,
        token: str,
        egress: Egress | None = None,
        address: str = ADDRESS,
        statement_timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        for name, value in (("account_id", account_id), ("database_id", database_id), ("token", token)):
            if not value:
                raise ConfigError(f"D1Adapter needs {name}")
        self._own: HttpxEgress | None = None
        if egress is None:
            egress = self._own = HttpxEgress(timeout=statement_timeout)
        self._session = None
        self._enter(
            HttpDoor(
                egress,
                account_id=account_id,
                database_id=database_id,
                token=token,
                address=address,
                timeout=statement_timeout,
            )
        )

    @classmethod
    def bound(cls, binding: Any, *, bookmark: str | None = None) -> Self:
        """Over the binding of a Worker.

        Args:
            binding: ``env.DB``.
            bookmark: Statements may be answered by replicas that are as new as this: :attr:`bookmark` of the adapter that
                the same browser was served with before, or ``first-primary``, which asks the primary first. Without it
                the primary answers all. (``first-unconstrained`` may show a session that was ended a moment ago.)
        """
        adapter = cls.__new__(cls)
        adapter._own = None  # noqa: SLF001 (its own)
        adapter._session = None if bookmark is None else binding.withSession(bookmark)  # noqa: SLF001 (likewise)
        adapter._enter(BindingDoor(binding if bookmark is None else adapter._session))  # noqa: SLF001 (likewise)
        return adapter

    @property
    def bookmark(self) -> str | None:
        """How new the database was that answered last, to be given to :meth:`bound` later; ``None`` without replicas."""
        if self._session is None:
            return None
        found: object = self._session.getBookmark()
        return found if isinstance(found, str) else None

    _session: Any
    """Of the binding, where replicas may answer."""

    def _enter(self, door: Door) -> None:
        self._door = door
        values = D1Values()
        self._set(D1Transport(door), Statements(sqlite_dialect(), values), values)

    @property
    def features(self) -> Features:
        """No transactions: writes happen in order."""
        return Features(transactions=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[SQLAlchemyAdapter]:
        """Writes take effect one by one, in order."""
        yield self

    async def plan_tables(self, schema: Schema, *, former: Former = NONE) -> tuple[Step, ...]:
        """What ``create_tables`` would do now, in order; nothing is done."""
        known = stored(schema, former)
        live = live_sqlite(await self._rows(SQLITE_COLUMNS), await self._rows(SQLITE_INDEXES))
        if known:
            anew = made_anew(await self._rows(SQLITE_TEXTS), await self._rows(SQLITE_REFERENCES), known)
            live = replace(live, anew=anew)
        return lacking(metadata_of(schema, self._values), live, sqlite_dialect(), known)

    async def _rows(self, text: str) -> Sequence[Sequence[Any]]:
        return (await self._door.run(text, (), again=True)).rows

    async def apply_plan(
        self, schema: Schema, *, former: Former = NONE, applied: Callable[[Step], None] | None = None
    ) -> None:
        """Create what is missing of ``schema``, together or not at all, and then say what. Nothing is removed or changed."""
        steps = await self.plan_tables(schema, former=former)
        try:
            if steps:
                await self._door.batch([step.sql for step in steps])
        except D1Error as error:
            raise translated(error, None) from None
        if applied is not None:
            for step in steps:
                applied(step)

    async def open(self) -> None:
        """Ask D1 for nothing.

        Raises:
            ConfigError: It does not know the token, the account or the database.
        """
        try:
            await super().open()
        except Misconfigured as error:
            raise ConfigError(str(error)) from None

    async def close(self) -> None:
        """Close the client, if it is the adapter's own."""
        if self._own is not None:
            await self._own.close()
