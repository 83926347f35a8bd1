"""Finding out a visitor's locale; pure but for the application's own choice.

Source: RFC 4647 §3.4 (lookup) for locales with a region or a script, which the contract never finds by header; contract,
options.json ``i18n``, for languages. Asked of a running server: letters of a language are compared exactly, equal weights
keep their order and a weight that cannot be read is 1.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping

from gatewright.http.cookies import parse
from gatewright.plugins.i18n.options import Detection, GetLocale, I18nOptions
from gatewright.settings.hooks import HookContext

__all__ = ("find_locale", "from_accept_language")

_MOST_RANGES = 100


async def find_locale(options: I18nOptions, context: HookContext) -> str:
    """The locale for a refused call: the first that is found and has translations, or the default."""
    known = options.translations
    for way in options.detection:
        found = await _by(way, options, context)
        if found is not None and found in known:
            return found
    return options.default_locale


def from_accept_language(header: str, known: Collection[str]) -> str | None:
    """The known locale that ``Accept-Language`` likes best, or ``None``."""
    ranges = [_weighted(part) for part in header.split(",")[:_MOST_RANGES]]
    ranges.sort(key=lambda each: -each[1])
    narrow = {locale.lower(): locale for locale in known if "-" in locale}
    for tag, _ in ranges:
        found = _looked_up(tag, narrow) if narrow else None
        language = tag.partition("-")[0]
        if found is not None or language in known:
            return found or language
    return None


def _looked_up(tag: str, narrow: Mapping[str, str]) -> str | None:
    """The longest known beginning of a range that is more than a language."""
    parts = tag.lower().split("-")
    while len(parts) > 1:
        found = narrow.get("-".join(parts))
        if found is not None:
            return found
        parts.pop()
        if len(parts[-1]) == 1:
            parts.pop()  # §3.4: a single letter begins a group, and means nothing at an end
    return None


def _weighted(part: str) -> tuple[str, float]:
    name, _, parameters = part.partition(";")
    tag = name.strip()
    key, _, value = parameters.partition("=")
    if key.strip() != "q":
        return tag, 1.0
    try:
        weight = float(value)
    except ValueError:
        return tag, 1.0
    return tag, weight if weight == weight else 1.0  # noqa: PLR0124 (not a number is unequal to itself)


async def _by(way: Detection, options: I18nOptions, context: HookContext) -> str | None:
    match way:
        case "header":
            return from_accept_language(context.headers.get("accept-language", ""), options.translations)
        case "cookie":
            return parse(context.headers.get("cookie", "")).get(options.locale_cookie)
        case "session":
            return _of_user(options.user_locale_field, context)
        case "callback":
            return await _asked(options.get_locale, context)


def _of_user(field: str, context: HookContext) -> str | None:
    if context.user is None:
        return None
    value = context.user.get(field)
    return value if isinstance(value, str) else None


async def _asked(get_locale: GetLocale | None, context: HookContext) -> str | None:
    if get_locale is None:
        return None
    answer = get_locale(context)
    return await answer if inspect.isawaitable(answer) else answer
