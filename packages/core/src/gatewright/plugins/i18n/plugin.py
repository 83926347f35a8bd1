"""The i18n plugin: options and what it does to refusals."""

from __future__ import annotations

from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.i18n.locale import find_locale
from gatewright.plugins.i18n.options import I18nOptions
from gatewright.settings.hooks import HookContext
from gatewright.wire.calls import Api
from gatewright.wire.faults import ApiError, ConfigError

__all__ = ("I18n",)


class I18n(Plugin[Api]):
    """Says refusals in the visitor's language; the contract's message goes along as ``originalMessage``.

    Raises:
        ConfigError: ``callback`` is to be asked, but there is none.
    """

    id = "i18n"
    api_type = Api

    def __init__(self, options: I18nOptions) -> None:
        if "callback" in options.detection and options.get_locale is None:
            raise ConfigError("i18n: detection asks the callback, but get_locale is not set")
        self.options = options

    def parts(self) -> Parts:
        """Looks at every refusal."""
        return Parts(refusals=(self._translate,))

    async def _translate(self, context: HookContext, error: ApiError) -> ApiError | None:
        if error.code is None:
            return None
        options = self.options
        if not any(error.code in texts for texts in options.translations.values()):
            return None
        text = options.translations.get(await find_locale(options, context), {}).get(error.code)
        return None if text is None else error.reworded(text, original=error.message)
