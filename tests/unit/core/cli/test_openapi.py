"""``openapi`` writes the document of an instance that serves none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import validate
from tests.unit.core.cli.application import run, write_application


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    return write_application(tmp_path)


def test_the_document_is_printed_whole(module: str) -> None:
    told = run("openapi", "--config", f"{module}:auth")
    document = json.loads(told.output)
    validate(document)
    assert (told.exit_code, document["servers"][0]["url"]) == (
        0,
        "https://app.example.com/api/auth",
    )
    assert {"/sign-in/email", "/admin/list-users"} <= set(document["paths"])


def test_a_file_is_written_once_unless_it_is_to_be_replaced(module: str, tmp_path: Path) -> None:
    command = ("openapi", "--config", f"{module}:auth", "--output", "openapi.json")
    first = run(*command, "--json")
    assert (first.exit_code, json.loads(first.output)) == (0, {"file": "openapi.json"})
    written = (tmp_path / "openapi.json").read_text()
    (tmp_path / "openapi.json").write_text("mine")
    again = run(*command)
    assert (again.exit_code, again.output) == (2, "gatewright: openapi.json is there already\n")
    assert (tmp_path / "openapi.json").read_text() == "mine"
    assert run(*command, "--force").output == "openapi.json\n"
    assert (tmp_path / "openapi.json").read_text() == written


def test_a_file_that_cannot_be_written_is_said_in_one_line(module: str) -> None:
    told = run("openapi", "--config", f"{module}:auth", "--output", "no/such/folder.json")
    assert (told.exit_code, told.output) == (2, "gatewright: no/such/folder.json: No such file or directory\n")
