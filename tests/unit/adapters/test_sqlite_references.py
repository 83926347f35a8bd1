"""A column of SQLite's that gets another name refers to nothing any more, however the table was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from gatewright_adapters.sqlalchemy.sqlite_references import SQLITE_REFERENCES, SQLITE_TEXTS, made_anew

FORMER = {"apikey": {"referenceId": "userId"}}
WRITTEN = {
    "beside the column": """create table "apikey" ("id" text not null primary key, "key" text not null,
        "userId" text not null references "user" ("id") on delete cascade, "permissions" text)""",
    "named, after the columns": """CREATE TABLE "apikey" ("id" TEXT NOT NULL PRIMARY KEY, "key" TEXT NOT NULL,
        "userId" TEXT NOT NULL, "permissions" TEXT,
        CONSTRAINT "apikey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user" ("id") ON DELETE CASCADE ON UPDATE CASCADE)""",
    "after the columns": """CREATE TABLE `apikey` (`id` text PRIMARY KEY NOT NULL,
        `key` text NOT NULL DEFAULT 'a, (b)' CHECK (length(`key`) > 0), `userId` text NOT NULL, `permissions` text,
        FOREIGN KEY (`userId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade)""",
    "beside a check and another key": """create table apikey (id text primary key, key text, userId text not null
        constraint x references user(id) on delete cascade deferrable initially deferred check (userId <> ''),
        theirs text default 't' references user(id), permissions text, loud text generated always as (upper(key)))""",
}


@pytest.fixture
def place() -> Iterator[sqlite3.Connection]:
    place = sqlite3.connect(":memory:", isolation_level=None)
    place.execute("PRAGMA foreign_keys = ON")
    place.execute('CREATE TABLE "user" ("id" text PRIMARY KEY)')
    place.execute("INSERT INTO user VALUES ('u'), ('t')")
    yield place
    place.close()


def planned(place: sqlite3.Connection) -> tuple[str, ...]:
    texts: list[Any] = place.execute(SQLITE_TEXTS).fetchall()
    references: list[Any] = place.execute(SQLITE_REFERENCES).fetchall()
    return tuple(made_anew(texts, references, FORMER).get(("apikey", "userId"), ()))


def keys(place: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(key[3], key[2]) for key in place.execute('PRAGMA foreign_key_list("apikey")')]


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_the_key_goes_and_everything_else_stays(place: sqlite3.Connection, text: str) -> None:
    place.execute(text)
    place.execute('CREATE INDEX "of_user" ON "apikey" ("userId")')
    place.execute('CREATE VIEW "shown" AS SELECT * FROM "apikey"')
    place.execute(
        'CREATE TRIGGER "heard" AFTER INSERT ON "apikey" BEGIN INSERT INTO user VALUES (\'heard \' || NEW.id); END'
    )
    place.execute("INSERT INTO apikey (id, key, userId, permissions) VALUES ('k', 'x', 'u', '{}')")
    rows, before = place.execute("SELECT * FROM shown").fetchall(), place.execute(SQLITE_TEXTS).fetchall()
    others = [key for key in keys(place) if key[0] != "userId"]
    shape = place.execute('PRAGMA table_xinfo("apikey")').fetchall()
    for statement in planned(place):
        place.execute(statement)
    assert place.execute("SELECT * FROM shown").fetchall() == rows
    assert place.execute('PRAGMA table_xinfo("apikey")').fetchall() == shape
    assert keys(place) == others
    after = place.execute(SQLITE_TEXTS).fetchall()
    assert [each for each in after if each[1] != "table"] == [each for each in before if each[1] != "table"]
    assert place.execute("SELECT id FROM user").fetchall() == [("u",), ("t",), ("heard k",)]
    place.execute("INSERT INTO user VALUES ('o')") if others else None
    place.execute("INSERT INTO apikey (id, key, userId) VALUES ('l', 'y', 'an organization')")
    assert planned(place) == ()


def test_a_table_that_others_refer_to_stays_as_it_is(place: sqlite3.Connection) -> None:
    place.execute(WRITTEN["beside the column"])
    assert planned(place)
    place.execute('CREATE TABLE "use" ("key" text REFERENCES "apikey" ("id") ON DELETE CASCADE)')
    assert planned(place) == ()


def test_a_key_of_several_columns_stays_as_it_is(place: sqlite3.Connection) -> None:
    place.execute('CREATE TABLE "pair" ("a" text, "b" text, PRIMARY KEY ("a", "b"))')
    place.execute(
        'CREATE TABLE "apikey" ("id" text, "userId" text, FOREIGN KEY ("userId", "id") REFERENCES "pair" ("a", "b"))'
    )
    assert planned(place) == ()
