"""One tap: sign in with the ID token that Google's own dialogue hands to the page, without leaving it.

Upstream counterpart: ``one-tap``. Source: contract, plugins.json. Operation: take the token. No tables.
"""

from gatewright.plugins.one_tap.api import OneTapApi
from gatewright.plugins.one_tap.options import OneTapOptions
from gatewright.plugins.one_tap.plugin import OneTap

__all__ = ("OneTap", "OneTapApi", "OneTapOptions")
