"""Options of the i18n plugin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, TypeAlias

from pydantic import Field

from gatewright.settings.base import Called, Options
from gatewright.settings.hooks import HookContext

__all__ = ("Detection", "GetLocale", "I18nOptions")

Detection: TypeAlias = Literal["header", "cookie", "session", "callback"]
"""Where a locale is looked for."""

GetLocale: TypeAlias = Callable[[HookContext], "Awaitable[str | None] | str | None"]
"""The application's own choice of a locale for a refused call."""


class I18nOptions(Options):
    """Which messages there are, and how a visitor's locale is found out.

    Attributes:
        translations: Text by error code, by locale. A code without a text keeps the contract's message.
        default_locale: Used where no other is found.
        detection: Asked in order; the first that finds a locale with translations decides.
        locale_cookie: The cookie that ``cookie`` reads.
        user_locale_field: The column of the user that ``session`` reads, by wire name.
        get_locale: What ``callback`` asks.
    """

    translations: Mapping[str, Mapping[str, str]] = Field(min_length=1)
    default_locale: str = "en"
    detection: tuple[Detection, ...] = ("header",)
    locale_cookie: str = "locale"
    user_locale_field: str = "locale"
    get_locale: Called[GetLocale] | None = None
