"""Drivers' errors as the port's: a taken key, a value that cannot be kept, a database that is not available.

Drivers are known by what their errors carry, so that none is imported. No text of theirs is passed on: it may hold
values or credentials. Sources: SQLite result codes; PostgreSQL appendix A (SQLSTATE); MySQL server error reference.
"""

from __future__ import annotations

import re
from typing import Any

from gatewright.model.schema import Table
from gatewright.ports.adapter import Conflict, InvalidValue, StoreUnavailable

__all__ = ("gave_up", "translated")

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
_POSTGRES_TOO_LARGE = "54000"  # a row, or the entry of one in an index; the rest of class 54 is about statements
_MYSQL_TAKEN = (1062, 1586)
_MYSQL_REFUSED = (1048, 1264, 1265, 1292, 1364, 1366, 1406, 1451, 1452, 1690, 3140, 3819, 4025)
_MYSQL_REASONS = {
    1020: "the database gave up a transaction that others were in the way of",
    1040: "the database is out of resources",
    1044: "the database refuses the credentials",
    1045: "the database refuses the credentials",
    1049: "the database does not exist",
    1054: "the database cannot run the statement; are its tables created?",
    1146: "the database cannot run the statement; are its tables created?",
    1205: "a row is locked",
    1213: "the database gave up a transaction that others were in the way of",
    1290: "the database cannot be written to",
    1969: "the database stopped the statement",
    3024: "the database stopped the statement",
}
_MYSQL_DRIVERS = ("pymysql", "aiomysql", "asyncmy", "MySQLdb", "mysql")
_GAVE_UP = ("40001", "40P01", 1213, 1020)  # serialization failure, deadlock; a row that changed since it was read
_MYSQL_KEY = re.compile(r"for key '(?:[^'.]*\.)?([^']*)'\s*\"?\)?$")


def gave_up(error: BaseException) -> bool:
    """Whether the database took back a whole transaction because others were in its way: it may be run again."""
    cause: Any = getattr(error, "orig", None) or error
    if _is_mysql(cause):
        return bool(cause.args) and cause.args[0] in _GAVE_UP
    return _state(cause) in _GAVE_UP


def translated(error: BaseException, table: Table | None) -> Exception:
    """What the port promises for a driver's ``error`` about ``table``."""
    cause: Any = getattr(error, "orig", None) or error
    inner = cause.__cause__
    name = "a table" if table is None else table.name
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _sqlite(code, str(cause), table)
    if _is_mysql(cause):
        return _mysql(cause, table)
    state = _state(cause)
    if isinstance(state, str):
        return _postgres(state, cause, inner, table)
    if isinstance(cause, (ValueError, OverflowError)) or isinstance(inner, (ValueError, OverflowError)):
        return InvalidValue(f"{name} cannot keep a value")
    if cause.__class__.__module__ == "sqlite3" and "parameter" in str(cause):
        return InvalidValue(f"{name} cannot keep a value")
    return StoreUnavailable("the database is not available")


def _state(cause: Any) -> object:
    inner = cause.__cause__
    return getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or getattr(inner, "sqlstate", None)


def _is_mysql(cause: Any) -> bool:
    return cause.__class__.__module__.partition(".")[0] in _MYSQL_DRIVERS


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
    if state[:2] in ("22", "23") or state == _POSTGRES_TOO_LARGE:
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
    code: int = cause.args[0] if cause.args else 0
    if code in _MYSQL_TAKEN:
        found = _MYSQL_KEY.search(str(cause))
        index = found.group(1) if found else ""
        if index == "PRIMARY":
            return _taken(table, ["id"])
        told = [] if table is None else index.removeprefix(f"{table.db_name}_").removesuffix("_uidx").split("_")
        return _taken(table, told)
    if code in _MYSQL_REFUSED:
        return _refused(table)
    return StoreUnavailable(_MYSQL_REASONS.get(code, "the database is not available"))


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
