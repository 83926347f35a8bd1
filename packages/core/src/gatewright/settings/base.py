"""The habits of every group of options: frozen, closed, snake_case here and the contract's names by alias."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from gatewright.wire.names import camel

__all__ = ("Options",)


class Options(BaseModel):
    """A group of options. An option that does not exist is refused, with its path."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=camel,
        populate_by_name=True,
        arbitrary_types_allowed=True,
        # Input is configuration: what was given must not be echoed, it may be a secret.
        hide_input_in_errors=True,
    )
