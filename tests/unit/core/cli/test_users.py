"""``users create-admin`` makes the first administrator, and nobody sees the password who should not."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.core.cli.application import run, write_application
from typer.testing import Result

PASSWORD = "a-long-password"
ADA = ("--email", "Ada@Example.com", "--name", "Ada")


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    name = write_application(tmp_path)
    assert run("migrate", "--config", f"{name}:auth", "--yes").exit_code == 0
    return name


def create(module: str, *arguments: str, answer: str | None = None, instance: str = "auth") -> Result:
    return run("users", "create-admin", "--config", f"{module}:{instance}", *arguments, answer=answer)


def stored(tmp_path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(tmp_path / "app.db") as there:
        found = list(there.execute("SELECT email, name, role, emailVerified FROM user ORDER BY email"))
    there.close()
    return found


def test_the_password_is_asked_for_twice_and_not_shown(module: str, tmp_path: Path) -> None:
    told = create(module, *ADA, answer=f"{PASSWORD}\n{PASSWORD}\n")
    assert told.exit_code == 0, told.output
    assert "Created ada@example.com" in told.output
    assert PASSWORD not in told.output
    assert stored(tmp_path) == [("ada@example.com", "Ada", "admin", 1)]


def test_the_administrator_signs_in_with_the_password_that_was_drawn(module: str) -> None:
    told = json.loads(create(module, *ADA, "--draw", "--json").output)
    assert (told["email"], told["role"], told["created"], len(told["password"])) == (
        "ada@example.com",
        "admin",
        True,
        24,
    )
    signing_in = (
        "import sys, anyio, importlib\n"
        "auth = importlib.import_module(sys.argv[1]).auth\n"
        "async def main():\n"
        "    async with auth:\n"
        "        print((await auth.api.sign_in_email(email='ada@example.com', password=sys.argv[2])).user.id)\n"
        "anyio.run(main)\n"
    )
    answer = _python(signing_in, module, told["password"])
    assert answer.strip() == told["id"]


def test_the_password_comes_from_standard_input_for_scripts(module: str) -> None:
    told = create(module, *ADA, "--password-stdin", "--json", answer=f"{PASSWORD}\n")
    assert (told.exit_code, json.loads(told.output)["created"]) == (0, True)
    assert PASSWORD not in told.output


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("short", "gatewright: Password too short: at least 8 characters\n"),
        ("x" * 129, "gatewright: Password too long: at most 128 characters\n"),
    ],
)
def test_a_password_that_nobody_may_have_is_refused(module: str, tmp_path: Path, password: str, told: str) -> None:
    refused = create(module, *ADA, "--password-stdin", answer=f"{password}\n")
    assert (refused.exit_code, refused.output, stored(tmp_path)) == (1, told, [])


def test_an_address_that_is_taken_is_left_alone_unless_it_is_promoted(module: str, tmp_path: Path) -> None:
    create(module, *ADA, "--draw")
    with sqlite3.connect(tmp_path / "app.db") as there:
        there.execute("UPDATE user SET role = 'user'")
    there.close()
    refused = create(module, *ADA, "--draw")
    assert (refused.exit_code, "--promote" in refused.output) == (1, True)
    assert stored(tmp_path)[0][2] == "user"
    promoted = create(module, "--email", "ada@example.com", "--promote", "--json")
    assert (promoted.exit_code, json.loads(promoted.output)["created"]) == (0, False)
    assert stored(tmp_path) == [("ada@example.com", "Ada", "user,admin", 1)]
    assert create(module, "--email", "ada@example.com", "--promote").exit_code == 0
    assert stored(tmp_path)[0][2] == "user,admin"


def test_nobody_is_promoted_who_is_not_there(module: str) -> None:
    told = create(module, "--email", "nobody@example.com", "--promote")
    assert (told.exit_code, told.output) == (1, "gatewright: nobody has the address nobody@example.com\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--role", "user", "--draw"), "user is no role of administrators; they are: admin"),
        (("--draw", "--promote"), "--promote leaves the password alone"),
        (("--draw", "--password-stdin"), "--password-stdin and --draw exclude each other"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(module: str, arguments: tuple[str, ...], told: str) -> None:
    refused = create(module, *ADA, *arguments)
    assert (refused.exit_code, refused.output) == (2, f"gatewright: {told}\n")


def test_an_address_that_is_none_is_refused(module: str) -> None:
    told = create(module, "--email", "nonsense", "--draw")
    assert (told.exit_code, told.output) == (1, "gatewright: Invalid email\n")


def test_an_instance_without_the_plugin_has_no_administrators(module: str) -> None:
    told = create(module, *ADA, "--draw", instance="plain")
    assert (told.exit_code, told.output) == (
        2,
        "gatewright: the instance has no admin plugin: Auth(..., plugins=[Admin()])\n",
    )


def test_a_database_that_does_not_answer_is_said_without_its_password(module: str) -> None:
    told = create(module, *ADA, "--draw", instance="gone")
    assert told.exit_code == 3
    assert "secret-word" not in told.output


def _python(code: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["", *sys.path])}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, env=environment
    ).stdout
