"""Databases that better-auth 1.4 and 1.7 have made are adopted, on SQLite, PostgreSQL and MariaDB, and then work.

Their definitions are in ``tests/data/better_auth``: what each release makes in an empty database, with the same plugins.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from tests.contract.adapters import test_mariadb as mariadb
from tests.contract.adapters import test_postgres as postgres
from typer.testing import CliRunner, Result

from gatewright.cli.app import app
from gatewright.cli.loading import load
from gatewright.crypto.passwords import Scrypt
from gatewright.testing.browser import Browser

DATA = Path(__file__).parents[2] / "data" / "better_auth"
ORIGIN = "http://localhost:3000"

APPLICATION = """
import json
import pathlib
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from gatewright import Auth, Settings
from gatewright.plugins import Admin, Anonymous, ApiKey, DeviceAuthorization, Jwt, Organization, OrganizationOptions
from gatewright.plugins import Passkey, PhoneNumber, Siwe, SiweOptions, TwoFactor, Username
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

url, arguments = json.loads(pathlib.Path("database.json").read_text())
settings = Settings.load({
    "secret": "a-secret-of-more-than-thirty-two-characters",
    "base_url": "http://localhost:3000",
    "email_and_password": {"enabled": True},
    "rate_limit": {"enabled": False},
})
many = {"teams": {"enabled": True}, "dynamicAccessControl": {"enabled": True}}
auth = Auth(
    settings,
    SQLAlchemyAdapter(create_async_engine(url, connect_args=arguments, poolclass=NullPool)),
    plugins=[
        Admin(), Anonymous(), ApiKey(), DeviceAuthorization(), Jwt(), Passkey(), PhoneNumber(), TwoFactor(), Username(),
        Organization(OrganizationOptions.model_validate(many)),
        Siwe(SiweOptions(domain="localhost:3000")),
    ],
)
"""

MOMENT = "'2026-01-01 00:00:00.123'"
ROWS = f"""
insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt", "theirs")
  values ('u', 'Ada', 'ada@example.com', true, {MOMENT}, {MOMENT}, 'kept');
insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
  values ('a', 'u', 'credential', 'u', '{{password}}', {MOMENT}, {MOMENT});
insert into "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
  values ('b', '7', 'unheard-of', 'u', {MOMENT}, {MOMENT});
insert into "organization" ("id", "name", "slug", "createdAt") values ('o', 'Acme', 'acme', {MOMENT});
insert into "member" ("id", "organizationId", "userId", "role", "createdAt") values ('m', 'o', 'u', 'owner', {MOMENT});
insert into "team" ("id", "name", "organizationId", "createdAt") values ('t', 'Eng', 'o', {MOMENT});
insert into "team" ("id", "name", "organizationId", "createdAt") values ('e', 'Empty', 'o', {MOMENT});
insert into "teamMember" ("id", "teamId", "userId", "createdAt") values ('tm', 't', 'u', {MOMENT});
insert into "apikey" ("id", "key", "userId", "enabled", "createdAt", "updatedAt")
  values ('k', 'hashed', 'u', true, {MOMENT}, {MOMENT})
"""
KEY_OF_AN_ORGANIZATION = f"""
insert into "apikey" ("id", "key", "referenceId", "configId", "enabled", "createdAt", "updatedAt")
  values ('ko', 'hashed too', 'o', 'default', true, {MOMENT}, {MOMENT})
"""


@dataclass
class Place:
    """A database, how the application opens it, and whose SQL it understands."""

    dialect: str
    url: str
    arguments: dict[str, Any]

    def engine(self) -> AsyncEngine:
        return create_async_engine(self.url, connect_args=self.arguments, poolclass=NullPool)

    def written(self, statement: str) -> str:
        if self.dialect == "mysql":
            return statement.replace('"', "`")
        # As better-auth writes moments there.
        return statement.replace(MOMENT, "'2026-01-01T00:00:00.123Z'")

    def run(self, *statements: str) -> list[Any]:
        """Run in order; the rows of the last."""

        async def run() -> list[Any]:
            engine, rows = self.engine(), []
            async with engine.begin() as connection:
                for statement in statements:
                    result = await connection.exec_driver_sql(self.written(statement))
                    rows = [tuple(row) for row in result] if result.returns_rows else []
            await engine.dispose()
            return rows

        return asyncio.run(run())


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    dialect: str = request.param
    name = f"layout_{secrets.token_hex(6)}"
    there = Place(dialect, f"sqlite+aiosqlite:///{tmp_path / 'app.db'}", {})
    if dialect != "sqlite":
        server = postgres if dialect == "postgresql" else mariadb
        if reason := asyncio.run(server.refusal()):
            pytest.skip(reason)
        kind = "SCHEMA" if dialect == "postgresql" else "DATABASE"
        _administered(server.URL, f"CREATE {kind} {name}")
        there = (
            Place(dialect, server.URL, {"server_settings": {"search_path": name}})
            if dialect == "postgresql"
            else Place(dialect, f"{server.URL}/{name}", {})
        )
    (tmp_path / "adopted_application.py").write_text(APPLICATION)
    (tmp_path / "database.json").write_text(json.dumps([there.url, there.arguments]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    yield there
    if dialect == "postgresql":
        _administered(postgres.URL, f"DROP SCHEMA {name} CASCADE")
    elif dialect == "mysql":
        _administered(mariadb.URL, f"DROP DATABASE {name}")


def _administered(url: str, statement: str) -> None:
    async def run() -> None:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.execute(text(statement))
        await engine.dispose()

    asyncio.run(run())


def defined(place: Place, release: str) -> None:
    lines = (DATA / f"{release}.{place.dialect}.sql").read_text().splitlines()
    place.run(*[line.rstrip(";") for line in lines if not line.startswith("--")])


def command(name: str, *arguments: str) -> Result:
    # Each command is a process of its own, which imports the application anew.
    sys.modules.pop("adopted_application", None)
    return CliRunner().invoke(app, [name, "--config", "adopted_application:auth", *arguments], catch_exceptions=False)


def steps(told: Result) -> list[tuple[str, str]]:
    lacking = json.loads(told.stdout)["lacking"]
    return sorted((each["kind"], f"{each['table']}.{each['name']}") for each in lacking if each["kind"] != "index")


def old(place: Place) -> None:
    """A database of 1.4 with rows, a column and a table of somebody else's."""
    defined(place, "1_4")
    place.run('alter table "user" add column "theirs" varchar(20)', 'create table "theirs" ("x" varchar(20))')
    password = Scrypt().hash("password-1234")
    place.run(*ROWS.replace("{password}", password).split(";"))


