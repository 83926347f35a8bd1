"""Drivers' errors as the port's: a taken key, a value that cannot be kept, a database that is not available.

Drivers are known by what their errors carry, so that none is imported. No text of theirs is passed on: it may hold
values or credentials. Sources: SQLite result codes; PostgreSQL appendix A (SQLSTATE); MySQL server error reference.
"""

from __future__ import annotations

import re
from typing import Any

from gatewright.model.schema import Table
from gatewright.ports.adapter import Conflict, InvalidValue, StoreUnavailable

__all__ = ("translated",)

_SQLITE_TAKEN = (1555, 2067, 2579)  # PRIMARYKEY, UNIQUE, ROWID
_SQLITE_REFUSED = (18, 19, 20)  # TOOBIG, CONSTRAINT, MISMATCH
_SQLITE_REASONS = {
    5: "the database is locked",
    6: "a table is locked",
    8: "the database cannot be written to",
    9: "a statement took too long",
    10: "the disk cannot be read or written",
    11: "the database file is damaged",
    13: "the disk is full",
    14: "the database file cannot be opened",
    26: "the file is no database",
}
_POSTGRES_KEY = re.compile(r"^\D*?\((.*?)\)=\(", re.DOTALL)
_MYSQL_TAKEN = (1062, 1586)
_MYSQL_REFUSED = (1048, 1264, 1364, 1366, 1406, 1451, 1452, 3819, 4025)
_MYSQL_KEY = re.compile(r"for key '(?:[^'.]*\.)?([^']*)'\s*\"?\)?$")


def translated(error: BaseException, table: Table | None) -> Exception:
    """What the port promises for a driver's ``error`` about ``table``."""
    cause: Any = getattr(error, "orig", None) or error
    inner = cause.__cause__
    name = "a table" if table is None else table.name
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _sqlite(code, str(cause), table)
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or getattr(inner, "sqlstate", None)
    if isinstance(state, str):
        return _postgres(state, cause, inner, table)
    if cause.__class__.__module__.partition(".")[0] in ("pymysql", "aiomysql", "asyncmy", "MySQLdb", "mysql"):
        return _mysql(cause, table)
    if isinstance(cause, (ValueError, OverflowError)) or isinstance(inner, (ValueError, OverflowError)):
        return InvalidValue(f"{name} cannot keep a value")
    if cause.__class__.__module__ == "sqlite3" and "parameter" in str(cause):
        return InvalidValue(f"{name} cannot keep a value")
    return StoreUnavailable("the database is not available")


def _sqlite(code: int, message: str, table: Table | None) -> Exception:
    if code in _SQLITE_TAKEN:
        told = message.partition("failed: ")[2]
        prefix = "" if table is None else f"{table.db_name}."
        return _taken(table, [part.removeprefix(prefix) for part in told.split(", ")])
    if code & 0xFF in _SQLITE_REFUSED:
        return _refused(table)
    reason = _SQLITE_REASONS.get(code & 0xFF)
    return StoreUnavailable(reason or "the database cannot run the statement; are its tables created?")


def _postgres(state: str, cause: Any, inner: Any, table: Table | None) -> Exception:
    if state == "23505":
        told = getattr(inner, "detail", None) or getattr(getattr(cause, "diag", None), "message_detail", None) or ""
        found = _POSTGRES_KEY.match(told)
        return _taken(table, [part.strip('"') for part in found.group(1).split(", ")] if found else [])
    if state[:2] in ("22", "23"):
        return _refused(table)
    reasons = {
        "42": "the database cannot run the statement; are its tables created?",
        "28": "the database refuses the credentials",
        "53": "the database is out of resources",
        "57": "the database stopped the statement",
        "25": "the database cannot be written to",
        "40": "the database gave up a transaction that others were in the way of",
    }
    return StoreUnavailable(reasons.get(state[:2], "the database is not available"))


def _mysql(cause: Any, table: Table | None) -> Exception:
    code = cause.args[0] if cause.args else None
    if code in _MYSQL_TAKEN:
        found = _MYSQL_KEY.search(str(cause))
        index = found.group(1) if found else ""
        if index == "PRIMARY":
            return _taken(table, ["id"])
        told = [] if table is None else index.removeprefix(f"{table.db_name}_").removesuffix("_uidx").split("_")
        return _taken(table, told)
    return _refused(table) if code in _MYSQL_REFUSED else StoreUnavailable("the database is not available")


def _taken(table: Table | None, stored: list[str]) -> Conflict:
    if table is None:
        return Conflict("")
    names = {spec.stored_as: spec.name for spec in table.columns.values()}
    if not all(each in names for each in stored):
        return Conflict(table.name)
    return Conflict(table.name, tuple(names[each] for each in stored))


def _refused(table: Table | None) -> InvalidValue:
    name = "a table" if table is None else table.name
    return InvalidValue(
        f"{name} cannot keep the row: a value is missing or wrong, or refers to a row that is not there"
    )
