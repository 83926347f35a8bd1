"""Options of one-time values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import Field, SkipValidation

from gatewright.settings.base import Options
from gatewright.settings.fields import ModelOptions

__all__ = ("IdentifierHash", "IdentifierStorage", "VerificationOptions")


class IdentifierHash(Options):
    """A hash of the application's own for identifiers."""

    hash: SkipValidation[Callable[[str], Any]]


class IdentifierStorage(Options):
    """How identifiers are stored, by their prefix."""

    default: Literal["plain", "hashed"] | IdentifierHash = "plain"
    overrides: Mapping[str, Literal["plain", "hashed"] | IdentifierHash] = Field(default_factory=dict)


class VerificationOptions(ModelOptions):
    """The verification table."""

    disable_cleanup: bool = False
    store_identifier: Literal["plain", "hashed"] | IdentifierHash | IdentifierStorage = "plain"
    store_in_database: bool = False
