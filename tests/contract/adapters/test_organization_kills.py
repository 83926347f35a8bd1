"""What is killed at any moment leaves no organization without an owner, no stray member and no wrong count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_two_hundred_kills_leave_every_organization_with_an_owner(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed.py")), str(tmp_path / "app.db"), str(ROUNDS)],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    left = json.loads(ended.stdout)
    assert left.pop("organizations") >= ROUNDS // 2
    assert left == {"killed": ROUNDS, "ownerless": 0, "stray": 0, "uneven": 0}
