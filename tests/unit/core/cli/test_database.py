"""``migrate``, ``diff`` and ``generate`` show, add and write down what a database lacks."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console
from sqlalchemy import Select, create_engine, text
from typer.testing import CliRunner, Result

from gatewright.cli import database
from gatewright.cli.app import app

APPLICATION = """
from gatewright import Auth, Settings
from gatewright.ports.adapter import StoreUnavailable
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from sqlalchemy.ext.asyncio import create_async_engine

settings = Settings.load({
    "secret": "a-secret-of-more-than-thirty-two-characters",
    "base_url": "https://app.example.com",
    "social_providers": {"github": {"client_id": "i", "client_secret": "s"}},
})
auth = Auth(settings, SQLAlchemyAdapter.sqlite("app.db"))
memory = Auth(settings, MemoryAdapter())
gone = Auth(settings, SQLAlchemyAdapter(create_async_engine("postgresql+asyncpg://u:secret-word@127.0.0.1:1/x")))

class Lost(SQLAlchemyAdapter):
    async def apply_plan(self, schema, *, former={}, applied=None):
        def lost(step):
            applied(step)
            if step.name == "session":
                raise StoreUnavailable("the database is gone")
        await super().apply_plan(schema, former=former, applied=lost)

class Silent:
    def __init__(self, adapter):
        self._adapter = adapter
    def __getattr__(self, name):
        if name == "apply_plan":
            raise AttributeError(name)
        return getattr(self._adapter, name)

