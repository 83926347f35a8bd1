"""Options of the username plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

from pydantic import Field

from gatewright.settings.base import Called, Flag, Options, Whole
from gatewright.settings.fields import TableNames

__all__ = ("UsernameOptions", "ValidationOrder")

Order = Literal["pre-normalization", "post-normalization"]


class ValidationOrder(Options):
    """Whether a name is checked as it was sent or as it will be stored."""

    username: Order = "pre-normalization"
    display_username: Order = "pre-normalization"


class UsernameOptions(Options):
    """What a name may look like.

    Attributes:
        min_username_length, max_username_length: In characters.
        username_validator, display_username_validator: Whether a name is fine; by default names of letters, digits,
            ``_`` and ``.`` are, and every display name is.
        username_normalization: The form in which names are stored and compared, by default lower case; ``False`` leaves
            them. Applied twice it must give the same.
        display_username_normalization: The same for display names, by default left as they are.
        immutable_username: A name stays once it is set.
        display_username: Keep the name as it was spelled.
        schema: Names in the database.
    """

    min_username_length: Whole = Field(default=3, ge=1)
    max_username_length: Whole = Field(default=30, ge=1)
    username_validator: Called[Callable[[str], Awaitable[bool] | bool]] | None = None
    display_username_validator: Called[Callable[[str], Awaitable[bool] | bool]] | None = None
    username_normalization: Literal[False] | Called[Callable[[str], str]] | None = None
    display_username_normalization: Literal[False] | Called[Callable[[str], str]] | None = None
    validation_order: ValidationOrder = Field(default_factory=ValidationOrder)
    immutable_username: Flag = False
    display_username: Flag = True
    schema_: Mapping[str, TableNames] = Field(default_factory=dict[str, TableNames], alias="schema")
