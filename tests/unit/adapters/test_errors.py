"""Drivers' errors as the port's, without values in them."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from gatewright.model.schema import Schema, TableOptions
from gatewright.model.user import User
from gatewright.ports.adapter import Conflict, StoreUnavailable
from gatewright_adapters.sqlalchemy.errors import gave_up, translated

USERS = Schema.build((User,), {"user": TableOptions(db_name="people", fields={"email": "e_mail"})})[User]


def sqlite_error(code: int, text: str) -> sqlite3.Error:
    error = sqlite3.IntegrityError(text)
    error.sqlite_errorcode = code
    return error


def wrapped(orig: Exception, cause: Exception | None = None) -> Exception:
    error: Any = RuntimeError("statement with 'secret'")
    orig.__cause__ = cause
    error.orig = orig
    return error


class Driver(Exception):
    def __init__(self, *args: object, **facts: object) -> None:
        super().__init__(*args)
        self.__dict__.update(facts)


class MySQL(Exception):
    __module__ = "pymysql.err"


@pytest.mark.parametrize(
    ("error", "columns"),
    [
        (sqlite_error(2067, "UNIQUE constraint failed: people.e_mail"), ("email",)),
        (sqlite_error(1555, "UNIQUE constraint failed: people.id"), ("id",)),
        (sqlite_error(2067, "UNIQUE constraint failed: people.name, people.e_mail"), ("name", "email")),
        (sqlite_error(2067, "UNIQUE constraint failed: index 'lower_email'"), ()),
        (wrapped(sqlite_error(2067, "UNIQUE constraint failed: people.e_mail")), ("email",)),
        (wrapped(Driver(sqlstate="23505"), Driver(detail="Key (e_mail)=(secret@x.y) already exists.")), ("email",)),
        (
            wrapped(Driver(sqlstate="23505"), Driver(detail='Key ("emailVerified", name)=(t, secret) already exists.')),
            ("emailVerified", "name"),
        ),
        (wrapped(Driver(sqlstate="23505"), Driver(detail="Key (lower(e_mail))=(secret) already exists.")), ()),
        (wrapped(Driver(sqlstate="23505")), ()),
        (
            wrapped(Driver(sqlstate="23505", diag=Driver(message_detail="Key (e_mail)=(secret) already exists."))),
            ("email",),
        ),
        (wrapped(MySQL(1062, "Duplicate entry 'secret' for key 'people.people_e_mail_uidx'")), ()),
        (wrapped(MySQL(1062, "Duplicate entry 'secret' for key 'people.PRIMARY'")), ("id",)),
    ],
)
def test_a_taken_key_is_a_conflict_with_its_columns(error: Exception, columns: tuple[str, ...]) -> None:
    conflict = translated(error, USERS)
    assert isinstance(conflict, Conflict)
    assert (conflict.table, conflict.columns) == ("user", columns)
    assert "secret" not in str(conflict)


@pytest.mark.parametrize(
    "error",
    [
        sqlite_error(1299, "NOT NULL constraint failed: people.secret"),
        sqlite_error(787, "FOREIGN KEY constraint failed secret"),
        wrapped(Driver("secret", sqlstate="23502")),
        wrapped(Driver("secret", sqlstate="22P05")),
        wrapped(Driver("index row size 3040 exceeds btree version 4 maximum 2704 secret", sqlstate="54000")),
        wrapped(Driver("secret"), ValueError("secret")),
        *(wrapped(MySQL(code, "secret")) for code in (1048, 1264, 1406, 1452)),
        OverflowError("secret too large"),
        sqlite3.ProgrammingError("Error binding parameter 1: type 'secret' is not supported"),
    ],
)
def test_what_cannot_be_kept_is_a_value_error(error: Exception) -> None:
    refused = translated(error, USERS)
    assert isinstance(refused, ValueError)
    assert "secret" not in str(refused)


@pytest.mark.parametrize(
    "error",
    [
        *(sqlite_error(code, "secret") for code in (1, 5, 6, 8, 9, 10, 11, 13, 14, 26)),
        *(
            wrapped(Driver("secret", sqlstate=state))
            for state in ("08006", "28P01", "53300", "57014", "25006", "42P01", "40001", "54001")
        ),
        *(wrapped(MySQL(code, "secret")) for code in (1045, 1146, 1205, 1213, 2003)),
        ConnectionRefusedError("secret"),
        RuntimeError("secret"),
    ],
)
def test_everything_else_is_an_unavailable_store(error: Exception) -> None:
    gone = translated(error, USERS)
    assert isinstance(gone, StoreUnavailable)
    assert "secret" not in str(gone)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (wrapped(MySQL(1213, "deadlock")), True),
        (wrapped(Driver(sqlstate="40001")), True),
        (wrapped(Driver(), Driver(sqlstate="40P01")), True),
        (wrapped(MySQL(1205, "a row is locked: only the statement was taken back")), False),
        (wrapped(MySQL(1062, "duplicate")), False),
        (wrapped(Driver(sqlstate="23505")), False),
        (sqlite_error(5, "locked"), False),
    ],
)
def test_only_a_transaction_that_was_taken_back_whole_may_run_again(error: Exception, expected: bool) -> None:
    assert gave_up(error) is expected
