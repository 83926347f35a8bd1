"""Generated SQLAlchemy models are the tables that a migration makes, and read what Gatewright wrote."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import anyio
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session as ORMSession

from gatewright.auth import Auth
from gatewright.plugins import Admin, ApiKey, Organization, OrganizationOptions, TwoFactor
from gatewright.settings import Settings
from gatewright.testing.app import SECRET
from gatewright.testing.browser import Browser
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter, target_metadata
from gatewright_adapters.sqlalchemy.definitions import DialectName, definitions
from gatewright_adapters.sqlalchemy.lacking import Live, lacking
from gatewright_adapters.sqlalchemy.models import models_source
from gatewright_adapters.sqlalchemy.transports.sqlite import sqlite_dialect

Models: TypeAlias = Callable[[Auth[Any], Any], Any]
FIELDS = {"tags": {"type": "string[]", "required": False}, "score": {"type": "number", "required": False}}
RESERVED = {"additional_fields": {"returning": {"type": "string", "required": False}}, "model_name": "nothing"}


def instance(path: Path) -> Auth[Any]:
    options = {
        "secret": SECRET,
        "base_url": "http://localhost:3000",
        "email_and_password": {"enabled": True},
        "user": {"additional_fields": FIELDS},
    }
    teams = OrganizationOptions.model_validate({"teams": {"enabled": True}})
    plugins = [Admin(), ApiKey(), TwoFactor(), Organization(teams)]
    return Auth[Any](Settings.load(options), SQLAlchemyAdapter.sqlite(path), plugins=plugins)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Models:
    """Writes the module and imports it."""

    def written(auth: Auth[Any], dialect: DialectName) -> Any:
        (tmp_path / "generated_models.py").write_text(models_source(auth.tables, dialect))
        monkeypatch.setattr("sys.path", [str(tmp_path), *sys.path])
        importlib.invalidate_caches()
        monkeypatch.delitem(sys.modules, "generated_models", raising=False)
        return importlib.import_module("generated_models")

    return written


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql", "mariadb"])
def test_the_models_describe_what_a_migration_makes(dialect: Any, tmp_path: Path, models: Models) -> None:
    auth = instance(tmp_path / "app.db")
    made = models(auth, dialect).Base.metadata
    assert set(made.tables) == set(target_metadata(auth.tables, dialect).tables)
    for table in made.tables.values():
        ours = target_metadata(auth.tables, dialect).tables[table.name]
        assert [(c.name, repr(c.type), c.nullable, c.primary_key) for c in table.columns if dialect != "sqlite"] == [
            (c.name, repr(c.type), c.nullable, c.primary_key) for c in ours.columns if dialect != "sqlite"
        ]
        assert {str(each.target_fullname) for each in table.foreign_keys} == {
            str(each.target_fullname) for each in ours.foreign_keys
        }


def test_the_models_make_the_same_tables_of_sqlite(tmp_path: Path, models: Models) -> None:
    auth = instance(tmp_path / "app.db")
    made = lacking(models(auth, "sqlite").Base.metadata, Live({}, {}), sqlite_dialect())
    assert {step.name: step.sql for step in made} == {
        step.name: step.sql for step in definitions(auth.tables, "sqlite")
    }


def test_the_models_read_and_write_rows_of_a_running_instance(tmp_path: Path, models: Models) -> None:
    auth = instance(tmp_path / "app.db")

    async def sign_up() -> None:
        await auth.create_tables()
        async with auth:
            user = {"name": "Ada", "email": "ada@example.com", "password": "password-1234", "tags": ["a", "b"]}
            assert (await Browser(auth).post("/sign-up/email", user)).status == 200

    anyio.run(sign_up)
    generated = models(auth, "sqlite")
    engine = create_engine(f"sqlite:///{tmp_path / 'app.db'}")
    with ORMSession(engine) as session:
        user = session.scalars(select(generated.User)).one()
        assert (user.email, user.email_verified, user.tags, user.score) == ("ada@example.com", False, ["a", "b"], None)
        assert user.created_at.tzinfo is not None
        user.ban_expires = datetime(2026, 1, 1, tzinfo=UTC)
        user.email_verified = True
        session.commit()
        session.refresh(user)
        assert (user.ban_expires, user.email_verified) == (datetime(2026, 1, 1, tzinfo=UTC), True)
    engine.dispose()


def test_reserved_names_are_quoted_as_a_migration_quotes_them(tmp_path: Path, models: Models) -> None:
    options = {
        "secret": SECRET,
        "base_url": "http://localhost:3000",
        "email_and_password": {"enabled": True},
        "session": RESERVED,
    }
    auth = Auth[Any](Settings.load(options), SQLAlchemyAdapter.sqlite(tmp_path / "app.db"))
    generated = models(auth, "sqlite")
    engine = create_engine(f"sqlite:///{tmp_path / 'app.db'}")
    generated.Base.metadata.create_all(engine)

    async def run() -> str:
        async with auth:  # which looks whether everything is there
            ada = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
            return str((await Browser(auth).post("/sign-up/email", ada)).json["token"])

    token = anyio.run(run)
    with ORMSession(engine) as session:
        (row,) = session.scalars(select(generated.Session)).all()
    assert (row.token, row.returning) == (token, None)
