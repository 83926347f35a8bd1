"""Options of the last login method plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pydantic import Field

from gatewright.settings.base import Called, Flag, Options, Seconds
from gatewright.settings.hooks import HookContext

__all__ = ("LastLoginMethodOptions", "LastLoginMethodSchema", "LastLoginMethodUser")


class LastLoginMethodUser(Options):
    """``last_login_method`` is the column's name in the database."""

    last_login_method: str | None = None


class LastLoginMethodSchema(Options):
    """Names in the database."""

    user: LastLoginMethodUser = Field(default_factory=LastLoginMethodUser)


class LastLoginMethodOptions(Options):
    """What is remembered, and where.

    Attributes:
        cookie_name: The cookie's whole name: it gets no prefix.
        max_age: How long the browser keeps it.
        custom_resolve_method: The way in which a call signs in; ``None`` leaves it to the plugin.
        store_in_database: Keep it with the user as well.
        before_store_cookie: Whether the cookie may be set, given the call and the way, as for those who ask visitors first.
        schema: Names in the database.
    """

    cookie_name: str = Field(default="better-auth.last_used_login_method", pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
    max_age: Seconds = Field(default=30 * 24 * 60 * 60, ge=1)
    custom_resolve_method: Called[Callable[[HookContext], Awaitable[str | None] | str | None]] | None = None
    store_in_database: Flag = False
    before_store_cookie: Called[Callable[[HookContext, str], Awaitable[bool] | bool]] | None = None
    schema_: LastLoginMethodSchema = Field(default_factory=LastLoginMethodSchema, alias="schema")
