"""Options of rate limits. Source: contract, options.json ``rateLimit``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import Field, model_validator

from gatewright.settings.base import FLAG, FUNCTION, OPTIONS, Called, Either, Flag, Options, Seconds, Whole
from gatewright.settings.callbacks import Consume, CustomRule
from gatewright.settings.fields import ModelOptions

__all__ = ("AccountLimits", "CustomStorage", "LimitOptions", "RateLimitOptions", "Rule")


class LimitOptions(Options):
    """At most ``max`` requests in ``window`` seconds."""

    window: Seconds = Field(gt=0)
    max: Whole = Field(ge=0)


class CustomStorage(Options):
    """Counters of the application's own: a mapping with ``consume``, or any object that has it."""

    consume: Called[Consume]

    @model_validator(mode="before")
    @classmethod
    def _from_object(cls, given: object) -> object:
        consume = getattr(given, "consume", None)
        if callable(consume) and not isinstance(given, Mapping | Options):
            return {"consume": consume}
        return cast("Any", given)


Rule: TypeAlias = Annotated[
    Annotated[LimitOptions, OPTIONS] | Annotated[Literal[False], FLAG] | Annotated[Called[CustomRule], FUNCTION], Either
]
"""The limit of some paths: a limit, ``False`` for none, or a function that chooses."""


class AccountLimits(Options):
    """Limits by the account or address that requests are about, whoever sends them."""

    passwords: LimitOptions = LimitOptions(window=3600, max=100)
    """Wrong passwords in a row for one account (NIST SP 800-63B-4 §3.2.2)."""
    messages: LimitOptions = LimitOptions(window=3600, max=20)
    """Messages to one address or number."""


class RateLimitOptions(ModelOptions):
    """Rate limits; ``enabled`` follows ``Settings.production`` unless set."""

    enabled: Flag | None = None
    window: Seconds = Field(default=10, gt=0)
    max: Whole = Field(default=100, ge=0)
    custom_rules: Mapping[str, Rule] = Field(default_factory=dict[str, Rule])
    """By path; ``*`` stands for any text without a slash, a piece ``**`` for any number of pieces, the first that matches counts.
    ``False`` is no limit."""
    storage: Literal["memory", "database", "secondary-storage"] | None = None
    custom_storage: CustomStorage | None = None
    per_account: Annotated[Annotated[AccountLimits, OPTIONS] | Annotated[Literal[False], FLAG], Either] = (
        AccountLimits()
    )
    """Limits by target beside those by the caller's address; ``False`` for none."""
