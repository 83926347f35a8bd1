"""``doctor`` asks the database too, and its exit code says how bad it is."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.unit.core.cli.application import run, write_application
from typer.testing import Result


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*sys.path])
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    return write_application(tmp_path, advanced={"proxy": "nginx"}, rate_limit={"storage": "database"})


def examine(module: str, *arguments: str, instance: str = "auth") -> tuple[Result, list[tuple[str, str]]]:
    told = run("doctor", "--config", f"{module}:{instance}", "--json", *arguments)
    findings: list[dict[str, Any]] = json.loads(told.output)["findings"]
    assert all(set(each) == {"level", "check", "told", "remedy"} for each in findings)
    return told, [(each["level"], each["check"]) for each in findings]


SENDERS = [("warning", "senders"), ("note", "senders")]


def test_a_database_without_tables_is_a_problem_and_one_with_them_is_not(module: str) -> None:
    told, found = examine(module)
    assert (told.exit_code, found) == (1, [("problem", "schema"), *SENDERS])
    assert run("migrate", "--config", f"{module}:auth", "--yes").exit_code == 0
    told, found = examine(module)
    assert (told.exit_code, found) == (0, SENDERS)


def test_warnings_count_where_it_is_strict(module: str) -> None:
    run("migrate", "--config", f"{module}:auth", "--yes")
    assert examine(module, "--strict")[0].exit_code == 1


def test_an_index_that_is_missing_is_a_warning(module: str, tmp_path: Path) -> None:
    run("migrate", "--config", f"{module}:auth", "--yes")
    with sqlite3.connect(tmp_path / "app.db") as there:
        there.execute('DROP INDEX "session_userId_idx"')
    there.close()
    told, found = examine(module)
    assert (told.exit_code, sorted(found)) == (0, sorted([("warning", "schema"), *SENDERS]))


@pytest.mark.parametrize(("ahead", "found"), [(30, []), (600, [("problem", "clock")])])
def test_a_session_of_the_future_shows_a_clock_that_is_wrong(
    module: str, tmp_path: Path, ahead: int, found: list[tuple[str, str]]
) -> None:
    run("migrate", "--config", f"{module}:auth", "--yes")
    created = (datetime.now(UTC) + timedelta(seconds=ahead)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with sqlite3.connect(tmp_path / "app.db") as there:
        there.execute(
            'INSERT INTO user (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES (?, ?, ?, 0, ?, ?)',
            ("u", "Ada", "ada@example.com", created, created),
        )
        there.execute(
            'INSERT INTO session (id, token, "userId", "createdAt", "updatedAt", "expiresAt") VALUES (?, ?, ?, ?, ?, ?)',
            ("s", "t", "u", created, created, created),
        )
    there.close()
    told, seen = examine(module)
    assert [each for each in seen if each not in SENDERS] == found, told.output


def test_a_database_that_does_not_answer_is_3_and_the_rest_is_said_all_the_same(module: str) -> None:
    told, found = examine(module, instance="gone")
    assert (told.exit_code, found) == (3, [("problem", "store"), *SENDERS])
    assert "secret-word" not in told.output


def test_the_number_of_processes_is_an_argument_or_the_servers_own_variable(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ("problem", "workers") in examine(module, "--workers", "4", instance="plain")[1]
    assert ("warning", "workers") in examine(module, instance="plain")[1]
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    assert ("problem", "workers") in examine(module, instance="plain")[1]


def test_a_deployment_that_does_not_answer_is_3(module: str) -> None:
    run("migrate", "--config", f"{module}:auth", "--yes")
    told, found = examine(module, "--url", "http://127.0.0.1:1")
    assert (told.exit_code, found[0]) == (3, ("problem", "live"))


def test_an_address_that_is_none_is_a_wrong_call(module: str) -> None:
    assert run("doctor", "--config", f"{module}:auth", "--url", "nonsense").exit_code == 2


def test_people_are_shown_what_is_the_case_and_what_to_do(module: str) -> None:
    shown = run("doctor", "--config", f"{module}:auth").output
    assert "problem schema: The database lacks " in shown
    assert "Run `gatewright migrate`." in shown
    assert shown.splitlines()[-1] == "1 problem, 1 warning, 1 note"
