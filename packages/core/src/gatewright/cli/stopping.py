"""How a command ends early, and what its exit codes mean."""

from __future__ import annotations

from typing import NoReturn

import typer

__all__ = ("FOUND", "UNAVAILABLE", "WRONG", "stop")

FOUND = 1
"""There was something to find, or what was asked for was declined or refused."""

WRONG = 2
"""The call is wrong."""

UNAVAILABLE = 3
"""The database, or the server that was to be asked, does not answer."""


def stop(reason: str, code: int = WRONG) -> NoReturn:
    """End the command with one line on standard error."""
    typer.echo(f"gatewright: {reason}", err=True)
    raise typer.Exit(code)
