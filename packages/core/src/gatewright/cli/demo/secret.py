"""Where the demo keeps its secret: a file beside the database that only its owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ("keep_database_private", "kept_secret")

OWNER_ONLY = 0o600
SECRET_BYTES = 32


def kept_secret(database: Path) -> str:
    """The secret of the demo on ``database``, made where there is none.

    Two demos that start together agree: the file is created exclusively, and who comes second reads it.
    """
    path = database.with_name(f"{database.name}.secret")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    fresh = secrets.token_urlsafe(SECRET_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{fresh}\n")
    return fresh


def keep_database_private(database: Path) -> None:
    """Create the database's file, readable by its owner only, where it is missing: it holds session tokens."""
    database.touch(mode=OWNER_ONLY, exist_ok=True)
