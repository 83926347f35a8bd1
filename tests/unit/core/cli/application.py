"""Writes an application for commands to find, and runs them as processes of their own would."""

from __future__ import annotations

import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from gatewright.cli.app import app

__all__ = ("OPTIONS", "run", "write_application")

OPTIONS = {
    "secret": "kX8w2mQ0pVbZr5NfT1sYhJc7LgUeAo3D",
    "base_url": "https://app.example.com",
    "production": True,
    "email_and_password": {"enabled": True},
}
"""A secret as it is drawn."""

_SOURCE = """
from gatewright import Auth, Settings
from gatewright.plugins import Admin, Organization
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from sqlalchemy.ext.asyncio import create_async_engine

settings = Settings.load({options!r})
auth = Auth(settings, SQLAlchemyAdapter.sqlite("app.db"), plugins=[Admin()])
plain = Auth(settings, MemoryAdapter())
gone = Auth(settings, SQLAlchemyAdapter(create_async_engine("postgresql+asyncpg://u:secret-word@127.0.0.1:1/x")), plugins=[Admin()])
"""


def write_application(folder: Path, **options: object) -> str:
    """The name of a module in ``folder`` with the instances ``auth``, ``plain`` and ``gone``."""
    name = f"application_{abs(hash(str(folder)))}"
    (folder / f"{name}.py").write_text(_SOURCE.format(options={**OPTIONS, **options}), encoding="utf-8")
    return name


def run(*arguments: str, answer: str | None = None) -> Result:
    """What a command says and exits with; modules are imported anew."""
    if "--config" in arguments:
        sys.modules.pop(arguments[arguments.index("--config") + 1].partition(":")[0], None)
    return CliRunner().invoke(app, arguments, input=answer)
