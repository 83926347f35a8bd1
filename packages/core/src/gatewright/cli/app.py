"""The commands, with Typer and Rich; what they do lives beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gatewright.cli.adopt import CODES as ADOPTION_CODES
from gatewright.cli.adopt import adopt
from gatewright.cli.database import CODES, diff, generate, migrate
from gatewright.cli.doctor import doctor
from gatewright.cli.info import info
from gatewright.cli.init import init
from gatewright.cli.openapi import openapi
from gatewright.cli.secret import secret
from gatewright.cli.users import users

__all__ = ("app",)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Authentication for Python backends.",
    pretty_exceptions_show_locals=False,  # there are secrets and passwords among them
)

_CODES = {**CODES, "adopt": ADOPTION_CODES}
for each in (init, secret, migrate, diff, adopt, generate, info, doctor, openapi):
    codes = _CODES.get(each.__name__)
    app.command(epilog=codes and f"Exit codes: {codes}")(each)
app.add_typer(users, name="users")

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Database = Annotated[Path, typer.Option(help="SQLite file, created where it is missing.", dir_okay=False)]


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000, database: Database = Path("gatewright-demo.db")) -> None:
    """Serve a page to try: sign up, sign in, and look after sessions, on a SQLite file."""
    from gatewright.cli.demo.server import serve  # noqa: PLC0415 (loads FastAPI and SQLAlchemy)

    serve(host, port, database, Console())
