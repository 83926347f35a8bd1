"""Tables as better-auth has them, and databases that are there already."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gatewright.model.account import Account
from gatewright.model.query import Condition, Insert, Join, Select
from gatewright.model.rate_limit import RateLimit
from gatewright.model.schema import Schema
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.ports.adapter import Conflict
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio

CORE = Schema.build((User, Session, Account, Verification, RateLimit))


async def created(path: Path) -> sqlite3.Connection:
    adapter = SQLAlchemyAdapter.sqlite(path)
    await adapter.create_tables(CORE)
    await adapter.close()
    return sqlite3.connect(path)


async def test_columns_have_better_auths_types(tmp_path: Path) -> None:
    made = await created(tmp_path / "new.db")
    columns = {row[1]: (row[2].lower(), row[3], row[5]) for row in made.execute("PRAGMA table_info(session)")}
    assert columns == {
        "id": ("text", 1, 1),
        "expiresAt": ("date", 1, 0),
        "token": ("text", 1, 0),
        "createdAt": ("date", 1, 0),
        "updatedAt": ("date", 1, 0),
        "ipAddress": ("text", 0, 0),
        "userAgent": ("text", 0, 0),
        "userId": ("text", 1, 0),
    }
    columns = {row[1]: row[2].lower() for row in made.execute('PRAGMA table_info("rateLimit")')}
    assert columns == {"id": "text", "key": "text", "count": "integer", "lastRequest": "bigint"}
    assert {row[1]: row[2].lower() for row in made.execute("PRAGMA table_info(user)")}["emailVerified"] == "integer"
    made.close()


async def test_indexes_and_references_are_named_and_bound(tmp_path: Path) -> None:
    made = await created(tmp_path / "new.db")
    names = {row[0] for row in made.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")}
    assert names == {
        "user_email_uidx",
        "session_token_uidx",
        "session_userId_idx",
        "account_userId_idx",
        "account_issuer_accountId_uidx",
        "verification_identifier_idx",
        "verification_expiresAt_idx",
        "rateLimit_key_uidx",
    }
    (reference,) = made.execute("PRAGMA foreign_key_list(session)").fetchall()
    assert (reference[2], reference[3], reference[4], reference[6]) == ("user", "userId", "id", "CASCADE")
    made.close()


async def test_a_database_that_better_auth_made_opens_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    theirs = sqlite3.connect(path)
    theirs.executescript(
        """
        create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique,
          "emailVerified" integer not null, "image" text, "createdAt" date not null, "updatedAt" date not null);
        create table "session" ("id" text not null primary key, "expiresAt" date not null, "token" text not null unique,
          "createdAt" date not null, "updatedAt" date not null, "ipAddress" text, "userAgent" text,
          "userId" text not null references "user" ("id") on delete cascade);
        create index "session_userId_idx" on "session" ("userId");
        insert into "user" values ('u', 'Ada', 'ada@example.com', 1, null, '2026-01-01T00:00:00.123Z',
          '2026-01-01T00:00:00.123Z');
        insert into "session" values ('s', '2026-02-01T00:00:00.000Z', 't', '2026-01-01 00:00:00', 1767225600123, '',
          'curl', 'u');
        """
    )
    before = set(theirs.execute("SELECT name FROM sqlite_master WHERE tbl_name IN ('user', 'session')"))
    adapter = SQLAlchemyAdapter.sqlite(path)
    await adapter.create_tables(CORE)
    assert set(theirs.execute("SELECT name FROM sqlite_master WHERE tbl_name IN ('user', 'session')")) == before
    theirs.close()
    moment = datetime(2026, 1, 1, microsecond=123000, tzinfo=UTC)
    user = {
        "id": "u",
        "name": "Ada",
        "email": "ada@example.com",
        "emailVerified": True,
        "image": None,
        "createdAt": moment,
        "updatedAt": moment,
    }
    pair = await adapter.select_pair(
        Select(CORE[Session], (Condition("token", "eq", "t"),), join=Join(CORE[User], "userId"))
    )
    assert pair == (
        {
            "id": "s",
            "expiresAt": datetime(2026, 2, 1, tzinfo=UTC),
            "token": "t",
            "createdAt": datetime(2026, 1, 1, tzinfo=UTC),
            "updatedAt": moment,
            "ipAddress": "",
            "userAgent": "curl",
            "userId": "u",
        },
        user,
    )
    with pytest.raises(Conflict) as taken:
        await adapter.insert(Insert(CORE[User], user | {"id": "other"}))
    assert taken.value.columns == ("email",)
    await adapter.close()
