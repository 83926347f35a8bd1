"""The command ``gatewright``: above every room, imported by none.

The only place in this distribution that imports the adapters and the integrations, and only where a command runs; needs the
extra ``cli``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gatewright.auth import Auth

__all__ = ("COMMANDS", "main", "run")

NEEDED = ("typer", "rich", "uvicorn", "fastapi", "gatewright_adapters", "gatewright_integrations")
"""What the extra ``cli`` brings, as import names."""

COMMANDS = {
    "migrate": "Add to the database what it lacks.",
    "diff": "Show what the database lacks.",
    "adopt": "Bring a database of better-auth 1.4 up to date.",
    "generate": "Write down what creates every table.",
    "info": "Print the base URL, callback URLs, cookies and tables.",
    "doctor": "Look for what would go wrong in production.",
    "openapi": "Write the OpenAPI document.",
    "users create-admin": "Make a user who administers.",
}
"""The commands that are about one instance, with what they do."""


def main() -> None:
    """Run the command, or say which extra it needs and exit with 2."""
    _need_the_extra()
    from gatewright.cli.app import app  # noqa: PLC0415 (only where the extra is installed)

    app()


def run(auth: Auth[Any], command: str, arguments: Sequence[str]) -> None:
    """Run one of :data:`COMMANDS` for an instance at hand, as a framework's own command line does.

    Args:
        auth: The instance.
        command: Its name, in words where it belongs to a group.
        arguments: Beside ``--config``, as typed.

    Raises:
        SystemExit: Always, with the command's exit code.
    """
    _need_the_extra()
    from gatewright.cli.app import app  # noqa: PLC0415 (only where the extra is installed)
    from gatewright.cli.loading import HANDED, handed  # noqa: PLC0415 (likewise)

    with handed(auth):
        app([*command.split(), "--config", HANDED, *arguments], prog_name="gatewright")


def _need_the_extra() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"The gatewright command needs {', '.join(missing)}; install them with: pip install 'gatewright[cli]'\n"
        )
        raise SystemExit(2)