def test_a_database_of_1_4_is_adopted_and_works(place: Place) -> None:
    old(place)
    told = command("adopt", "--dry-run", "--json")
    assert told.exit_code == 1, told.output
    # SQLite makes the table and its two indexes anew.
    constraint = {"sqlite": 7, "postgresql": 1, "mysql": 1}[place.dialect]
    assert steps(told) == [
        ("column", "account.issuer"),
        ("column", "apikey.configId"),
        ("column", "jwks.alg"),
        ("column", "jwks.crv"),
        ("column", "team.memberCount"),
        ("column", "teamMember.membershipKey"),
        ("column", "twoFactor.failedVerificationCount"),
        ("column", "twoFactor.lockedUntil"),
        ("column", "twoFactor.verified"),
        *[("rename", "apikey.referenceId")] * (1 + constraint),
    ]
    report = json.loads(told.stdout)
    assert report["uncountedTeams"] == 1
    assert report["issuers"] == [
        {"provider": "credential", "accounts": 1, "issuer": "local:credential"},
        {"provider": "unheard-of", "accounts": 1, "issuer": None},
    ]
    assert "userId" in {name.strip('"`') for name in _columns(place, "apikey")}

    done = command("adopt", "--yes")
    assert (done.exit_code, type(done.exception)) == (1, SystemExit), done.exc_info
    assert place.run('select "id", "issuer" from "account" order by "id"') == [("a", "local:credential"), ("b", None)]
    assert place.run('select "id", "referenceId", "configId" from "apikey"') == [("k", "u", "default")]
    assert place.run('select "id", "memberCount" from "team" order by "id"') == [("e", 0), ("t", 1)]
    assert place.run('select "theirs" from "user"') == [("kept",)]
    assert place.run('select count(*) from "theirs"') == [(0,)]
    # A key may be an organization's now.
    place.run(*(["PRAGMA foreign_keys = ON"] if place.dialect == "sqlite" else []), KEY_OF_AN_ORGANIZATION)
    again = command("adopt", "--dry-run", "--json")
    assert (steps(again), json.loads(again.stdout)["uncountedTeams"]) == ([], 0)
    assert command("diff").exit_code == 0
    asyncio.run(_used())


async def _used() -> None:
    sys.modules.pop("adopted_application", None)
    auth = load("adopted_application:auth")
    async with auth:
        browser = Browser(auth)
        signed = await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
        assert (signed.status, signed.json["user"]["id"]) == (200, "u")
        assert [each["id"] for each in (await browser.get("/api-key/list")).json["apiKeys"]] == ["k"]
        assert (await browser.post("/api-key/create", {"name": "new"})).status == 200
        teams = (await browser.get("/organization/list-teams?organizationId=o")).json
        assert {each["name"] for each in teams} == {"Eng", "Empty"}
        assert (await browser.post("/two-factor/enable", {"password": "password-1234"})).status == 200
        assert (await browser.get("/token")).status == 200


def test_an_interrupted_adoption_goes_on(place: Place) -> None:
    old(place)
    # The tables were changed, the rows were not.
    sys.modules.pop("adopted_application", None)
    auth = load("adopted_application:auth")
    asyncio.run(_defined(auth))
    told = json.loads(command("adopt", "--dry-run", "--json").stdout)
    assert (told["lacking"], told["uncountedTeams"], len(told["issuers"])) == ([], 1, 2)
    command("adopt", "--yes")
    assert place.run('select "memberCount" from "team" where "id" = \'t\'') == [(1,)]
    assert place.run('select "issuer" from "account" where "id" = \'a\'') == [("local:credential",)]


async def _defined(auth: Any) -> None:
    async with auth.unchecked():
        await auth.adapter.create_tables(auth.tables, former={"apikey": {"referenceId": "userId"}})


def test_a_database_of_1_7_lacks_nothing_but_indexes(place: Place) -> None:
    defined(place, "1_7")
    told = command("adopt", "--dry-run", "--json")
    assert told.exit_code == 0, told.output
    assert (steps(told), json.loads(told.stdout)["issuers"]) == ([], [])
    assert {each["kind"] for each in json.loads(told.stdout)["lacking"]} == {"index"}
    assert command("migrate", "--yes").exit_code == 0
    assert command("adopt").output == "The database fits as it is.\n"


def _columns(place: Place, table: str) -> list[str]:
    if place.dialect == "sqlite":
        return [row[1] for row in place.run(f"pragma table_info({table})")]
    scope = "current_schema()" if place.dialect == "postgresql" else "database()"
    found = (
        f"select column_name from information_schema.columns where table_name = '{table}' and table_schema = {scope}"
    )
    return [row[0] for row in place.run(found)]
