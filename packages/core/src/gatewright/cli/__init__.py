"""The command ``gatewright``: above every room, imported by none.

The only place in this distribution that imports the adapters and the integrations, and only where a command runs; needs the
extra ``cli``.
"""

import sys
from importlib.util import find_spec

__all__ = ("main",)

NEEDED = ("typer", "rich", "uvicorn", "fastapi", "gatewright_adapters", "gatewright_integrations")
"""What the extra ``cli`` brings, as import names."""


def main() -> None:
    """Run the command, or say which extra it needs and exit with 2."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"The gatewright command needs {', '.join(missing)}; install them with: pip install 'gatewright[cli]'\n"
        )
        raise SystemExit(2)
    from gatewright.cli.app import app  # noqa: PLC0415 (only where the extra is installed)

    app()
