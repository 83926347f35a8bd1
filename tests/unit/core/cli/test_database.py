"""``migrate``, ``diff`` and ``generate`` show, add and write down what a database lacks."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gatewright.cli.app import app

APPLICATION = """
from gatewright import Auth, Settings
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
number = 7
"""


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
