"""Results and forms of input that several operations of the organization plugin share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from gatewright.wire.result import Result
from gatewright.wire.text import Text

__all__ = ("Answer", "Document", "Filter", "Loose", "Permission")

Loose: TypeAlias = Annotated[str, Text(loose=True)]
"""An identifier: numbers are taken for text."""

Filter: TypeAlias = Literal[
    "eq", "ne", "lt", "lte", "gt", "gte", "in", "not_in", "contains", "starts_with", "ends_with"
]
"""How a filter compares."""

Document: TypeAlias = Mapping[str, Any]
"""A JSON object."""


class Answer(Result):
    """What was done, in words."""

    message: str


class Permission(Result):
    """Whether it is allowed."""

    error: None = None
    success: bool
