"""``secret`` prints what nobody had before."""

from __future__ import annotations

import base64
import json

from typer.testing import CliRunner

from gatewright.cli.app import app


def test_a_secret_is_32_fresh_bytes() -> None:
    printed = [CliRunner().invoke(app, ["secret"]).output.strip() for _ in range(2)]
    assert [len(base64.urlsafe_b64decode(f"{each}=")) for each in printed] == [32, 32]
    assert printed[0] != printed[1]


def test_a_secret_is_a_member_of_json() -> None:
    told = CliRunner().invoke(app, ["secret", "--json"])
    assert (told.exit_code, list(json.loads(told.output))) == (0, ["secret"])
    assert len(json.loads(told.output)["secret"]) == 43
