"""Sessions as texts of the secondary storage, and the list of a user's sessions.

Only the form: nothing here asks a store. Source: contract, crypto.json ``secondary_storage``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from gatewright.model.row import Row
from gatewright.model.schema import Schema, Table
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.wire.dates import from_millis, from_wire, millis, to_wire
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("ActiveSession", "RowTexts", "SessionRecords", "list_key", "seconds_until")

R = TypeVar("R", bound=Row)


def list_key(user_id: str) -> str:
    """Under which key the list of a user's sessions is kept."""
    return f"active-sessions-{user_id}"


def seconds_until(end: datetime, now: datetime) -> int:
    """A lifetime for the store: whole seconds, at least one."""
    return max(1, int((end - now).total_seconds()))


@dataclass(frozen=True, slots=True)
class ActiveSession:
    """An entry of the list of a user's sessions."""

    token: str = field(repr=False)
    expires_at: datetime


class SessionRecords:
    """Writes and reads the texts of one instance's tables."""

    __slots__ = ("_session", "_user")

    def __init__(self, schema: Schema) -> None:
        self._session = RowTexts(schema[Session])
        self._user = RowTexts(schema[User])

    def write(self, session: Session, user: User) -> str:
        """The text of a session with its user."""
        return encode({"session": self._session.plain(session), "user": self._user.plain(user)}).decode()

    def read(self, token: str, text: str) -> tuple[Session, User] | None:
        """The session of ``token`` with its user; ``None`` for a text that is anything else."""
        value = _decoded(text)
        if not isinstance(value, dict):
            return None
        members = cast("dict[str, object]", value)
        session = self._session.row(Session, members.get("session"))
        user = self._user.row(User, members.get("user"))
        if session is None or user is None or session.token != token or session.user_id != user.id:
            return None
        return session, user

    @staticmethod
    def write_list(entries: Iterable[ActiveSession]) -> str:
        """The text of a user's list, by expiry."""
        ordered = sorted(entries, key=lambda entry: entry.expires_at)
        return encode([{"token": entry.token, "expiresAt": millis(entry.expires_at)} for entry in ordered]).decode()

    @staticmethod
    def read_list(text: str | None, now: datetime) -> list[ActiveSession]:
        """The entries of a list that are not over; a text that is no list has none."""
        value = None if text is None else _decoded(text)
        found: list[ActiveSession] = []
        for entry in cast("list[object]", value) if isinstance(value, list) else ():
            if not isinstance(entry, dict):
                continue
            members = cast("dict[str, object]", entry)
            token, ends = members.get("token"), members.get("expiresAt")
            if isinstance(token, str) and isinstance(ends, int) and ends > millis(now):
                found.append(ActiveSession(token, from_millis(ends)))
        return found


class RowTexts:
    """Rows of one table with all their columns, dates as text."""

    __slots__ = ("_dates", "_required", "_table")

    def __init__(self, table: Table) -> None:
        self._table = table
        self._dates = tuple(spec.name for spec in table.columns.values() if spec.type == "date")
        self._required = frozenset(spec.name for spec in table.columns.values() if spec.required)

    def plain(self, row: Row) -> dict[str, object]:
        """The row by wire name, as JSON has it."""
        columns = self._table.columns
        return {
            name: to_wire(value) if isinstance(value, datetime) else value
            for name, value in row.raw.items()
            if name in columns
        }

    def row(self, cls: type[R], value: object) -> R | None:
        """The row that a JSON value is; ``None`` for one that is anything else."""
        if not isinstance(value, dict):
            return None
        raw = cast("dict[str, Any]", value)
        if not raw.keys() >= self._required:
            return None
        try:
            for name in self._dates:
                if raw.get(name) is not None:
                    raw[name] = from_wire(raw[name])
        except (TypeError, ValueError, OverflowError):
            return None
        if any(raw[name] is None for name in self._required):
            return None
        return cls.seen(raw, self._table)


def _decoded(text: str) -> object:
    try:
        return decode(text)
    except JsonError:
        return None
