"""The habits of every group of options: frozen, closed, snake_case here and the contract's names by alias.

Not the options themselves. Plugins build theirs on :class:`Options` too. Source: contract, options.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    GetCoreSchemaHandler,
    SecretStr,
    StrictBool,
    Tag,
    ValidationError,
)
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from gatewright.wire.faults import ConfigError
from gatewright.wire.names import camel

__all__ = (
    "FLAG",
    "FUNCTION",
    "LIST",
    "OPTIONS",
    "TEXT",
    "Called",
    "Either",
    "Flag",
    "Options",
    "Seconds",
    "SecretText",
    "Texts",
    "Whole",
    "default",
    "describe",
    "load",
)

T = TypeVar("T")
O = TypeVar("O", bound="Options")  # noqa: E741 (read as a type, not as a digit)

LONGEST = 10_000_000_000
"""Most seconds of any duration: beyond it a date no longer fits a ``datetime``."""


class Options(BaseModel):
    """A group of options.

    Snake-case names and the contract's camel-case names are both taken; a name that is neither is refused. Made alone,
    a group that does not fit raises pydantic's ``ValidationError``; ``Settings`` and :func:`load` raise ``ConfigError``.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=camel,
        populate_by_name=True,
        arbitrary_types_allowed=True,
        protected_namespaces=(),
        # What was given is not echoed: it may be a secret.
        hide_input_in_errors=True,
    )


# Values --------------------------------------------------------------------------------------------------------------

Flag: TypeAlias = StrictBool
"""A boolean and nothing that looks like one: the text ``"false"`` must not turn a protection on or off."""


def _whole(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")  # noqa: TRY004 (validators raise ValueError)
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError("must be a whole number")
        return int(value)
    return value


def _bounded(value: int) -> int:
    if value > LONGEST:
        raise ValueError(f"must be at most {LONGEST} seconds")
    return value


Whole: TypeAlias = Annotated[int, BeforeValidator(_whole)]
"""A whole number; ``60.0`` is one, ``"60"`` and ``True`` are not."""

Seconds: TypeAlias = Annotated[int, BeforeValidator(_whole), AfterValidator(_bounded)]
"""A duration in whole seconds."""

if TYPE_CHECKING:

    class SecretText:
        """A secret that may be absent: given as text, kept as ``SecretStr``, masked wherever it is printed."""

        def __get__(self, instance: object, owner: object) -> SecretStr | None: ...
        def __set__(self, instance: object, value: str | SecretStr | None) -> None: ...

    class Texts:
        """Some texts: given as any sequence, kept as a tuple."""

        def __get__(self, instance: object, owner: object) -> tuple[str, ...]: ...
        def __set__(self, instance: object, value: Sequence[str]) -> None: ...

else:
    SecretText = SecretStr | None
    Texts = Annotated[Sequence[str], AfterValidator(tuple)]


def default(value: object) -> Any:
    """The default of an option whose declared type is how it is read and not how it is given."""
    return value


class _Function:
    """Any callable; its signature is the type checker's business, and is never looked at when options are read."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.callable_schema()


Called: TypeAlias = Annotated[T, _Function()]
"""A function of the application's own, typed by a Protocol of :mod:`gatewright.settings.callbacks`."""

# Options that take one of several kinds of value. Tags start with "~", so that messages can leave them out of paths.
FUNCTION, FLAG, TEXT, LIST, OPTIONS = (Tag(f"~{kind}") for kind in ("function", "boolean", "text", "list", "options"))


def _kind(value: object) -> str:
    if isinstance(value, BaseModel | Mapping):
        return "~options"
    if isinstance(value, str):
        return "~text"
    if isinstance(value, bool):
        return "~boolean"
    if isinstance(value, Sequence):
        return "~list"
    return "~function" if callable(value) else "~value"


Either = Discriminator(_kind)
"""Tells the members of a union apart by what kind of value was given; each member carries one of the tags above."""


# Messages ------------------------------------------------------------------------------------------------------------


def load(options_type: type[O], given: Mapping[str, object] | O) -> O:
    """Options from a mapping in either spelling.

    Raises:
        ConfigError: An option does not exist or does not fit; the message names each by its path and never its value.
    """
    try:
        return options_type.model_validate(given)
    except ValidationError as error:
        raise ConfigError(describe(error)) from None


def describe(error: ValidationError) -> str:
    """What is wrong with options, one clause for each: path, colon, reason. Never a value."""
    return "; ".join(map(_clause, error.errors(include_url=False, include_input=False)))


def _clause(detail: ErrorDetails) -> str:
    key = bool(detail["loc"]) and detail["loc"][-1] == "[key]"
    path = ""
    for step in detail["loc"][:-1] if key else detail["loc"]:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not step.startswith("~"):
            path += f".{step}" if path else step
    reason = _reason(detail, key=key)
    return f"{path}: {reason}" if path else reason


def _reason(detail: ErrorDetails, *, key: bool) -> str:
    context: Mapping[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return "unknown option"
        case "value_error":
            return str(context["error"])
        case "literal_error" if key:
            return f"unknown; expected one of {context['expected']}"
        case "union_tag_invalid":
            kinds = str(context["expected_tags"]).replace("'~", "").replace("'", "").split(", ")
            return f"must be {' or '.join(kinds)}"
        case _:
            message = detail["msg"]
            return message[:1].lower() + message[1:]
