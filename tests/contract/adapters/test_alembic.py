"""Alembic makes Gatewright's tables: from its own comparison with one line of ``env.py``, and from a generated revision."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from tests.contract.adapters import test_mariadb as mariadb
from tests.contract.adapters import test_postgres as postgres
from typer.testing import CliRunner

from gatewright.cli.app import app

command: Any = pytest.importorskip("alembic.command", reason="Alembic is not installed")
config: Any = pytest.importorskip("alembic.config", reason="Alembic is not installed")

APPLICATION = """
import json
import pathlib
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from gatewright import Auth, Settings
from gatewright.plugins import Admin, ApiKey, Jwt, Organization, OrganizationOptions, TwoFactor, Username
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

url, arguments = json.loads(pathlib.Path("database.json").read_text())
auth = Auth(
    Settings.load({"secret": "a-secret-of-more-than-thirty-two-characters", "base_url": "https://app.example.com"}),
    SQLAlchemyAdapter(create_async_engine(url, connect_args=arguments, poolclass=NullPool)),
    plugins=[Admin(), ApiKey(), Jwt(), TwoFactor(), Username(),
             Organization(OrganizationOptions.model_validate({"teams": {"enabled": True}}))],
)
"""

ENVIRONMENT = """
from alembic import context
from sqlalchemy import create_engine, text
from alembic_application import auth

from gatewright_adapters.sqlalchemy import target_metadata

with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    if schema := context.config.get_main_option("their_schema"):
        connection.execute(text(f"SET search_path TO {schema}"))
        connection.commit()
        connection.dialect.default_schema_name = schema
    # The one line:
    context.configure(connection, target_metadata=target_metadata(auth.tables, connection.dialect))
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
connection.engine.dispose()
"""

SCRIPT = '''"""${message}"""
import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

def upgrade() -> None:
    ${upgrades if upgrades else "pass"}

def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''


@pytest.fixture(params=["sqlite", "postgresql", "mysql"])
def alembic(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    dialect: str = request.param
    name = f"alembic_{secrets.token_hex(6)}"
    url, sync, arguments = f"sqlite+aiosqlite:///{tmp_path / 'app.db'}", f"sqlite:///{tmp_path / 'app.db'}", {}
    if dialect == "postgresql":
        pytest.importorskip("psycopg", reason="psycopg is not installed")
        if reason := asyncio.run(postgres.refusal()):
            pytest.skip(reason)
        url, arguments = postgres.URL, {"server_settings": {"search_path": name}}
        sync = make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        _administered(url, f"CREATE SCHEMA {name}")
    elif dialect == "mysql":
        if reason := asyncio.run(mariadb.refusal()):
            pytest.skip(reason)
        url = f"{mariadb.URL}/{name}"
        sync = make_url(url).set(drivername="mysql+pymysql").render_as_string(hide_password=False)
        _administered(mariadb.URL, f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENVIRONMENT)
    (folder / "script.py.mako").write_text(SCRIPT)
    (tmp_path / "alembic_application.py").write_text(APPLICATION)
    (tmp_path / "database.json").write_text(json.dumps([url, arguments]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [str(tmp_path), *sys.path])
    made = config.Config()
    made.set_main_option("script_location", str(folder))
    made.set_main_option("sqlalchemy.url", sync)
    if dialect == "postgresql":
        made.set_main_option("their_schema", name)
    yield made
    if dialect == "postgresql":
        _administered(url, f"DROP SCHEMA {name} CASCADE")
    elif dialect == "mysql":
        _administered(mariadb.URL, f"DROP DATABASE {name}")


def _administered(url: str, statement: str) -> None:
    async def run() -> None:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.begin() as connection:
            await connection.execute(text(statement))
        await engine.dispose()

    asyncio.run(run())


def gatewright(name: str, *arguments: str) -> Any:
    # Each command is a process of its own, which imports the application anew.
    sys.modules.pop("alembic_application", None)
    return CliRunner().invoke(app, [name, "--config", "alembic_application:auth", *arguments])


def versions() -> list[Path]:
    return sorted(Path("migrations/versions").glob("*.py"))


def test_autogenerate_makes_every_table_and_then_finds_nothing(alembic: Any) -> None:
    command.revision(alembic, "tables", autogenerate=True, rev_id="1")
    assert "op.create_table" in versions()[0].read_text()
    command.upgrade(alembic, "head")
    told = gatewright("diff", "--json")
    assert (told.exit_code, json.loads(told.stdout)) == (0, {"lacking": []})
    command.revision(alembic, "nothing", autogenerate=True, rev_id="2")
    assert "op." not in versions()[1].read_text().replace("from alembic import op", "")


def test_the_env_of_the_documentation_is_enough(alembic: Any) -> None:
    page = (Path(__file__).parents[3] / "docs" / "databases.md").read_text(encoding="utf-8")
    (block,) = (
        found for found in re.findall(r"```python[^\n]*\n(.*?)```", page, re.DOTALL) if "target_metadata" in found
    )
    if alembic.get_main_option("their_schema"):
        pytest.skip("the page does not keep the tables in a schema of their own")
    Path("migrations/env.py").write_text(block.replace("from auth import", "from alembic_application import"))
    command.revision(alembic, "tables", autogenerate=True, rev_id="1")
    command.upgrade(alembic, "head")
    told = gatewright("diff", "--json")
    assert (told.exit_code, json.loads(told.stdout)) == (0, {"lacking": []})


def test_a_generated_revision_makes_what_a_migration_makes(alembic: Any) -> None:
    url = make_url(alembic.get_main_option("sqlalchemy.url"))
    dialect = url.get_backend_name()
    if dialect == "mysql":
        engine = create_engine(url)
        with engine.connect() as connection:
            dialect = "mariadb" if connection.dialect.is_mariadb else "mysql"  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
        engine.dispose()
    arguments = ("--format", "alembic", "--dialect", dialect, "--output", "migrations/versions")
    assert gatewright("generate", *arguments).exit_code == 0
    command.upgrade(alembic, "head")
    told = gatewright("diff", "--json")
    assert (told.exit_code, json.loads(told.stdout)) == (0, {"lacking": []})
