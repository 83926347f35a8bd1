"""The one tap plugin: options and parts."""

from __future__ import annotations

from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.one_tap.api import OneTapApi
from gatewright.plugins.one_tap.options import OneTapOptions

__all__ = ("OneTap",)


class OneTap(Plugin[OneTapApi]):
    """Signing in with Google's own dialogue on the page."""

    id = "one-tap"
    api_type = OneTapApi

    def __init__(self, options: OneTapOptions | None = None) -> None:
        self.options = options or OneTapOptions()

    def parts(self) -> Parts:
        """One operation."""
        # The handler asks for this class.
        from gatewright.plugins.one_tap.endpoints import ALL  # noqa: PLC0415

        return Parts(endpoints=ALL)
