"""``init``: writes a working application for one framework, with a secret of its own.

Files that are there already are left alone, all of them: nothing is written unless everything can be. Exit codes: 0 done;
2 the call is wrong, or a file is there already.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import typer

from gatewright.cli.database import AsJson
from gatewright.cli.secret import fresh_secret
from gatewright.cli.stopping import stop

__all__ = ("init",)

Framework = Literal["fastapi", "quart", "sanic"]

ADDRESS = "http://localhost:8000"
OWNER_ONLY = 0o600
IGNORED = ".env\napp.db*\n__pycache__/\n.venv/\n"
NEXT = ("pip install -r requirements.txt", "gatewright migrate --config auth:auth", "python app.py")
"""What to type then, in the folder."""

_NAME = re.compile(r"[\w][\w .-]*")


def init(
    folder: Annotated[Path, typer.Argument(help="Where to; made where it is missing.", file_okay=False)] = Path(),
    framework: Annotated[Framework, typer.Option(help="Whose application.")] = "fastapi",
    name: Annotated[str, typer.Option(help="The application's name; the folder's where it is not given.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write a working application: the instance, an application around it, a secret and what it needs installed."""
    called = name or folder.resolve().name
    if not _NAME.fullmatch(called):
        stop(f"{called!r} is no name of letters, digits, spaces, dots and dashes: say one with --name")
    written = _write(folder, _contents(framework, called))
    if as_json:
        typer.echo(json.dumps({"framework": framework, "files": written, "next": NEXT}, indent=2))
        return
    for path in written:
        typer.echo(path)
    steps = NEXT if folder.resolve() == Path.cwd() else (f"cd {folder}", *NEXT)
    typer.echo("\nThen:\n" + "\n".join(f"  {step}" for step in steps))


def _contents(framework: Framework, name: str) -> Mapping[str, str]:
    """File by file what is written; the secret's is readable by its owner only."""
    starter = files("gatewright.cli").joinpath("starter")

    def text(file: str) -> str:
        return starter.joinpath(f"{file}.py.txt").read_text(encoding="utf-8").replace("@NAME@", name)

    server = ("uvicorn",) if framework == "fastapi" else ()
    needed = (
        "gatewright[cli]",
        "gatewright-adapters[sqlalchemy,sqlite]",
        f"gatewright-integrations[{framework}]",
        "python-dotenv",
        *server,
    )
    return {
        ".env": f"BETTER_AUTH_SECRET={fresh_secret()}\nBETTER_AUTH_URL={ADDRESS}\n",
        ".gitignore": IGNORED,
        "app.py": text(framework),
        "auth.py": text("auth"),
        "requirements.txt": "".join(f"{each}\n" for each in needed),
    }


def _write(folder: Path, contents: Mapping[str, str]) -> list[str]:
    """The files that were written; all of them, or none where one is there already."""
    there = [name for name in contents if (folder / name).exists()]
    if there:
        stop(f"{folder} has {', '.join(there)} already: nothing was written")
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in contents.items():
            mode = OWNER_ONLY if name == ".env" else 0o666  # less what the user's mask takes away
            path = folder / name
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
                made.append(path)
                file.write(text)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        stop(f"{folder}: {error.strerror}")
    return [str(path) for path in made]
