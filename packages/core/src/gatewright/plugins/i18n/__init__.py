"""Error messages in the visitor's language; codes stay as they are.

Upstream counterpart: ``i18n``. Source: contract, plugins.json and options.json; RFC 9110 §12.5.4 (``Accept-Language``).
No operations, no tables; looks at refusals only. Ready-made translations of common codes are in ``locales``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.i18n.options import I18nOptions as I18nOptions
    from gatewright.plugins.i18n.plugin import I18n as I18n

__all__ = (
    "I18n",
    "I18nOptions",
)

__getattr__ = lazily(
    __name__,
    {
        "I18n": "plugin",
        "I18nOptions": "options",
    },
)
