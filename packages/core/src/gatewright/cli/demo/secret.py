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

    Demos that start together agree: the file appears with its content, and for one of them only.
    """
    path = database.with_name(f"{database.name}.secret")
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="ascii") as file:
            file.write(f"{secrets.token_urlsafe(SECRET_BYTES)}\n")
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # another demo was first; its secret is read below
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def keep_database_private(database: Path) -> None:
    """Create the database's file, readable by its owner only, where it is missing: it holds session tokens."""
    database.touch(mode=OWNER_ONLY, exist_ok=True)
