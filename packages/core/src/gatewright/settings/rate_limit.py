"""Options of rate limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import Field, SkipValidation

from gatewright.settings.base import Options
from gatewright.settings.fields import ModelOptions

__all__ = ("CustomStorage", "LimitOptions", "RateLimitOptions")


class LimitOptions(Options):
    """At most ``max`` requests in ``window`` seconds."""

    window: int = Field(gt=0)
    max: int = Field(ge=0)


class CustomStorage(Options):
    """Counters of the application's own."""

    consume: SkipValidation[Callable[..., Any]]


class RateLimitOptions(ModelOptions):
    """Rate limits; ``enabled`` follows ``Settings.production`` unless set."""

    enabled: bool | None = None
    window: int = Field(default=10, gt=0)
    max: int = Field(default=100, ge=0)
    custom_rules: Mapping[str, LimitOptions | Literal[False] | SkipValidation[Callable[..., Any]]] = Field(
        default_factory=dict
    )
    storage: Literal["memory", "database", "secondary-storage"] | None = None
    custom_storage: CustomStorage | None = None
