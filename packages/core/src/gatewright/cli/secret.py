"""``secret``: a fresh secret, printed and kept nowhere.

Exit codes: 0 done.
"""

from __future__ import annotations

import json
import secrets

import typer

from gatewright.cli.database import AsJson

__all__ = ("fresh_secret", "secret")

SECRET_BYTES = 32


def secret(as_json: AsJson = False) -> None:
    """Print a fresh secret: 32 random bytes, base64url."""
    made = fresh_secret()
    typer.echo(json.dumps({"secret": made}) if as_json else made)


def fresh_secret() -> str:
    """32 random bytes, base64url without padding."""
    return secrets.token_urlsafe(SECRET_BYTES)
