"""What checks say, and what they look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from gatewright.auth import Auth
from gatewright.services.plan import Plan
from gatewright.settings import Settings

__all__ = ("LOCAL", "Check", "Finding", "Level", "Subject", "note", "problem", "warning")

Level: TypeAlias = Literal["problem", "warning", "note"]
"""``problem``: it fails, or is unsafe. ``warning``: it will, in circumstances that are likely. ``note``: worth knowing."""

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that only the developer's machine reaches."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    Attributes:
        level: How much it matters.
        check: Which check found it, ``cookies``.
        told: What is the case, one sentence; never a secret.
        remedy: What to do about it, one sentence.
    """

    level: Level
    check: str
    told: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Subject:
    """An instance, and how it is going to run.

    Attributes:
        auth: The instance.
        workers: How many processes serve it.
    """

    auth: Auth[Any]
    workers: int = 1

    @property
    def settings(self) -> Settings:
        """The instance's options."""
        return self.auth.blueprint.settings

    @property
    def plan(self) -> Plan:
        """What follows from them."""
        return self.auth.blueprint.plan

    @property
    def host(self) -> str | None:
        """The host where the instance is reached, where that is one host."""
        return None if self.plan.base is None else urlsplit(self.plan.base.origin).hostname

    @property
    def local(self) -> bool:
        """Whether only this machine reaches it: what is said about networks does not apply."""
        return self.host in LOCAL


Check: TypeAlias = Callable[[Subject], Iterable[Finding]]


def problem(check: str, told: str, remedy: str) -> Finding:
    """Something that fails or is unsafe."""
    return Finding("problem", check, told, remedy)


def warning(check: str, told: str, remedy: str) -> Finding:
    """Something that is going to fail in circumstances that are likely."""
    return Finding("warning", check, told, remedy)


def note(check: str, told: str, remedy: str) -> Finding:
    """Something worth knowing."""
    return Finding("note", check, told, remedy)
