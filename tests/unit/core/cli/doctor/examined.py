"""Instances to examine, and what a check says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.unit.core.cli.application import OPTIONS

from gatewright.auth import Auth
from gatewright.cli.doctor.finding import Check, Subject
from gatewright.plugins.base import Plugin
from gatewright.settings import Settings
from gatewright_adapters.memory import MemoryAdapter

__all__ = ("SOUND", "said", "subject")

SOUND: dict[str, Any] = {
    **OPTIONS,
    "production": True,
    "advanced": {"proxy": "nginx"},
    "rate_limit": {"storage": "database"},
}
"""Options that no check has anything to say about, but for senders."""


def subject(
    options: dict[str, Any] | None = None, *, plugins: Sequence[Plugin[Any]] = (), workers: int = 1, **more: Any
) -> Subject:
    """An instance with the sound options and these."""
    settings = Settings.load({**SOUND, **(options or {})})
    return Subject(Auth(settings, more.pop("adapter", MemoryAdapter()), plugins=plugins, **more), workers)


def said(check: Check, examined: Subject) -> list[tuple[str, str]]:
    """Levels and sentences; every finding says what to do, in one sentence or two."""
    found = list(check(examined))
    assert all(each.told.endswith(".") and each.remedy.endswith(".") for each in found)
    return [(each.level, each.told) for each in found]
