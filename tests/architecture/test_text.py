"""What stands in the repository's files is about the product: no machine's paths, no numbers of a tracker."""

from __future__ import annotations

import re

import pytest
from tests.architecture.source import ROOT, tracked

FOREIGN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.:/])/(?:work|farm|root|home/\w+|Users/\w+|tmp/\w+_jobs)/"),
    "the number of an issue": re.compile(r"\b(?:issue|pull request|PR|bug|ticket)s? ?#?\d+\b", re.IGNORECASE),
    "a reference into a tracker": re.compile(r"\b(?:closes|fixes|resolves|see) #\d+\b", re.IGNORECASE),
    "a package index": re.compile(r"--(?:extra-)?index-url|(?<!\w)registry ?= ?[\"']?http", re.IGNORECASE),
    "a merge conflict": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_holds_what_belongs_elsewhere(what: str) -> None:
    found: list[str] = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for match in FOREIGN[what].finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(ROOT).as_posix()}:{line}: {match.group()}")
    assert found == []


@pytest.mark.parametrize(
    ("what", "parts"),
    [
        ("a path of somebody's machine", ("run /home", "/ada/src/run.sh")),
        ("the number of an issue", ("as in issue ", "17")),
        ("a reference into a tracker", ("fixes #", "17")),
        ("a package index", ("pip install --index", "-url https://example.com")),
        ("a merge conflict", ("<<<<", "<<< main")),
    ],
)
def test_each_pattern_finds_what_it_is_for(what: str, parts: tuple[str, str]) -> None:
    """The examples stand in two parts, so that this file does not hold what it forbids."""
    assert FOREIGN[what].search("".join(parts)) is not None
