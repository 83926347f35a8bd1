"""A secret that could be guessed is said, and never shown."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.core.cli.doctor.examined import said, subject

from gatewright.cli.doctor.secret import secret
from gatewright.cli.secret import fresh_secret
from gatewright.settings.derived import MIN_SECRET

WEAK = [("problem", "The secret is too weak for production.")]
TYPED = [("warning", "The secret looks typed, not drawn: it is words of one kind of letter.")]


def _of(value: str, **more: Any) -> list[tuple[str, str]]:
    # Production would refuse to construct it: doctor looks at instances that are still at home.
    return said(secret, subject({"production": False, "secret": value, **more}))


@pytest.mark.parametrize("value", ["0123456789abcdef" * 4, "kX8w2mQ0pVbZr5NfT1sYhJc7LgUeAo3D"])
def test_a_drawn_secret_is_good(value: str) -> None:
    assert _of(value) == []


def test_what_the_command_draws_is_good() -> None:
    assert [_of(fresh_secret()) for _ in range(20)] == [[]] * 20


@pytest.mark.parametrize("value", ["short", "x" * 64, "abcabcabc" * 8])
def test_a_short_or_patterned_one_is_a_problem(value: str) -> None:
    assert _of(value) == WEAK


def test_the_published_default_is_a_problem() -> None:
    assert _of("better-auth-secret-12345678901234567890") == [
        ("problem", "The secret is the published default, which everybody knows.")
    ]


def test_words_are_a_warning() -> None:
    assert _of("correct-horse-battery-staple-and-more") == TYPED


def test_old_secrets_are_looked_at_too() -> None:
    versions = [{"version": 2, "value": fresh_secret()}, {"version": 1, "value": "old-and-short"}]
    assert _of("", secrets=versions) == [("warning", "An older secret that still opens what it closed is short.")]
    many = [{"version": number, "value": fresh_secret()} for number in range(5)]
    assert _of("", secrets=many) == [("note", "4 older secrets still open what they closed.")]


def test_nothing_of_a_secret_is_shown() -> None:
    for value in ("short", "correct-horse-battery-staple-and-more", "x" * MIN_SECRET):
        told = [
            each
            for finding in secret(subject({"production": False, "secret": value}))
            for each in (finding.told, finding.remedy)
        ]
        assert not any(value in each for each in told)
