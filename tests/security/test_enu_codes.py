"""Secrets are never compared letter by letter. Row ENU-12."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import gatewright

SECRET = re.compile(r"(signature|digest|hashed|mac|secret|otp|token|code|nonce|verifier|challenge)$")
NO_SECRETS = {"status_code", "exit_code"}
KNOWN = {
    # Tokens whose signed cookie has been verified before, or of two rows of the store: nobody guesses here.
    ("plugins/anonymous/hooks.py", "token != new"),
    ("plugins/multi_session/device.py", "newest[data.user.id] == data.session.token"),
    ("plugins/multi_session/endpoints.py", "data.session.token == call.input.session_token"),
    ("plugins/multi_session/endpoints.py", "me.session.token != token"),
    ("pipeline/session_reading.py", "cached.session.token == data.session.token"),
    ("pipeline/session_reading.py", "cached.session.token != token"),
    ("services/cached_sessions.py", "entry.token != add.token"),
    ("services/session_records.py", "session.token != token"),
    # Codes of errors, and the secret that everybody knows.
    ("protocols/oauth2/errors.py", "code == ''"),
    ("settings/derived.py", "current == _PUBLIC_SECRET"),
}


def comparisons() -> set[tuple[str, str]]:
    """Every ``==`` and ``!=`` of something that is called like a secret: the file, and the comparison."""
    root = Path(gatewright.__file__).parent
    found: set[tuple[str, str]] = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                continue
            names = [
                side.id if isinstance(side, ast.Name) else side.attr
                for side in (node.left, *node.comparators)
                if isinstance(side, ast.Name | ast.Attribute)
            ]
            if any(SECRET.search(name.lower()) and name not in NO_SECRETS for name in names):
                found.add((path.relative_to(root).as_posix(), ast.unparse(node)))
    return found


def test_enu_12_no_secret_is_compared_in_time_that_depends_on_it() -> None:
    assert comparisons() - KNOWN == set()


def test_enu_12_what_is_excepted_is_there() -> None:
    assert KNOWN - comparisons() == set()
