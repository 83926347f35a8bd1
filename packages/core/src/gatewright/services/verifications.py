"""The keeper of one-time values: made by one flow, found and taken by the same flow, at most once and in time.

An identifier begins with the prefix of the flow that makes it, and every flow looks up its own prefix only, so that a
value minted for one purpose is neither accepted nor used up by another. Where rows are kept is this file's secret:
no flow touches the table. Source: contract, crypto.json ``verification_rows``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from gatewright.crypto.hashing import sha256_base64url
from gatewright.model.verification import Verification
from gatewright.ports.adapter import Unmet
from gatewright.ports.clock import Clock
from gatewright.ports.tasks import Tasks
from gatewright.services.database import Database, Refused
from gatewright.services.tallies import fewer_than
from gatewright.settings.verification import IdentifierHash, IdentifierStorage, VerificationOptions

__all__ = ("VerificationKeeper", "is_storable")

SWEEP_INTERVAL = timedelta(minutes=1)
"""Rows that have expired are removed this often at most."""

_MOST_CHARACTERS = 2048

Form: TypeAlias = Callable[[str], Any] | None
"""How an identifier is stored; ``None`` leaves it as it is."""


class VerificationKeeper:
    """Creates, finds, takes and removes one-time values.

    Args:
        options: How identifiers are stored, and whether expired rows are removed.
        clock: For expiry.
        tasks: Where expired rows are removed, outside the request.
    """

    __slots__ = ("_cleans", "_clock", "_forms", "_sweep_due", "_tasks")

    def __init__(self, options: VerificationOptions, clock: Clock, tasks: Tasks) -> None:
        self._clock = clock
        self._tasks = tasks
        self._cleans = not options.disable_cleanup
        self._forms = _forms(options)
        self._sweep_due: datetime | None = None

    async def create(
        self, db: Database, identifier: str, value: str, *, expires_at: datetime, listed: str | None = None
    ) -> Verification:
        """Store a value under an identifier; one that a hook refuses is never found, and nobody is told (contract).

        Args:
            db: Where.
            identifier: With the prefix of the flow that will ask for it.
            value: What the flow needs to know then.
            expires_at: From this moment on it is gone.
            listed: The prefix of a flow that later asks :meth:`delete_valued` for all that hold this value.
        """
        del listed  # a table can be searched
        row = await self._row(identifier, value, expires_at)
        try:
            return await db.insert(row)
        except Refused:
            return row

    async def create_first(self, db: Database, identifier: str, value: str, *, expires_at: datetime) -> bool:
        """Store a value unless there is one that has not expired; of several callers one does. Whether this one did."""
        row = await self._row(identifier, value, expires_at)
        here = (Verification.identifier.eq(row.identifier), Verification.expires_at.after(self._clock.now()))
        try:
            await db.insert(row, fewer_than(db, 1, Verification, *here))
        except Unmet:
            return False
        return True

    async def _row(self, identifier: str, value: str, expires_at: datetime) -> Verification:
        now = self._clock.now()
        return Verification(
            identifier=await self._stored(identifier),
            value=value,
            expires_at=expires_at,
            created_at=now,
            updated_at=now,
        )

    async def find(self, db: Database, identifier: str) -> Verification | None:
        """The newest value that has not expired; it stays there."""
        if not is_storable(identifier):
            return None
        rows = await db.find_many(
            Verification,
            Verification.identifier.eq(await self._stored(identifier)),
            Verification.expires_at.after(self._clock.now()),
            order=(Verification.created_at.descending(),),
            limit=1,
        )
        await self._sweep(db)
        return rows[0] if rows else None

    async def peek(self, db: Database, identifier: str) -> Verification | None:
        """The newest value, expired or not: it tells what was meant, it proves nothing, and it stays there."""
        if not is_storable(identifier):
            return None
        rows = await db.find_many(
            Verification,
            Verification.identifier.eq(await self._stored(identifier)),
            order=(Verification.created_at.descending(),),
            limit=1,
        )
        return rows[0] if rows else None

    async def take(self, db: Database, identifier: str, *, value: str | None = None) -> Verification | None:
        """Remove a value that has not expired and give it to exactly one caller.

        Args:
            db: Where.
            identifier: With the prefix of the flow that made it.
            value: Only a row with this value; any other stays there.
        """
        if not is_storable(identifier):
            return None
        bound = () if value is None else (Verification.value.eq(value),)
        row = await db.take(
            Verification,
            Verification.identifier.eq(await self._stored(identifier)),
            Verification.expires_at.after(self._clock.now()),
            *bound,
        )
        await self._sweep(db)
        return row

    async def change(
        self, db: Database, row: Verification, value: str, *, expires_at: datetime | None = None
    ) -> Verification | None:
        """Replace a value, and how long it lasts, if it still is as ``row`` says; ``None`` when somebody was faster."""
        later = () if expires_at is None else (Verification.expires_at.to(expires_at),)
        return await db.update_one(
            Verification,
            Verification.id.eq(row.id),
            Verification.value.eq(row.value),
            set=[Verification.value.to(value), *later],
        )

    async def delete_valued(self, db: Database, prefix: str, value: str) -> None:
        """Forget every row of a flow that holds ``value``.

        Where identifiers of the flow are not stored as they are, its rows cannot be told from others: then every row
        with that value goes, which is safe, for whoever needs another one can ask for it.
        """
        form = next((form for known, form in self._forms if prefix.startswith(known)), None)
        mine = (Verification.identifier.starts_with(prefix),) if form is None else ()
        await db.delete(Verification, Verification.value.eq(value), *mine)

    async def delete(self, db: Database, identifier: str) -> None:
        """Forget every value of an identifier; unknown ones are fine."""
        if is_storable(identifier):
            await db.delete(Verification, Verification.identifier.eq(await self._stored(identifier)))

    async def _stored(self, identifier: str) -> str:
        for prefix, form in self._forms:
            if identifier.startswith(prefix):
                if form is None:
                    return identifier
                made = form(identifier)
                return await made if inspect.isawaitable(made) else made
        return identifier

    async def _sweep(self, db: Database) -> None:
        if not self._cleans or db.in_transaction:
            return
        now = self._clock.now()
        if self._sweep_due is not None and now < self._sweep_due:
            return
        self._sweep_due = now + SWEEP_INTERVAL

        async def sweep() -> None:
            await db.delete(Verification, Verification.expires_at.until(now))

        await self._tasks.spawn(sweep, name="removing expired verification values")


def _forms(options: VerificationOptions) -> tuple[tuple[str, Form], ...]:
    storage = options.store_identifier
    if not isinstance(storage, IdentifierStorage):
        return (("", _form(storage)),)
    overrides = tuple((prefix, _form(form)) for prefix, form in storage.overrides.items())
    return (*overrides, ("", _form(storage.default)))


def _form(form: str | IdentifierHash) -> Form:
    if isinstance(form, IdentifierHash):
        return form.hash
    return sha256_base64url if form == "hashed" else None


def is_storable(identifier: str) -> bool:
    """Whether any store could hold the text: what nobody can have stored is not looked up."""
    if len(identifier) > _MOST_CHARACTERS or "\x00" in identifier:
        return False
    return identifier.isascii() or not any("\ud800" <= character <= "\udfff" for character in identifier)