lost = Auth(settings, Lost.sqlite("app.db"))
silent = Auth(settings, Silent(SQLAlchemyAdapter.sqlite("app.db")))
number = 7
"""

NOW = {"now": "2026-01-01T00:00:00.000Z"}


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    name = f"application_{abs(hash(request.node.name))}"
    (tmp_path / f"{name}.py").write_text(APPLICATION)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    return name


def run(command: str, config: str, *arguments: str, answer: str | None = None) -> Result:
    # Each command is a process of its own, which imports the application anew.
    sys.modules.pop(config.partition(":")[0], None)
    return CliRunner().invoke(app, [command, "--config", config, *arguments], input=answer)


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as there:
        found = {row[0] for row in there.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    there.close()
    return found


def test_a_dry_run_shows_the_plan_and_does_nothing(module: str, tmp_path: Path) -> None:
    shown = run("migrate", f"{module}:auth", "--dry-run")
    assert shown.exit_code == 0
    assert "add table user" in shown.output
    assert "CREATE TABLE session" in shown.output
    assert tables(tmp_path / "app.db") == set()


def test_a_migration_asks_first(module: str, tmp_path: Path) -> None:
    assert run("migrate", f"{module}:auth", answer="n\n").exit_code == 1
    assert tables(tmp_path / "app.db") == set()
    assert run("migrate", f"{module}:auth", answer="y\n").exit_code == 0
    assert tables(tmp_path / "app.db") >= {"user", "session", "account", "verification"}


def test_a_migrated_database_lacks_nothing(module: str, tmp_path: Path) -> None:
    missing = run("diff", f"{module}:auth", "--json")
    assert missing.exit_code == 1
    first = json.loads(missing.output)["lacking"][0]
    assert (first["kind"], set(first)) == ("table", {"kind", "table", "name", "sql"})
    assert run("migrate", f"{module}:auth", "--yes").exit_code == 0
    same = run("diff", f"{module}:auth", "--json")
    assert (same.exit_code, json.loads(same.output)) == (0, {"lacking": []})
    assert run("migrate", f"{module}:auth").output == "The database has everything.\n"


def test_only_what_is_missing_is_added(module: str, tmp_path: Path) -> None:
    run("migrate", f"{module}:auth", "--yes")
    with sqlite3.connect(tmp_path / "app.db") as there:
        there.execute("DROP INDEX session_userId_idx")
        there.execute("ALTER TABLE user DROP COLUMN image")
        there.execute("CREATE TABLE theirs (x)")
    there.close()
    found = json.loads(run("diff", f"{module}:auth", "--json").output)["lacking"]
    assert [(step["kind"], step["table"], step["name"]) for step in found] == [
        ("column", "user", "image"),
        ("index", "session", "session_userId_idx"),
    ]


def test_a_migration_says_what_it_has_done(module: str) -> None:
    lines = run("migrate", f"{module}:auth", "--yes").output.splitlines()
    done = [line for line in lines if line.startswith("added ")]
    assert done[:2] == ["added table user", "added index user.user_email_uidx"]
    assert lines[-1] == f"Done: {len(done)} statements."
    with sqlite3.connect("app.db") as there:
        there.execute("DROP INDEX session_userId_idx")
    there.close()
    again = run("migrate", f"{module}:auth", "--yes").output.splitlines()
    assert again[-2:] == ["added index session.session_userId_idx", "Done: 1 statements."]


def test_a_migration_that_prints_json_prints_nothing_else(module: str) -> None:
    told = run("migrate", f"{module}:auth", "--yes", "--json")
    assert set(json.loads(told.stdout)) == {"lacking"}
    assert told.stderr == f"Done: {len(json.loads(told.stdout)['lacking'])} statements.\n"


def test_a_terminal_sees_a_bar(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def terminal(*, stderr: bool = False, quiet: bool = False) -> Console:
        return Console(force_terminal=True, width=80, stderr=stderr, quiet=quiet)

    monkeypatch.setattr(database, "Console", terminal)
    shown = run("migrate", f"{module}:auth", "--yes").output
    assert "━" in shown
    assert "added table" not in shown
    assert "━" not in run("migrate", f"{module}:auth", "--yes", "--json").output


def test_an_adapter_that_tells_nothing_is_migrated_as_well(module: str, tmp_path: Path) -> None:
    done = run("migrate", f"{module}:silent", "--yes")
    assert (done.exit_code, "added" in done.output) == (0, False)
    assert tables(tmp_path / "app.db") >= {"user", "session", "account", "verification"}


def test_a_database_lost_halfway_through_a_migration_is_as_it_was(module: str, tmp_path: Path) -> None:
    lost = run("migrate", f"{module}:lost", "--yes")
    assert lost.exit_code == 3
    assert lost.stderr == "gatewright: the database is gone\n"
    assert "added table user" in lost.stdout
    assert "Done" not in lost.stdout
    assert tables(tmp_path / "app.db") == set()
    assert run("migrate", f"{module}:auth", "--yes").exit_code == 0


def test_rows_that_are_there_twice_end_a_migration(module: str, tmp_path: Path) -> None:
    run("migrate", f"{module}:auth", "--yes")
    with sqlite3.connect(tmp_path / "app.db") as there:
        there.execute("DROP INDEX session_userId_idx")
        there.execute("DROP INDEX account_issuer_accountId_uidx")
        there.execute("ALTER TABLE user DROP COLUMN image")
        there.execute(
            "INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt)"
            " VALUES ('u', 'Ada', 'ada@example.com', 1, '2026-01-01', '2026-01-01')"
        )
        for each in ("a", "b"):
            there.execute(
                "INSERT INTO account (id, accountId, providerId, issuer, userId, createdAt, updatedAt)"
                " VALUES (?, 'same', 'github', 'local:oauth:github', 'u', '2026-01-01', '2026-01-01')",
                (each,),
            )
    there.close()
    before = run("diff", f"{module}:auth", "--json").output
    ended = run("migrate", f"{module}:auth", "--yes")
    assert ended.exit_code == 1
    assert ended.stderr == "gatewright: an index that is unique cannot be made: rows are there twice\n"
    assert run("diff", f"{module}:auth", "--json").output == before
    with sqlite3.connect(tmp_path / "app.db") as there:
        there.execute("DELETE FROM account WHERE id = 'b'")
    there.close()
    assert run("migrate", f"{module}:auth", "--yes").exit_code == 0


@pytest.mark.parametrize(
    ("dialect", "part"),
    [
        ("sqlite", '"expiresAt" DATE NOT NULL'),
        ("postgresql", '"expiresAt" TIMESTAMP WITH TIME ZONE NOT NULL'),
        ("mysql", "`expiresAt` DATETIME(3) NOT NULL"),
        ("mariadb", "token VARCHAR(255) COLLATE utf8mb4_nopad_bin NOT NULL"),
    ],
)
def test_sql_is_written_for_each_dialect(module: str, dialect: str, part: str) -> None:
    written = run("generate", f"{module}:auth", "--dialect", dialect)
    assert written.exit_code == 0
    assert part in written.output


def test_a_generated_script_makes_what_a_migration_makes(module: str, tmp_path: Path) -> None:
    script = run("generate", f"{module}:memory", "--output", "schema.sql")
    assert script.output == "schema.sql\n"
    with sqlite3.connect("app.db") as there:
        there.executescript(Path("schema.sql").read_text())
    there.close()
    assert run("diff", f"{module}:auth").exit_code == 0
    again = run("generate", f"{module}:memory", "--output", "schema.sql")
    assert (again.exit_code, "is there already" in again.output) == (2, True)


def test_a_d1_migration_takes_the_next_number(module: str, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0007_theirs.sql").touch()
    written = run("generate", f"{module}:auth", "--format", "d1", "--output", "migrations")
    assert written.output == f"{Path('migrations') / '0008_gatewright.sql'}\n"
    assert (folder / "0008_gatewright.sql").read_text().startswith("CREATE TABLE")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), {"format": "sql", "dialect": "sqlite"}),
        (("--dialect", "mysql"), {"format": "sql", "dialect": "mysql"}),
        (("--format", "d1", "--dialect", "mysql"), {"format": "d1", "dialect": "sqlite"}),
        (("--format", "sqlalchemy", "--dialect", "postgresql"), {"format": "sqlalchemy", "dialect": "postgresql"}),
    ],
)
def test_what_was_generated_is_told_as_json(module: str, arguments: tuple[str, ...], told: dict[str, str]) -> None:
    text = run("generate", f"{module}:memory", *arguments).stdout
    printed = run("generate", f"{module}:memory", *arguments, "--json")
    assert json.loads(printed.stdout) == {**told, "text": text}
    written = run("generate", f"{module}:memory", *arguments, "--output", "made", "--json")
    assert json.loads(written.stdout) == {**told, "files": ["made"]}
    assert Path("made").read_text() == text


def test_a_file_that_cannot_be_written_is_a_wrong_call(module: str) -> None:
    refused = run("generate", f"{module}:memory", "--output", "nowhere/schema.sql", "--json")
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert refused.stderr == f"gatewright: {Path('nowhere/schema.sql')}: No such file or directory\n"


def test_models_are_queried_as_the_documentation_does(module: str, tmp_path: Path) -> None:
    run("generate", f"{module}:memory", "--format", "sqlalchemy", "--output", "gatewright_models.py")
    page = (Path(__file__).parents[4] / "docs" / "databases.md").read_text(encoding="utf-8")
    (block,) = (
        found for found in re.findall(r"```python[^\n]*\n(.*?)```", page, re.DOTALL) if "gatewright_models" in found
    )
    sys.path.insert(0, str(tmp_path))
    names: dict[str, object] = {}
    exec(compile(block, "databases.md", "exec"), names)
    del sys.modules["gatewright_models"]
    run("migrate", f"{module}:auth", "--yes")
    engine = create_engine("sqlite:///app.db")
    with engine.connect() as connection:
        connection.execute(
            text(
                "INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt)"
                " VALUES ('u', 'Ada', 'ada@example.com', 1, :now, :now)"
            ),
            NOW,
        )
        connection.execute(
            text(
                "INSERT INTO session (id, expiresAt, token, createdAt, updatedAt, userId)"
                " VALUES ('s', :now, 't', :now, :now, 'u')"
            ),
            NOW,
        )
        found = connection.execute(cast("Select[tuple[datetime]]", names["sessions_of_ada"])).scalars().all()
    engine.dispose()
    assert found == [datetime(2026, 1, 1, tzinfo=UTC)]


def test_an_alembic_revision_is_python(module: str) -> None:
    written = run("generate", f"{module}:auth", "--format", "alembic", "--down-revision", "abc")
    compile(written.output, "revision.py", "exec")
    assert "down_revision = 'abc'" in written.output
    assert "op.execute(sa.text(" in written.output


@pytest.mark.parametrize("config", ["nowhere:auth", "{}", "{}:nobody", "{}:number", ":auth"])
def test_an_address_of_no_instance_is_a_wrong_call(module: str, config: str) -> None:
    for command in ("migrate", "diff", "generate", "info"):
        assert run(command, config.format(module)).exit_code == 2


def test_a_store_without_tables_is_a_wrong_call(module: str) -> None:
    refused = run("diff", f"{module}:memory")
    assert (refused.exit_code, "MemoryAdapter keeps no tables" in refused.output) == (2, True)


def test_a_database_that_does_not_answer_is_an_exit_code_of_its_own(module: str) -> None:
    refused = run("migrate", f"{module}:gone", "--yes")
    assert refused.exit_code == 3
    assert "secret-word" not in refused.output


@pytest.mark.parametrize("command", ["migrate", "diff", "adopt"])
def test_each_command_tells_a_database_that_is_gone(module: str, command: str) -> None:
    assert run(command, f"{module}:gone").exit_code == 3


@pytest.mark.parametrize(
    ("command", "codes"),
    [("migrate", "0123"), ("diff", "0123"), ("adopt", "0123"), ("generate", "02")],
)
def test_the_help_tells_the_exit_codes(command: str, codes: str) -> None:
    told = " ".join(CliRunner().invoke(app, [command, "--help"]).output.split())
    assert re.findall(r"(?:: |; )(\d) ", told.partition("Exit codes")[2]) == list(codes)


def test_info_tells_what_providers_and_browsers_have_to_know(module: str) -> None:
    told = json.loads(run("info", f"{module}:memory", "--json").output)
    assert told["baseURL"] == "https://app.example.com/api/auth"
    assert told["callbackURLs"] == {"github": "https://app.example.com/api/auth/callback/github"}
    assert told["cookies"]["__Secure-better-auth.session_token"] == (
        "Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax"
    )
    assert told["tables"]["session"][:2] == ["expiresAt", "token"]
    shown = run("info", f"{module}:memory")
    assert "https://app.example.com/api/auth/callback/github" in shown.output
