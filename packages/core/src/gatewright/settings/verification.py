"""Options of one-time values. Source: contract, options.json ``verification``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from gatewright.settings.base import Called, Flag, Options
from gatewright.settings.callbacks import IdentifierHasher
from gatewright.settings.fields import ModelOptions

__all__ = ("IdentifierHash", "IdentifierStorage", "StoredAs", "VerificationOptions")


class IdentifierHash(Options):
    """A hash of the application's own for identifiers.

    It must keep different identifiers apart, prefixes included: values of one address, or of one token, whose identifiers
    become equal stand in for each other.
    """

    hash: Called[IdentifierHasher]


def _form(value: object) -> str:
    if isinstance(value, IdentifierHash):
        return "~hash"
    if isinstance(value, IdentifierStorage):
        return "~storage"
    if isinstance(value, Mapping):
        return "~storage" if "default" in value or "overrides" in value else "~hash"
    return "~text"


_Plain: TypeAlias = Annotated[Literal["plain", "hashed"], Tag("~text")]
_Hash: TypeAlias = Annotated[IdentifierHash, Tag("~hash")]

StoredAs: TypeAlias = Annotated[
    _Plain | _Hash, Discriminator(lambda value: "~text" if isinstance(value, str) else "~hash")
]
"""How an identifier is stored: as it is, under SHA-256, or under a hash of the application's own."""


class IdentifierStorage(Options):
    """How identifiers are stored, by their prefix."""

    default: StoredAs = "plain"
    overrides: Mapping[str, StoredAs] = Field(default_factory=dict[str, StoredAs])


class VerificationOptions(ModelOptions):
    """The verification table."""

    disable_cleanup: Flag = False
    store_identifier: Annotated[
        _Plain | _Hash | Annotated[IdentifierStorage, Tag("~storage")], Discriminator(_form)
    ] = "plain"
    store_in_database: Flag = False
