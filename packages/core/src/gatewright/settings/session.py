"""Options of sessions. Source: contract, options.json ``session``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AliasChoices, Field

from gatewright.settings.base import FLAG, FUNCTION, OPTIONS, TEXT, Called, Either, Flag, Options, Seconds
from gatewright.settings.callbacks import VersionFunction
from gatewright.settings.fields import ModelOptions

__all__ = ("CookieCache", "RefreshCache", "SessionOptions")


class RefreshCache(Options):
    """Re-issuing the cached session without a store; ``update_age`` is the remaining seconds that lead to it."""

    update_age: Seconds | None = Field(default=None, ge=0)


class CookieCache(Options):
    """A short-lived copy of session and user in a cookie. ``max_age`` is seconds.

    Without a store, the copy is all there is: see :func:`gatewright.settings.derived.session_copy`.
    """

    enabled: Flag = False
    max_age: Seconds | None = Field(default=None, gt=0)
    # Older documents call it "encoding".
    strategy: Literal["compact", "jwt", "jwe"] = Field(
        default="compact", validation_alias=AliasChoices("strategy", "encoding"), serialization_alias="strategy"
    )
    refresh_cache: Annotated[Annotated[Flag, FLAG] | Annotated[RefreshCache, OPTIONS], Either] = False
    version: Annotated[Annotated[str, TEXT] | Annotated[Called[VersionFunction], FUNCTION], Either] = "1"


class SessionOptions(ModelOptions):
    """The session table and how long sessions last. Durations are seconds."""

    expires_in: Seconds = Field(default=604800, gt=0)
    update_age: Seconds = Field(default=86400, ge=0)
    disable_session_refresh: Flag = False
    defer_session_refresh: Flag = False
    store_session_in_database: Flag = False
    preserve_session_in_database: Flag = False
    cookie_cache: CookieCache | None = None
    fresh_age: Seconds = Field(default=86400, ge=0)
    """How long after signing in sensitive operations are open; 0 does not ask."""
    fresh_from: Literal["creation", "activity"] = "creation"
    """From when ``fresh_age`` counts: since signing in (contract), or since the session was last extended or changed.
    Using a session extends it once per ``update_age``, so that activity is noticed that late at most."""
