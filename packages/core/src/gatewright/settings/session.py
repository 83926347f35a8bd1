"""Options of sessions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SkipValidation

from gatewright.settings.base import Options
from gatewright.settings.callbacks import VersionFunction
from gatewright.settings.fields import ModelOptions

__all__ = ("CookieCache", "RefreshCache", "SessionOptions")


class RefreshCache(Options):
    """Re-issuing the cached session without a store; ``update_age`` is the remaining seconds that lead to it."""

    update_age: int | None = None


class CookieCache(Options):
    """A short-lived copy of session and user in a cookie. ``max_age`` is seconds."""

    enabled: bool = False
    max_age: int | None = Field(default=None, gt=0)
    strategy: Literal["compact", "jwt", "jwe"] = "compact"
    refresh_cache: bool | RefreshCache = False
    version: str | SkipValidation[VersionFunction] = "1"


class SessionOptions(ModelOptions):
    """The session table and how long sessions last. Durations are seconds."""

    expires_in: int = Field(default=604800, gt=0)
    update_age: int = Field(default=86400, ge=0)
    disable_session_refresh: bool = False
    defer_session_refresh: bool = False
    store_session_in_database: bool = False
    preserve_session_in_database: bool = False
    cookie_cache: CookieCache | None = None
    fresh_age: int = Field(default=86400, ge=0)
