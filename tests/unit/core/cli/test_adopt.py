"""``adopt`` opens a database of better-auth 1.4, fills in issuers, and leaves alone what it does not understand."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gatewright.cli.app import app

APPLICATION = """
from contextlib import asynccontextmanager
from gatewright import Auth, Settings
from gatewright.ports.adapter import StoreUnavailable
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

providers = {name: {"client_id": "i", "client_secret": "s"} for name in ("github", "google", "microsoft")}
settings = Settings.load({
    "secret": "a-secret-of-more-than-thirty-two-characters",
    "base_url": "https://app.example.com",
    "social_providers": providers,
})
auth = Auth(settings, SQLAlchemyAdapter.sqlite("app.db"))

class Lost(SQLAlchemyAdapter):
    @asynccontextmanager
    async def transaction(self):
        async with super().transaction() as inside:
            yield inside
            raise StoreUnavailable("the database is gone")

lost = Auth(settings, Lost.sqlite("app.db"))
"""

OLD = """
create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique,
  "emailVerified" integer not null, "image" text, "createdAt" date not null, "updatedAt" date not null);
create table "session" ("id" text not null primary key, "expiresAt" date not null, "token" text not null unique,
  "createdAt" date not null, "updatedAt" date not null, "ipAddress" text, "userAgent" text,
  "userId" text not null references "user" ("id") on delete cascade);
create index "session_userId_idx" on "session" ("userId");
create table "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null,
  "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text,
  "idToken" text, "accessTokenExpiresAt" date, "refreshTokenExpiresAt" date, "scope" text, "password" text,
  "createdAt" date not null, "updatedAt" date not null);
create index "account_userId_idx" on "account" ("userId");
create table "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null,
  "expiresAt" date not null, "createdAt" date not null, "updatedAt" date not null);
create index "verification_identifier_idx" on "verification" ("identifier");
create table "theirs" ("x" text);
insert into "user" values ('u', 'Ada', 'ada@example.com', 1, null, '2026-01-01T00:00:00.123Z', '2026-01-01T00:00:00.123Z');
"""


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "adopting_application.py").write_text(APPLICATION)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    path = tmp_path / "app.db"
    execute(path, OLD)
    for provider in ("credential", "github", "google", "microsoft", "unheard-of"):
        add(path, provider)
    return path


def execute(path: Path, script: str) -> None:
    with sqlite3.connect(path) as there:
        there.executescript(script)
    there.close()


def add(path: Path, provider: str, number: int = 1) -> None:
    execute(
        path,
        f"""insert into account ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
        values ('{provider}-{number}', 'a', '{provider}', 'u', '2026-01-01T00:00:00.123Z', '2026-01-01T00:00:00.123Z')""",
    )


def issuers(path: Path) -> dict[str, str | None]:
    with sqlite3.connect(path) as there:
        found = dict(there.execute("SELECT id, issuer FROM account").fetchall())
    there.close()
    return found


def run(*arguments: str, instance: str = "auth") -> Result:
    # Each command is a process of its own, which imports the application anew.
    sys.modules.pop("adopting_application", None)
    return CliRunner().invoke(app, ["adopt", "--config", f"adopting_application:{instance}", *arguments])


def test_a_dry_run_reports_and_changes_nothing(database: Path) -> None:
    told = run("--dry-run", "--json")
    assert told.exit_code == 1
    report = json.loads(told.output)
    assert sorted((step["kind"], step["table"], step["name"]) for step in report["lacking"]) == [
        ("column", "account", "issuer"),
        ("index", "account", "account_issuer_accountId_uidx"),
        ("index", "verification", "verification_expiresAt_idx"),
    ]
    assert report["issuers"] == [
        {"provider": "credential", "accounts": 1, "issuer": "local:credential"},
        {"provider": "github", "accounts": 1, "issuer": "local:oauth:github"},
        {"provider": "google", "accounts": 1, "issuer": "https://accounts.google.com"},
        {"provider": "microsoft", "accounts": 1, "issuer": None},
        {"provider": "unheard-of", "accounts": 1, "issuer": None},
    ]
    with sqlite3.connect(database) as there:
        assert [row[1] for row in there.execute("PRAGMA table_info(account)")].count("issuer") == 0
    there.close()


def test_issuers_are_filled_in_where_something_tells_them(database: Path) -> None:
    done = run("--yes")
    assert done.exit_code == 1
    assert "leave alone 1 accounts of unheard-of" in done.output
    filled = {
        "credential-1": "local:credential",
        "github-1": "local:oauth:github",
        "google-1": "https://accounts.google.com",
        "microsoft-1": None,
        "unheard-of-1": None,
    }
    assert issuers(database) == filled
    execute(database, "DELETE FROM account WHERE issuer IS NULL")
    again = run()
    assert (again.exit_code, again.output) == (0, "The database fits as it is.\n")


def test_an_interrupted_adoption_goes_on(database: Path) -> None:
    execute(
        database, "ALTER TABLE account ADD COLUMN issuer TEXT; UPDATE account SET issuer = 'x' WHERE id = 'github-1'"
    )
    assert run("--yes").exit_code == 1
    assert (issuers(database)["github-1"], issuers(database)["google-1"]) == ("x", "https://accounts.google.com")


def test_two_accounts_of_one_identity_are_left_alone(database: Path) -> None:
    add(database, "github", 2)
    execute(database, "DELETE FROM account WHERE \"providerId\" IN ('microsoft', 'unheard-of')")
    done = run("--yes")
    assert done.exit_code == 1
    assert "Two accounts of github are one identity" in done.output
    found = issuers(database)
    assert (found["github-1"], found["github-2"], found["google-1"]) == (None, None, "https://accounts.google.com")


def test_rows_that_are_there_twice_end_an_adoption(database: Path) -> None:
    add(database, "github", 2)
    execute(database, "ALTER TABLE account ADD COLUMN issuer TEXT; UPDATE account SET issuer = 'x'")
    ended = run("--yes")
    assert ended.exit_code == 1
    assert "an index that is unique cannot be made: rows are there twice" in ended.output
    with sqlite3.connect(database) as there:
        made = {row[0] for row in there.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    there.close()
    assert "verification_expiresAt_idx" not in made


def test_an_adoption_that_loses_the_database_halfway_is_repeated(database: Path) -> None:
    execute(database, "DELETE FROM account WHERE \"providerId\" IN ('microsoft', 'unheard-of')")
    lost = run("--yes", instance="lost")
    assert lost.exit_code == 3
    assert lost.stderr == "gatewright: the database is gone\n"
    assert issuers(database) == {"credential-1": None, "github-1": None, "google-1": None}
    assert run("--yes").exit_code == 0
    assert None not in issuers(database).values()


def test_an_adoption_asks_first(database: Path) -> None:
    sys.modules.pop("adopting_application", None)
    asked = CliRunner().invoke(app, ["adopt", "--config", "adopting_application:auth"], input="n\n")
    assert asked.exit_code == 1
    with sqlite3.connect(database) as there:
        assert "issuer" not in [row[1] for row in there.execute("PRAGMA table_info(account)")]
    there.close()
