"""D1's errors: SQLite's own, known by their text, and those of the service. Source: Cloudflare D1 reference, errors.

No text of D1's is passed on where it may hold values.
"""

from __future__ import annotations

import re
import sqlite3

from gatewright.ports.adapter import StoreUnavailable

__all__ = ("D1Error", "Misconfigured", "sqlite_failure", "unavailable")

_TOLD = re.compile(
    r"^(?:D1_ERROR: |D1_EXEC_ERROR: )?(.*?)(?:: (SQLITE_[A-Z]+))?(?: \(extended: (SQLITE_\w+)\))?$", re.DOTALL
)
_REASONS = {
    400: "D1 does not understand the request",
    401: "D1 refuses the token",
    403: "D1 refuses the token",
    404: "D1 has no such account or database",
    413: "D1 refuses a request of this size",
    429: "D1 takes no more requests for now",
}
_CODES = {
    7403: "D1 refuses the token",
    7404: "D1 has no such account or database",
    7429: "D1 is overloaded",
    7501: "D1's storage has failed",
}
_REFUSALS = (401, 403, 404)


class D1Error(sqlite3.DatabaseError):
    """An error of SQLite behind D1.

    Attributes:
        sqlite_errorcode: SQLite's extended code.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.sqlite_errorcode = code


class Misconfigured(StoreUnavailable):
    """D1 does not know the token, the account or the database."""


def sqlite_failure(message: str) -> D1Error | None:
    """The error of SQLite that D1's text tells of; ``None`` where it is another."""
    found = _TOLD.match(message)
    if found is None:
        return None
    told, plain, extended = str(found[1]), str(found[2] or ""), str(found[3] or "")
    for start, code in (
        ("UNIQUE constraint failed", sqlite3.SQLITE_CONSTRAINT_UNIQUE),
        ("FOREIGN KEY constraint failed", sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY),
        ("NOT NULL constraint failed", sqlite3.SQLITE_CONSTRAINT_NOTNULL),
    ):
        if told.startswith(start):
            return D1Error(told, code)
    if not plain:
        return None
    code: int | None = getattr(sqlite3, extended or plain, None) or getattr(sqlite3, plain, None)
    return D1Error(told, code or sqlite3.SQLITE_ERROR)


def unavailable(status: int, code: int | None) -> StoreUnavailable:
    """What stands for an answer with this status and D1's own ``code``."""
    told = f" ({code})" if code is not None else ""
    reason = _CODES.get(code or 0) or _REASONS.get(status) or f"D1 answers with status {status}"
    kind = Misconfigured if status in _REFUSALS or code in (7403, 7404) else StoreUnavailable
    return kind(reason + told)
